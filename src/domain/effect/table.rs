//! The effect machine on one page: every edge there is.

use crate::domain::machine::transitions;

transitions! { typed;
    born Pending;

    Pending => Running on Start,
    Pending => GaveUp  on Dismiss,

    Retry   => Running on Start,
    Retry   => GaveUp  on Dismiss,

    Running => Done    on Succeed,
    Running => Retry   on Fail | Expire,
    Running => GaveUp  on Fail | Refuse | Expire,

    GaveUp  => Pending on Again,
}
