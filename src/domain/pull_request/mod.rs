//! The pull-request machine, for a story (merged by itself when its checks pass) and for a sprint (a draft made ready
//! for people).
//!
//! Every answer of the forge names the commit that it is about, and one about another commit than the last is refused.
//! What was merged or closed takes no further commit; the branch then gets a publication of its own:
//!
//! ```compile_fail
//! # use sprintgate::domain::{commit::CommitId, pull_request::{Merged, PullRequest}};
//! # fn no_commit_on_what_was_merged(publication: PullRequest<Merged>, head: CommitId) {
//! let step = publication.push(head);
//! # }
//! ```
#![doc = include_str!("../../../docs/transitions/pull_request.md")]

mod asks;
mod clauses;
mod groups;
mod moves;
mod parse;
mod refusal;
mod row;
mod state;
mod table;
mod words;

pub use asks::{Ask, asks};
pub use clauses::CLAUSES;
pub use groups::{Awaits, Mergeable, Open, Takes};
pub use moves::Found;
pub use refusal::Refusal;
pub use row::{Change, Row};
pub use state::{
    AnyPullRequest, AutoMergeEnabled, BranchPushed, ChecksFailed, Closed, DraftOpened, MergeConflictPaused,
    Merged, Opened, PrOpened, PullRequest, ReadyForReview, State, Step, Unpublished, WaitingForChecks,
};
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, ForgeState, MergeRefusal, Status};
