//! The words of the task-execution machine: its states and events.

use crate::domain::machine::words;

words! {
    /// Where a task of a sprint job is.
    pub enum Status: "task execution status" {
        /// Waits for its turn.
        Pending = "PENDING",
        /// The agent works on it.
        Running = "RUNNING",
        /// Done, with proof.
        Done = "DONE",
        /// The work failed.
        Failed = "FAILED",
        /// There was nothing to do.
        Skipped = "SKIPPED",
    }
}

words! {
    /// What can happen to a task of a sprint job.
    pub enum Event: "task execution event" {
        /// Its turn comes.
        Start = "start",
        /// The work passed the gate.
        Finish = "finish",
        /// The work failed.
        Fail = "fail",
        /// The agent found nothing to do.
        Skip = "skip",
        /// A person accepts that it was skipped.
        Waive = "waive",
        /// The job goes on in another attempt; what is not done is done again.
        PutBack = "put_back",
    }
}

impl Status {
    /// Whether the agent is through with it. Only DONE is for good: the others are done again by another attempt.
    #[must_use]
    pub fn is_ended(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Skipped)
    }
}
