//! The stored form of an attempt.

use super::state::{
    AnyAttempt, Attempt, Cancelled, Expired, Failed, Finished, Frozen, GivenBack, Held, Skipped,
};
use super::words::{Event, Status};
use crate::domain::id::JobId;
use crate::domain::machine::{self, Inconsistent, Reading, Stored};
use crate::domain::time::Timestamp;

/// What is stored of an attempt: what was frozen at claim, and the columns that its end writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The job.
    pub job: JobId,
    /// Its number.
    pub number: u32,
    /// Where it is.
    pub status: Status,
    /// What never changes after the claim.
    pub frozen: Frozen,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// A step with its types forgotten: all that one guarded UPDATE needs.
pub type Change = machine::Change<Row>;

impl Stored for Row {
    type Status = Status;
    type Event = Event;
}

impl From<Attempt<Held>> for Row {
    fn from(attempt: Attempt<Held>) -> Self {
        let Attempt { job, number, state: Held { frozen } } = attempt;
        Self { job, number, status: Status::Held, frozen, ended_at: None }
    }
}

macro_rules! ended {
    ($($state:ident),+) => {
        $(impl From<Attempt<$state>> for Row {
            fn from(attempt: Attempt<$state>) -> Self {
                let Attempt { job, number, state: $state { frozen, ended_at } } = attempt;
                Self { job, number, status: Status::$state, frozen, ended_at: Some(ended_at) }
            }
        })+

        impl TryFrom<Row> for AnyAttempt {
            type Error = Inconsistent;

            fn try_from(row: Row) -> Result<Self, Inconsistent> {
                let id = format!("{}/{}", row.job, row.number);
                let reading = Reading::new("attempt", &id, row.status);
                reading.fits(row.number > 0, "number")?;
                reading.fits((row.status == Status::Held) == row.ended_at.is_none(), "ended_at")?;
                let Row { job, number, status, frozen, ended_at } = row;
                Ok(match status {
                    Status::Held => Self::Held(Attempt { job, number, state: Held { frozen } }),
                    $(Status::$state => {
                        let ended_at = reading.need(ended_at, "ended_at")?;
                        Self::$state(Attempt { job, number, state: $state { frozen, ended_at } })
                    })+
                })
            }
        }
    };
}
ended!(Finished, Failed, GivenBack, Expired, Skipped, Cancelled);
