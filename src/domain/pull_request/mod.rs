//! The pull-request machine, for a story (merged by itself when its checks pass) and for a sprint (a draft
//! made ready for people).
//!
#![doc = include_str!("../../../docs/transitions/pull_request.md")]
//!
//! The table goes on to the right; [in a picture](#in-a-picture) it can be seen whole.
//!
//! # What is known in which state
//!
//! | state | data |
//! |---|---|
//! | [`Unpublished`] | nothing |
//! | [`BranchPushed`] | the last commit that was pushed |
//! | every state with a pull request | [`Opened`]: its address, whether it is to be a draft, its last commit |
//! | [`ChecksFailed`], [`MergeConflictPaused`] | the forge's words, too |
//! | [`Merged`], [`Closed`] | when; the commit of the merge and the last one of what was merged, or by whom it was closed |
//!
//! # A life
//!
//! Every answer of the forge names the commit that it is about, and one about another commit than the last is
//! refused. What follows from a move at the forge is a list of [`asks`].
//!
//! ```
//! use sprintgate::domain::pull_request::{
//!     Ask, Change, Found, ForgeState, PullRequest, Refusal, Unpublished, asks,
//! };
//! use sprintgate::domain::{commit::CommitId, run::PrStrategy};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let (old, head) = (CommitId::new("a".repeat(40))?, CommitId::new("b".repeat(40))?);
//! let (id, branch) = ("publication-1".parse()?, "feat/story-1".parse()?);
//! let publication = PullRequest { id, strategy: PrStrategy::Story, branch, state: Unpublished };
//! let pushed = publication.push(old.clone())?.next().clone();
//! let (url, branch) = ("https://example.org/shop/pull/1".into(), "feat/story-1".into());
//! let found = Found { url, state: ForgeState::Open, draft: false, branch };
//! let opened = pushed.open(found)?.next().clone();
//! let opened = opened.push(head.clone())?.next().clone();
//!
//! // The story was judged at the commit before: nothing is merged.
//! let late = opened.clone().complete_story(&old);
//! assert_eq!(late, Err(Refusal::HeadMoved { yours: old, head: head.clone() }));
//!
//! // At its head it is, and the forge is asked for that commit alone.
//! let change: Change = opened.complete_story(&head)?.into();
//! let url = || "https://example.org/shop/pull/1".to_owned();
//! let merge = Ask::EnableAutoMerge { url: url(), expected_head: head };
//! assert_eq!(asks(&change), [Ask::MarkReady { url: url() }, merge]);
//! # Ok(())
//! # }
//! ```
//!
//! What was merged or closed takes no further commit; the branch then gets a publication of its own:
//!
//! ```compile_fail
//! # use sprintgate::domain::{commit::CommitId, pull_request::{Merged, PullRequest}};
//! # fn no_commit_on_what_was_merged(publication: PullRequest<Merged>, head: CommitId) {
//! let step = publication.push(head);
//! # }
//! ```
//!
//! # In a picture
//!
#![doc = include_str!("../../../docs/transitions/pull_request.svg")]

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
pub use groups::{Asked, Awaits, Mergeable, Open, Takes};
pub use moves::Found;
pub use refusal::Refusal;
pub use row::{Change, Row};
pub use state::{
    AnyPullRequest, AutoMergeEnabled, BranchPushed, ChecksFailed, Closed, DraftOpened, MergeConflictPaused,
    Merged, Opened, PrOpened, PullRequest, ReadyForReview, State, Step, Unpublished, WaitingForChecks,
};
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, ForgeState, MergeRefusal, Status};
