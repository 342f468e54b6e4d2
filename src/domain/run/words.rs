//! The words of the sprint-run machine.

use crate::domain::machine::words;

words! {
    /// Where a sprint run is.
    pub enum Status: "sprint run status" {
        /// Started; no job of it was claimed yet.
        Queued = "QUEUED",
        /// Its jobs are being worked on.
        Running = "RUNNING",
        /// Waits for a person; its jobs are not claimable.
        Paused = "PAUSED",
        /// Every job ended well.
        Done = "DONE",
        /// A job failed.
        Failed = "FAILED",
        /// A person ended it.
        Cancelled = "CANCELLED",
    }
}

words! {
    /// What can happen to a sprint run.
    pub enum Event: "sprint run event" {
        /// Its first job is claimed.
        ClaimFirst = "claim_first",
        /// Something needs a person.
        Pause = "pause",
        /// A person lets it go on.
        Resume = "resume",
        /// Its last job ended, and all ended well.
        Complete = "complete",
        /// A job failed.
        Fail = "fail",
        /// A person ends it, or its last job ended cancelled.
        Cancel = "cancel",
        /// A new run takes the sprint on from where this one stopped.
        Supersede = "supersede",
    }
}

words! {
    /// How a run turns work into branches and pull requests; frozen when it starts.
    pub enum PrStrategy: "pull request strategy" {
        /// One branch and one pull request for the run.
        Sprint = "SPRINT",
        /// One branch and one pull request a story.
        Story = "STORY",
        /// One agent implements the whole sprint.
        SprintBatch = "SPRINT_BATCH",
    }
}

words! {
    /// Why a run waits for a person.
    pub enum PauseReason: "pause reason" {
        /// A pull request does not merge.
        MergeConflict = "MERGE_CONFLICT",
        /// The agent's quota is used up.
        QuotaDepleted = "QUOTA_DEPLETED",
    }
}

impl Status {
    /// Whether nothing can happen to it any more.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }

    /// Whether its jobs can be claimed.
    #[must_use]
    pub fn hands_out_jobs(self) -> bool {
        matches!(self, Self::Queued | Self::Running)
    }
}
