//! The ledger, for those who check it: bound by checkpoints, verified, replayed, followed and handed out.

mod bound;
mod bundle;
mod checkpoint;
mod export;
mod findings;
mod history;
mod replay;
mod tables;
mod tail;
mod verify;

pub use tail::Tail;
pub(super) use verify::verify;
