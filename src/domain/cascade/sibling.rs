//! What is known of a job when a cascade is planned: its row, as locked.

use serde::{Deserialize, Serialize};

use crate::domain::branch::BranchName;
use crate::domain::id::JobId;
use crate::domain::job::Status;
use crate::domain::pull_request;
use crate::domain::remote::RemoteUrl;

/// A job: the failed one, or one that a failure may concern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sibling {
    /// Which.
    pub job: JobId,
    /// Where it is.
    pub status: Status,
    /// Its last attempt; 0 when it was never claimed.
    pub attempt: u32,
    /// That attempt's worker has not stopped: it holds the job, or was told to stop and has not confirmed it.
    pub held: bool,
    /// What it has in common with the failed job; of no meaning for the failed job itself.
    pub tie: Tie,
    /// The repository it works on.
    pub repo: Option<RemoteUrl>,
    /// The branch it works on.
    pub branch: Option<BranchName>,
    /// The pull requests from its branch, as they are recorded.
    pub prs: Vec<PullRequest>,
}

/// What a job has in common with the failed one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tie {
    /// The backlog item.
    pub item: bool,
    /// The sprint run.
    pub run: bool,
}

/// A pull request, as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequest {
    /// Its address.
    pub url: String,
    /// Where it is.
    pub state: PrState,
}

/// Where a pull request is, as far as a cascade asks. Of two rows that disagree the later in this order counts: one
/// that was closed may have been opened again, and a merge is for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PrState {
    /// Nobody has asked the forge.
    Unknown,
    /// Closed without a merge.
    Closed,
    /// It can be merged.
    Open,
    /// Merged.
    Merged,
}

impl PrState {
    /// Where the pull request of a publication is; none when none was opened.
    #[must_use]
    pub fn of(status: pull_request::Status) -> Option<Self> {
        use pull_request::Status as Is;
        match status {
            Is::Unpublished | Is::BranchPushed => None,
            Is::PrOpened
            | Is::DraftOpened
            | Is::WaitingForChecks
            | Is::AutoMergeEnabled
            | Is::ReadyForReview
            | Is::ChecksFailed
            | Is::MergeConflictPaused => Some(Self::Open),
            Is::Merged => Some(Self::Merged),
            Is::Closed => Some(Self::Closed),
        }
    }
}

impl Sibling {
    /// Whether the failure concerns it.
    pub(super) fn is_tied(&self) -> bool {
        self.tie.item || self.tie.run
    }

    /// Whether it goes on working on its branch.
    pub(super) fn goes_on(&self) -> bool {
        !self.status.is_terminal() && !self.is_tied()
    }

    /// Whether it is cancelled by this cascade, or was by anybody before.
    pub(super) fn is_stopped(&self) -> bool {
        self.is_tied() && (!self.status.is_terminal() || self.status == Status::Cancelled)
    }
}
