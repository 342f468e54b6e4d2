//! The question machine on one page: every edge there is.

use crate::domain::machine::transitions;

transitions! { typed;
    born Open;

    Open => Answered  on Answer,
    Open => Cancelled on Cancel,
    Open => Expired   on Expire,
    Open => Closed    on Close,
}
