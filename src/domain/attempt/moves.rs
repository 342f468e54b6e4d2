//! How an attempt ends: with the move of its job, and in no other way. The endings themselves are private.

use super::refusal::Refusal;
use super::row::Change;
use super::state::{Attempt, Cancelled, Expired, Failed, Finished, GivenBack, Held, Skipped, Step};
use super::words::Event;
use crate::domain::job;
use crate::domain::time::Timestamp;

impl Attempt<Held> {
    /// Ends it as its job's move says; nothing when that move does not end attempts.
    ///
    /// # Errors
    /// [`Refusal::ForeignMove`] when another job moved, or this one in another attempt or in none.
    pub fn follow(self, moved: &job::Change, now: Timestamp) -> Result<Option<Change>, Refusal> {
        let (job, attempt) = (&moved.row().id, moved.attempt_before());
        if job != &self.job || attempt != self.number || !moved.before().is_held() {
            let (mine, moved) = (format!("{}/{}", self.job, self.number), format!("{job}/{attempt}"));
            return Err(Refusal::ForeignMove { mine, moved });
        }
        Ok(ended_by(moved.event()).map(|event| match event {
            Event::Finish => self.finish(now).into(),
            Event::Fail => self.fail(now).into(),
            Event::Release => self.release(now).into(),
            Event::Expire => self.expire(now).into(),
            Event::Skip => self.skip(now).into(),
            Event::Cancel => self.cancel(now).into(),
        }))
    }

    /// Ends it with its job's good end.
    fn finish(self, now: Timestamp) -> Step<Held, Finished> {
        self.step(Event::Finish, |Held { frozen }| Finished { frozen, ended_at: now })
    }

    /// Ends it because the work failed.
    fn fail(self, now: Timestamp) -> Step<Held, Failed> {
        self.step(Event::Fail, |Held { frozen }| Failed { frozen, ended_at: now })
    }

    /// Ends it because something outside of the work was missing.
    fn release(self, now: Timestamp) -> Step<Held, GivenBack> {
        self.step(Event::Release, |Held { frozen }| GivenBack { frozen, ended_at: now })
    }

    /// Ends it because its worker gave no sign of life.
    fn expire(self, now: Timestamp) -> Step<Held, Expired> {
        self.step(Event::Expire, |Held { frozen }| Expired { frozen, ended_at: now })
    }

    /// Ends it because there was nothing to do.
    fn skip(self, now: Timestamp) -> Step<Held, Skipped> {
        self.step(Event::Skip, |Held { frozen }| Skipped { frozen, ended_at: now })
    }

    /// Ends it because its job was cancelled.
    fn cancel(self, now: Timestamp) -> Step<Held, Cancelled> {
        self.step(Event::Cancel, |Held { frozen }| Cancelled { frozen, ended_at: now })
    }
}

/// What a job's move is to the attempt that holds the job; nothing for moves that begin or continue one.
#[must_use]
pub fn ended_by(event: job::Event) -> Option<Event> {
    match event {
        job::Event::Claim | job::Event::Start => None,
        job::Event::Finish => Some(Event::Finish),
        job::Event::Fail => Some(Event::Fail),
        job::Event::Release => Some(Event::Release),
        job::Event::Expire => Some(Event::Expire),
        job::Event::Skip => Some(Event::Skip),
        job::Event::Cancel => Some(Event::Cancel),
    }
}
