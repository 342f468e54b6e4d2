//! The words of the product-backlog-item machine: its states and events.

use crate::domain::machine::words;

words! {
    /// Where a backlog item is.
    pub enum Status: "backlog item status" {
        /// Can be worked on.
        Ready = "READY",
        /// A person holds it back; never derived away.
        Blocked = "BLOCKED",
        /// A story of it failed.
        Failed = "FAILED",
        /// All its stories are done.
        Done = "DONE",
    }
}

words! {
    /// What can happen to a backlog item.
    pub enum Event: "backlog item event" {
        /// Its stories changed.
        Derive = "derive",
        /// A person holds it back.
        Block = "block",
        /// A person lets it go on.
        Unblock = "unblock",
    }
}
