//! The job machine on one page: every edge there is.

use crate::domain::machine::transitions;

transitions! { typed;
    born Queued;

    Queued  => Claimed   on Claim,
    Queued  => Cancelled on Cancel,

    Claimed => Running   on Start,
    Claimed => Queued    on Release | Expire,
    Claimed => Done      on Finish,
    Claimed => Failed    on Fail | Release | Expire,
    Claimed => Cancelled on Cancel | Skip,

    Running => Queued    on Release | Expire,
    Running => Done      on Finish,
    Running => Failed    on Fail | Release | Expire,
    Running => Cancelled on Cancel | Skip,
}
