//! What is to be done outside of the database: taken under a lease, tried at least once by whoever can, and written
//! down by nobody but the try that runs.

mod abandoned;
mod at_forge;
mod auto_merge;
mod close_pr;
mod comment_pr;
mod conclude;
mod delete_branch;
mod drafts;
mod handler;
mod list;
mod merge_answer;
mod named;
mod open_pr;
mod people;
mod perform;
mod remove_worktree;
mod revert_pr;
mod send_salvage;
mod take;
mod tried;
mod withdraw_merge;

pub use handler::{Handler, Handlers, Outcome};
pub use perform::Performed;
pub(super) use remove_worktree::{worktree_goes, worktrees_go};
pub(super) use send_salvage::sending;
