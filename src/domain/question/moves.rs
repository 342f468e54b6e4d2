//! What can be done with an open question. No other state has a move: an end stays.

use super::refusal::Refusal;
use super::state::{Answered, Cancelled, Closed, Expired, Open, Question, Step};
use super::words::Event;
use crate::domain::actor::Actor;
use crate::domain::id::UserId;
use crate::domain::time::Timestamp;

/// Characters that an answer may have: as many as a question (`original` 3.14).
pub const ANSWER_MAX: usize = 4000;

impl Question<Open> {
    /// Answers it. The server keeps the time: an answer that comes too late is none, whether or not the question was
    /// marked expired by then.
    ///
    /// # Errors
    /// [`Refusal::NotAPerson`], [`Refusal::Over`], [`Refusal::BadLength`] or [`Refusal::NotAnOption`].
    pub fn answer(self, by: &Actor, answer: &str, now: Timestamp) -> Result<Step<Open, Answered>, Refusal> {
        let person = by.person().ok_or(Refusal::NotAPerson { kind: by.kind() })?;
        if self.is_over(now) {
            return Err(Refusal::Over { expired_at: self.asked.expires_at });
        }
        let answer = answer.trim();
        let found = answer.chars().count();
        if !(1..=ANSWER_MAX).contains(&found) {
            return Err(Refusal::BadLength { found, max: ANSWER_MAX });
        }
        if !self.asked.options.allow(answer) {
            return Err(Refusal::NotAnOption { options: self.asked.options.texts().to_vec() });
        }
        let answered = Answered { answer: answer.to_owned(), by: person.clone(), at: now };
        Ok(self.step(Event::Answer, |Open| answered))
    }

    /// Withdraws it.
    ///
    /// # Errors
    /// [`Refusal::NotTheAsker`] for anybody else than the user behind the token that asked.
    pub fn cancel(self, by: &UserId) -> Result<Step<Open, Cancelled>, Refusal> {
        if by != &self.asked.asked_by {
            return Err(Refusal::NotTheAsker { asked_by: self.asked.asked_by });
        }
        Ok(self.step(Event::Cancel, |Open| Cancelled))
    }

    /// Ends it because nobody answered in time.
    ///
    /// # Errors
    /// [`Refusal::Waits`] while it can be answered.
    pub fn expire(self, now: Timestamp) -> Result<Step<Open, Expired>, Refusal> {
        if !self.is_over(now) {
            return Err(Refusal::Waits { expires_at: self.asked.expires_at });
        }
        Ok(self.step(Event::Expire, |Open| Expired))
    }

    /// Ends it because what it was asked for was settled in another way, as when a paused run goes on.
    pub fn close(self) -> Step<Open, Closed> {
        self.step(Event::Close, |Open| Closed)
    }

    /// Whether the time for an answer is over.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        now > self.asked.expires_at
    }
}
