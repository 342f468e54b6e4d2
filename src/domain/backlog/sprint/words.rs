//! The words of the sprint machine: its states and events.

use crate::domain::machine::words;

words! {
    /// Where a sprint is.
    pub enum Status: "sprint status" {
        /// Is being worked on, or will be.
        Open = "OPEN",
        /// All its stories are done.
        Closed = "CLOSED",
        /// Put away by a person; never derived again.
        Archived = "ARCHIVED",
        /// A story of it failed.
        Failed = "FAILED",
    }
}

words! {
    /// What can happen to a sprint.
    pub enum Event: "sprint event" {
        /// Its stories changed.
        Derive = "derive",
        /// A person puts it away.
        Archive = "archive",
    }
}
