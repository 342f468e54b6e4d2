//! What is to be done outside of the database: taken under a lease, tried at least once by whoever can, and written
//! down by nobody but the try that runs.

mod abandoned;
mod conclude;
mod handler;
mod list;
mod people;
mod perform;
mod remove_worktree;
mod send_salvage;
mod take;
mod tried;

pub use handler::{Handler, Handlers, Outcome};
pub use perform::Performed;
pub(super) use remove_worktree::{worktree_goes, worktrees_go};
pub(super) use send_salvage::sending;
