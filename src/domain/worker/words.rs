//! The words of the worker-presence machine: its states and events.

use crate::domain::machine::words;

words! {
    /// Whether a worker process is there.
    pub enum Status: "worker status" {
        /// It registered and gives signs of life.
        Present = "PRESENT",
        /// It said goodbye, or gave no sign of life.
        Absent = "ABSENT",
    }
}

words! {
    /// What can happen to a worker process.
    pub enum Event: "worker event" {
        /// It comes back.
        Register = "register",
        /// It says goodbye.
        Unregister = "unregister",
        /// It gave no sign of life for a minute.
        Prune = "prune",
    }
}

words! {
    /// How a worker process went.
    pub enum Absence: "absence" {
        /// It said goodbye.
        Unregistered = "unregistered",
        /// It gave no sign of life.
        Pruned = "pruned",
    }
}
