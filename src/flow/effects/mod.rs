//! What is to be done outside of the database: taken under a lease, tried at least once by whoever can, and written
//! down by nobody but the try that runs.

mod abandoned;
mod close_pr;
mod conclude;
mod delete_branch;
mod handler;
mod list;
mod named;
mod people;
mod perform;
mod remove_worktree;
mod revert_pr;
mod take;
mod tried;

pub use handler::{Handler, Handlers, Outcome};
pub use perform::Performed;
pub(super) use remove_worktree::{worktree_goes, worktrees_go};
