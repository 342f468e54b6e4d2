//! The words of the attempt machine: its states and events.

use crate::domain::machine::words;

words! {
    /// Where an attempt is.
    pub enum Status: "attempt status" {
        /// It holds its job.
        Held = "HELD",
        /// It finished the job.
        Finished = "FINISHED",
        /// The work failed.
        Failed = "FAILED",
        /// It was given back.
        GivenBack = "GIVEN_BACK",
        /// Its lease ran out.
        Expired = "EXPIRED",
        /// It found nothing to do.
        Skipped = "SKIPPED",
        /// Its job was cancelled.
        Cancelled = "CANCELLED",
    }
}

words! {
    /// What ends an attempt.
    pub enum Event: "attempt event" {
        /// Its job was finished.
        Finish = "finish",
        /// Its job failed.
        Fail = "fail",
        /// It was given back.
        Release = "release",
        /// Its lease ran out.
        Expire = "expire",
        /// It found nothing to do.
        Skip = "skip",
        /// Its job was cancelled.
        Cancel = "cancel",
    }
}
