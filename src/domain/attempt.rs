//! An attempt: one claim of one job, from the claim to whatever ended it. Its row is frozen at claim but for
//! its end, and its number fences every write.

use super::job;
use super::machine::words;

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

mod table {
    crate::domain::machine::transitions! {
        Held => Finished  on Finish,
        Held => Failed    on Fail,
        Held => GivenBack on Release,
        Held => Expired   on Expire,
        Held => Skipped   on Skip,
        Held => Cancelled on Cancel,
    }
}
pub use table::TRANSITIONS;

/// How a job's move ends the attempt that held it; nothing for moves that begin or continue one.
#[must_use]
pub fn ended_by(event: job::Event) -> Option<(Event, Status)> {
    match event {
        job::Event::Claim | job::Event::Start => None,
        job::Event::Finish => Some((Event::Finish, Status::Finished)),
        job::Event::Fail => Some((Event::Fail, Status::Failed)),
        job::Event::Release => Some((Event::Release, Status::GivenBack)),
        job::Event::Expire => Some((Event::Expire, Status::Expired)),
        job::Event::Skip => Some((Event::Skip, Status::Skipped)),
        job::Event::Cancel => Some((Event::Cancel, Status::Cancelled)),
    }
}
