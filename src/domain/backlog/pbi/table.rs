//! The product-backlog-item machine on one page: every edge there is.

use crate::domain::machine::transitions;

transitions! {
    born Ready;

    Ready   => Failed  on Derive,
    Ready   => Done    on Derive,
    Ready   => Blocked on Block,
    Failed  => Ready   on Derive,
    Failed  => Done    on Derive,
    Failed  => Blocked on Block,
    Done    => Ready   on Derive,
    Done    => Failed  on Derive,
    Done    => Blocked on Block,
    Blocked => Ready   on Unblock,
}
