//! The stored form of a question.

use super::asked::{Asked, Options};
use super::state::{Answered, AnyQuestion, Cancelled, Closed, Expired, Open, Question, State};
use super::words::{Event, Status};
use crate::domain::id::{QuestionId, UserId};
use crate::domain::machine::{self, Inconsistent, Reading, Stored};
use crate::domain::time::Timestamp;

/// What is stored of a question: every column that a move may change, and those that its guards read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which question.
    pub id: QuestionId,
    /// Where it is.
    pub status: Status,
    /// Who asked.
    pub asked_by: UserId,
    /// The answers to choose from; empty when the answer is free.
    pub options: Vec<String>,
    /// The last moment at which it can be answered.
    pub expires_at: Timestamp,
    /// The answer; set once answered.
    pub answer: Option<String>,
    /// Who gave it; set once answered.
    pub answered_by: Option<UserId>,
    /// When; set once answered.
    pub answered_at: Option<Timestamp>,
}

/// A step with its types forgotten: all that one guarded UPDATE needs.
pub type Change = machine::Change<Row>;

impl Stored for Row {
    type Status = Status;
    type Event = Event;
}

fn bare<S: State>(question: Question<S>) -> (Row, S) {
    let Question { id, asked: Asked { asked_by, options, expires_at }, state } = question;
    let row = Row {
        id,
        status: S::STATUS,
        asked_by,
        options: options.into(),
        expires_at,
        answer: None,
        answered_by: None,
        answered_at: None,
    };
    (row, state)
}

impl From<Question<Open>> for Row {
    fn from(question: Question<Open>) -> Self {
        bare(question).0
    }
}

impl From<Question<Answered>> for Row {
    fn from(question: Question<Answered>) -> Self {
        let (row, Answered { answer, by, at }) = bare(question);
        Self { answer: Some(answer), answered_by: Some(by), answered_at: Some(at), ..row }
    }
}

impl From<Question<Cancelled>> for Row {
    fn from(question: Question<Cancelled>) -> Self {
        bare(question).0
    }
}

impl From<Question<Expired>> for Row {
    fn from(question: Question<Expired>) -> Self {
        bare(question).0
    }
}

impl From<Question<Closed>> for Row {
    fn from(question: Question<Closed>) -> Self {
        bare(question).0
    }
}

impl TryFrom<Row> for AnyQuestion {
    type Error = Inconsistent;

    fn try_from(row: Row) -> Result<Self, Inconsistent> {
        let reading = Reading::new("question", row.id.as_str(), row.status);
        let answered = row.status == Status::Answered;
        reading.fits(answered == row.answer.is_some(), "answer")?;
        reading.fits(answered == row.answered_by.is_some(), "answered_by")?;
        reading.fits(answered == row.answered_at.is_some(), "answered_at")?;
        let options = Options::new(row.options.clone()).map_err(|_| reading.misfit("options"))?;
        // What was asked had no white space around it.
        reading.fits(options.texts() == row.options, "options")?;
        let id = row.id.clone();
        let asked = Asked { asked_by: row.asked_by, options, expires_at: row.expires_at };
        Ok(match row.status {
            Status::Open => Self::Open(Question { id, asked, state: Open }),
            Status::Answered => {
                let answer = reading.need(row.answer, "answer")?;
                let by = reading.need(row.answered_by, "answered_by")?;
                let at = reading.need(row.answered_at, "answered_at")?;
                reading.fits(!answer.is_empty() && asked.options.allow(&answer), "answer")?;
                reading.fits(at <= asked.expires_at, "answered_at")?;
                Self::Answered(Question { id, asked, state: Answered { answer, by, at } })
            }
            Status::Cancelled => Self::Cancelled(Question { id, asked, state: Cancelled }),
            Status::Expired => Self::Expired(Question { id, asked, state: Expired }),
            Status::Closed => Self::Closed(Question { id, asked, state: Closed }),
        })
    }
}
