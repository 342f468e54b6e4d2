//! The sprint-run machine on one page: every edge there is.

use crate::domain::machine::transitions;

transitions! { typed;
    born Queued;

    Queued  => Running   on ClaimFirst,
    Queued  => Failed    on Fail,
    Queued  => Done      on Complete,
    Queued  => Cancelled on Cancel,

    Running => Paused    on Pause,
    Running => Failed    on Fail,
    Running => Done      on Complete,
    Running => Cancelled on Cancel,

    Paused  => Running   on Resume,
    Paused  => Failed    on Fail,
    Paused  => Done      on Complete,
    Paused  => Cancelled on Cancel | Supersede,
}
