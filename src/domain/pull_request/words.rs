//! The words of the pull-request machine: its states and events.

use crate::domain::machine::words;

words! {
    /// Where the publication of a branch is.
    pub enum Status: "pull request status" {
        /// Nothing is published.
        Unpublished = "NONE",
        /// The branch is published.
        BranchPushed = "BRANCH_PUSHED",
        /// The pull request of a story is open.
        PrOpened = "PR_OPENED",
        /// The draft of a sprint is open.
        DraftOpened = "DRAFT_OPENED",
        /// The story is done; automatic merging was asked for at this head.
        WaitingForChecks = "WAITING_FOR_CHECKS",
        /// The forge merges it when its checks pass.
        AutoMergeEnabled = "AUTO_MERGE_ENABLED",
        /// The sprint is done; people review and merge.
        ReadyForReview = "READY_FOR_REVIEW",
        /// A check failed.
        ChecksFailed = "CHECKS_FAILED",
        /// It does not merge; the run waits for a person.
        MergeConflictPaused = "MERGE_CONFLICT_PAUSED",
        /// Merged.
        Merged = "MERGED",
        /// Closed without a merge.
        Closed = "CLOSED",
    }
}

words! {
    /// What can happen to the publication of a branch.
    pub enum Event: "pull request event" {
        /// A commit is pushed to the branch.
        Push = "push",
        /// The branch is deleted from the remote.
        DeleteBranch = "delete_branch",
        /// The pull request of a story is opened or adopted.
        Open = "open",
        /// The draft of a sprint is opened or adopted.
        OpenDraft = "open_draft",
        /// The last task of the story is done.
        CompleteStory = "complete_story",
        /// The run of the sprint is done.
        CompleteSprint = "complete_sprint",
        /// The forge accepts to merge when the checks pass.
        AcceptMerge = "accept_merge",
        /// The story is not done any more, or a job works on its branch again.
        Withdraw = "withdraw",
        /// The forge reports a failed check.
        FailChecks = "fail_checks",
        /// The forge reports a conflict.
        Conflict = "conflict",
        /// A person lets the run go on.
        Resume = "resume",
        /// The forge reports the merge.
        Merge = "merge",
        /// It is closed without a merge, by a person or the cascade.
        Close = "close",
    }
}

words! {
    /// Where a pull request is at the forge.
    pub enum ForgeState: "pull request state" {
        /// It can be changed and merged.
        Open = "OPEN",
        /// It was merged.
        Merged = "MERGED",
        /// It was closed without a merge.
        Closed = "CLOSED",
    }
}

words! {
    /// Why a forge does not merge a pull request by itself (`original` 9.5).
    pub enum MergeRefusal: "merge refusal" {
        /// It does not merge with its base.
        MergeConflict = "MERGE_CONFLICT",
        /// A check that has to pass failed.
        ChecksFailed = "CHECKS_FAILED",
        /// The forge does not accept the token, or the token may not merge.
        GhAuthError = "GH_AUTH_ERROR",
        /// The repository does not allow automatic merging.
        AutoMergeNotAllowed = "AUTO_MERGE_NOT_ALLOWED",
        /// Anything else.
        Unknown = "UNKNOWN",
    }
}

impl MergeRefusal {
    /// What it does to the pull request; nothing for what says nothing of the work, which is reported to people and
    /// leaves everything as it is.
    #[must_use]
    pub fn event(self) -> Option<Event> {
        match self {
            Self::MergeConflict => Some(Event::Conflict),
            Self::ChecksFailed => Some(Event::FailChecks),
            Self::GhAuthError | Self::AutoMergeNotAllowed | Self::Unknown => None,
        }
    }
}

impl Status {
    /// Whether nothing can happen to it any more. A later commit on the branch gets a pull request of its own.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Merged | Self::Closed)
    }

    /// Whether the forge was asked to merge this head by itself, and may still do it: one whose check failed is merged
    /// when somebody has the check run again.
    #[must_use]
    pub fn is_asked(self) -> bool {
        matches!(self, Self::WaitingForChecks | Self::AutoMergeEnabled | Self::ChecksFailed)
    }

    /// Whether a pull request is open, as far as is known, so that a further commit goes into it.
    #[must_use]
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Unpublished | Self::BranchPushed | Self::Merged | Self::Closed)
    }
}
