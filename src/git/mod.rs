//! Real repositories: the vaults that only the server writes, and the worktrees where attempts work.
//!
//! A [`Git`] is two folders and the git program. It makes the worktree of an attempt, takes the attempt's
//! commit into the vault of its remote, compares it there with the commit that work started from, publishes
//! it, and keeps what a worktree holds before it removes it. It imports [`domain`](crate::domain) for names
//! and facts, knows of no store, and does not decide what a job becomes.
//!
//! The promise: no command that has credentials runs with a folder, a config or a hook in reach that an agent
//! can write, and no work is lost with its worktree.
//!
//! Each attempt has a place of its own, so that a process which lost its attempt cannot write into its
//! successor's:
//!
//! ```
//! use sprintgate::git::{Place, redact};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let place = Place { job: "job-1".parse()?, attempt: 2 };
//! assert_eq!(place.folder(), "job-1-a2");
//! assert_eq!(Place::parse("job-1-a2"), Some(place.clone()));
//! assert_eq!(Place::parse("job-1-a02"), None);
//! assert_eq!(place.salvage_ref(), "refs/salvage/job-1/2");
//!
//! // What git says is shown without its secrets.
//! let said = redact("cannot read https://ann:secret@example.org/shop");
//! assert_eq!(said, "cannot read https://***@example.org/shop");
//! # Ok(())
//! # }
//! ```

mod beside;
mod blob;
mod cell;
mod classify;
mod command;
mod conflicts;
mod contents;
mod deep;
mod default_branch;
mod delete_branch;
mod diff;
mod disk;
mod drop_salvage;
mod erase;
mod error;
mod fixed;
mod found;
mod given;
mod inside;
mod keep_tip;
mod kept;
mod large;
mod lease;
mod lock;
mod look;
mod make;
mod merged;
mod naming;
mod notice;
mod outgoing;
mod output;
mod patience;
mod pipes;
mod place;
mod product_mark;
mod product_place;
mod product_tree;
mod publish;
mod push_report;
mod push_rules;
mod record;
mod redact;
mod remove;
mod repository;
mod restore;
mod revert;
mod rules;
mod salvage;
mod send;
mod send_salvage;
mod settings;
mod snapshot;
mod stale;
mod take;
mod target;
mod touched;
mod undo;
mod vault;

pub use conflicts::{FILES_MAX, Merging};
pub use contents::{Contents, KeptCommit, KeptFile};
pub use delete_branch::{DeleteAsk, Deleted};
pub use disk::{Size, Space};
pub use drop_salvage::Dropped;
pub use error::{ErrorClass, GitError};
pub use found::{Found, Oddity, Shelved};
pub use look::Look;
pub use make::{Worktree, WorktreeAsk};
pub use notice::Notice;
pub use place::Place;
pub use product_place::ProductPlace;
pub use product_tree::{ProductAsk, ProductHeld, ProductTree};
pub use publish::{PublishAsk, Published};
pub use redact::redact;
pub use remove::Removed;
pub use repository::{is_clone, is_clone_of};
pub use restore::{RestoreAsk, Restored};
pub use revert::{RevertAsk, Reverted};
pub use salvage::Salvaged;
pub use send::NotPushed;
pub use send_salvage::SentSalvage;
pub use settings::{Git, GitSettings};
pub use touched::Touched;
