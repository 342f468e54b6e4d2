//! What is true in each state of the publication of a branch.

use super::words::{Event, Status};
use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::id::PullRequestId;
use crate::domain::machine::{self, states};
use crate::domain::run::PrStrategy;
use crate::domain::time::Timestamp;

/// The publication of one branch of one repository, in state `S`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequest<S> {
    /// Which publication.
    pub id: PullRequestId,
    /// How its run makes pull requests, frozen: STORY merges by itself, the others are for people.
    pub strategy: PrStrategy,
    /// The branch.
    pub branch: BranchName,
    /// What is true in this state.
    pub state: S,
}

/// A pull request at the forge, and the commit of it that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its address, for people.
    pub url: String,
    /// Whether the forge is to show a draft: as it was found, or was asked for since; people may have changed it there. A
    /// sprint's is one until the sprint is done; a story's may be one until the story is done.
    pub draft: bool,
    /// The last commit that was pushed.
    pub head: CommitId,
}

/// Nothing is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpublished;

/// The branch is published, without a pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BranchPushed {
    /// The last commit that was pushed.
    pub head: CommitId,
}

macro_rules! opened {
    ($($(#[$doc:meta])* $state:ident,)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $state {
            /// The pull request and its commit.
            pub pr: Opened,
        }
    )+};
}

opened! {
    /// The pull request of a story is open.
    PrOpened,
    /// The draft of a sprint is open.
    DraftOpened,
    /// The story is done; automatic merging was asked for at this head and no other.
    WaitingForChecks,
    /// The forge merges this head when its checks pass.
    AutoMergeEnabled,
    /// The sprint is done at this head; people review and merge.
    ReadyForReview,
}

/// A check failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChecksFailed {
    /// The pull request and the commit that failed.
    pub pr: Opened,
    /// The forge's words.
    pub reason: String,
}

/// It does not merge; the run waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeConflictPaused {
    /// The pull request and its commit.
    pub pr: Opened,
    /// The forge's words.
    pub reason: String,
}

/// Merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The pull request and the last commit that is known of it.
    pub pr: Opened,
    /// The commit that the merge made, which a revert undoes; none where the forge does not tell it.
    pub merge: Option<CommitId>,
    /// The last commit of what was merged, as the forge shows it; none where it does not. It may be another than the last
    /// one that is known: a person can push before the forge merges.
    pub merged_head: Option<CommitId>,
    /// When that was seen.
    pub finished_at: Timestamp,
}

/// Closed without a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// The pull request and its last commit.
    pub pr: Opened,
    /// By whom or why.
    pub reason: String,
    /// When that was seen.
    pub finished_at: Timestamp,
}

states! {
    PullRequest { id, strategy, branch }, AnyPullRequest:
    Unpublished, BranchPushed, PrOpened, DraftOpened, WaitingForChecks, AutoMergeEnabled, ReadyForReview,
    ChecksFailed, MergeConflictPaused, Merged, Closed
}

/// A state of this machine.
pub trait State: machine::State<Status = Status, Event = Event> {}
impl<S: machine::State<Status = Status, Event = Event>> State for S {}
