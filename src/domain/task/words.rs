//! The words of the task machine: its states and events.

use crate::domain::machine::words;

words! {
    /// Where a task is.
    pub enum Status: "task status" {
        /// Planned.
        ToDo = "TO_DO",
        /// Being worked on.
        InProgress = "IN_PROGRESS",
        /// Waits for a look.
        Review = "REVIEW",
        /// Done.
        Done = "DONE",
        /// Its job failed.
        Failed = "FAILED",
        /// Will not be done; counts as handled.
        Excluded = "EXCLUDED",
    }
}

words! {
    /// What can happen to a task.
    pub enum Event: "task event" {
        /// Work begins.
        Begin = "begin",
        /// Work stopped without a result.
        PutBack = "put_back",
        /// The work is to be looked at.
        Submit = "submit",
        /// It is done.
        Complete = "complete",
        /// It failed.
        Fail = "fail",
        /// It will not be done.
        Exclude = "exclude",
        /// It is to be done again.
        Reopen = "reopen",
    }
}
