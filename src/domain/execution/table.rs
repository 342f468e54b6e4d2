//! The task-execution machine on one page: every edge there is.

use crate::domain::machine::transitions;

transitions! { typed;
    born Pending;

    Pending => Running on Start,
    Pending => Skipped on Skip,

    Running => Done    on Finish,
    Running => Failed  on Fail,
    Running => Skipped on Skip,
    Running => Pending on PutBack,

    Failed  => Pending on PutBack,

    Skipped => Skipped on Waive,
    Skipped => Pending on PutBack,
}
