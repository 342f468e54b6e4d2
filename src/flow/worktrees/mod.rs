//! What lies on this machine's disk for attempts: whose it is, and whether it stays or goes. One judgement serves
//! whoever asks: the list shows it, a person's and an agent's clean-up carry it out, and so do the chores and the effect
//! that a cancelled attempt leaves.
//!
//! And whose turn it is in the worktrees that jobs about ideas share: locks in the database, taken all at once or not at
//! all, and freed with the job's own move.

mod clean;
mod clear;
mod error;
mod hold;
mod judge;
mod list;
mod products;
mod release;
mod stale;
mod view;

pub(super) use clear::Cleared;
pub use error::TreesError;
pub(super) use release::locks_go;
