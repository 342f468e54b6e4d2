//! The attempt machine on one page: every edge there is.

use crate::domain::machine::transitions;

transitions! { typed;
    born Held;

    Held => Finished  on Finish,
    Held => Failed    on Fail,
    Held => GivenBack on Release,
    Held => Expired   on Expire,
    Held => Skipped   on Skip,
    Held => Cancelled on Cancel,
}
