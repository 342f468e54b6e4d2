//! The words of the effect machine: its states and events.

use crate::domain::machine::words;

words! {
    /// Where an effect is.
    pub enum Status: "effect status" {
        /// Waits for its first try.
        Pending = "PENDING",
        /// A process holds it and tries.
        Running = "RUNNING",
        /// A try failed; waits for the next.
        Retry = "RETRY",
        /// It was done.
        Done = "DONE",
        /// Nobody tries any more, until a person asks.
        GaveUp = "GAVE_UP",
    }
}

words! {
    /// What can happen to an effect.
    pub enum Event: "effect event" {
        /// A process takes it.
        Start = "start",
        /// It was done, or found done.
        Succeed = "succeed",
        /// The try failed in a way that another may not; the last try gives up.
        Fail = "fail",
        /// The try failed in a way that every other would.
        Refuse = "refuse",
        /// The process that held it gave no sign of life.
        Expire = "expire",
        /// A person asks for more tries.
        Again = "again",
        /// A person gives up on it.
        Dismiss = "dismiss",
    }
}
