//! The words of the pull-request machine: its states and events.

use crate::domain::machine::words;

words! {
    /// Where the publication of a branch is.
    pub enum Status: "pull request status" {
        /// Nothing is published.
        None = "NONE",
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
