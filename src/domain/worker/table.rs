//! The worker-presence machine on one page: every edge there is.

use crate::domain::machine::transitions;

transitions! { typed;
    born Present;

    Present => Absent  on Unregister | Prune,
    Absent  => Present on Register,
}
