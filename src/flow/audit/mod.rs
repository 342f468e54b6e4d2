//! The ledger, for those who check it: bound by checkpoints, verified, replayed, followed and handed out.

mod archives;
mod bound;
pub(super) mod bundle;
mod checkpoint;
mod export;
pub(super) mod findings;
pub(super) mod history;
mod replay;
mod sealed;
mod tables;
mod tail;
mod verify;

pub use tail::Tail;
pub(super) use verify::verify;
