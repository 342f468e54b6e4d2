//! Story, product backlog item and sprint: machines whose status is derived from what lies beneath them, by
//! level and reversibly. Their one event is `derive` (and `archive` for a sprint, which a person fires).

/// The story machine.
pub mod story {
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
    mod table {
        crate::domain::machine::transitions! {
            Open     => InSprint on Derive,
            Open     => Done     on Derive,
            Open     => Failed   on Derive,
            InSprint => Open     on Derive,
            InSprint => Done     on Derive,
            InSprint => Failed   on Derive,
            Done     => Open     on Derive,
            Done     => InSprint on Derive,
            Done     => Failed   on Derive,
            Failed   => Open     on Derive,
            Failed   => InSprint on Derive,
            Failed   => Done     on Derive,
        }
    }
    pub use table::TRANSITIONS;
}

/// The product backlog item machine.
pub mod pbi {
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
    mod table {
        crate::domain::machine::transitions! {
            Ready   => Failed  on Derive,
            Ready   => Done    on Derive,
            Ready   => Blocked on Block,
            Failed  => Ready   on Derive,
            Failed  => Done    on Derive,
            Failed  => Blocked on Block,
            Done    => Ready   on Derive,
            Done    => Failed  on Derive,
            Done    => Blocked on Block,
            Blocked => Ready   on Unblock,
        }
    }
    pub use table::TRANSITIONS;
}

/// The sprint machine.
pub mod sprint {
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
    mod table {
        crate::domain::machine::transitions! {
            Open   => Closed   on Derive,
            Open   => Failed   on Derive,
            Open   => Archived on Archive,
            Closed => Open     on Derive,
            Closed => Failed   on Derive,
            Closed => Archived on Archive,
            Failed => Open     on Derive,
            Failed => Closed   on Derive,
            Failed => Archived on Archive,
        }
    }
    pub use table::TRANSITIONS;
}
