//! The words of the story machine: its states and events.

use crate::domain::machine::words;

words! {
    /// Where a story is.
    pub enum Status: "story status" {
        /// In the backlog.
        Open = "OPEN",
        /// Planned for a sprint.
        InSprint = "IN_SPRINT",
        /// All its tasks are handled.
        Done = "DONE",
        /// A task of it failed.
        Failed = "FAILED",
    }
}

words! {
    /// What can happen to a story.
    pub enum Event: "story event" {
        /// Its tasks or its sprint changed.
        Derive = "derive",
    }
}

impl Status {
    /// Whether there are stories, and all are done: what DONE and CLOSED mean above them.
    #[must_use]
    pub fn all_done(stories: &[Self]) -> bool {
        !stories.is_empty() && stories.iter().all(|story| *story == Self::Done)
    }
}
