//! Real repositories: the vaults that only the server writes, and the worktrees where attempts work.
//! No file here knows of the store or decides what a job becomes.

mod classify;
mod diff;
mod erase;
mod error;
mod fill;
mod lease;
mod lend;
mod lock;
mod look;
mod make;
mod naming;
mod output;
mod pipes;
mod place;
mod program;
mod publish;
mod push_report;
mod record;
mod redact;
mod remove;
mod repository;
mod salvage;
mod site;
mod snapshot;
mod stale;
mod take;
mod tie;
mod torn;
mod vault;

pub use error::{ErrorClass, GitError};
pub use look::Look;
pub use make::{Worktree, WorktreeAsk};
pub use place::{Found, Place};
pub use program::{Git, GitSettings};
pub use publish::{PublishAsk, Published};
pub use redact::redact;
pub use remove::Removed;
pub use repository::is_clone;
pub use salvage::Salvaged;
