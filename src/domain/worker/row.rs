//! The stored form of a worker's presence.

use super::state::{Absent, AnyWorker, Percent, Present, Quota, Worker};
use super::words::{Absence, Event, Status};
use crate::domain::id::{TokenId, WorkerId};
use crate::domain::machine::{self, Inconsistent, Reading, Stored};
use crate::domain::time::Timestamp;

/// What is stored of a worker process: every column that a move may change, and the two that name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The token it shows.
    pub token_id: TokenId,
    /// The process.
    pub instance_id: WorkerId,
    /// Whether it is there.
    pub status: Status,
    /// When it registered, the last time.
    pub started_at: Timestamp,
    /// Its last sign of life.
    pub last_seen_at: Timestamp,
    /// The quota that was left, in percent; only while PRESENT.
    pub last_quota_pct: Option<u8>,
    /// When that was looked up.
    pub last_quota_check_at: Option<Timestamp>,
    /// When it was known to be gone; set while ABSENT.
    pub absent_since: Option<Timestamp>,
    /// How it went; set while ABSENT.
    pub absent_how: Option<Absence>,
}

/// A step with its types forgotten: all that one guarded UPDATE needs.
pub type Change = machine::Change<Row>;

impl Stored for Row {
    type Status = Status;
    type Event = Event;
}

impl From<Worker<Present>> for Row {
    fn from(worker: Worker<Present>) -> Self {
        let Present { started_at, last_seen_at, quota } = worker.state;
        Self {
            token_id: worker.token,
            instance_id: worker.instance,
            status: Status::Present,
            started_at,
            last_seen_at,
            last_quota_pct: quota.map(|quota| quota.left.get()),
            last_quota_check_at: quota.map(|quota| quota.checked_at),
            absent_since: None,
            absent_how: None,
        }
    }
}

impl From<Worker<Absent>> for Row {
    fn from(worker: Worker<Absent>) -> Self {
        let Absent { started_at, last_seen_at, since, how } = worker.state;
        Self {
            token_id: worker.token,
            instance_id: worker.instance,
            status: Status::Absent,
            started_at,
            last_seen_at,
            last_quota_pct: None,
            last_quota_check_at: None,
            absent_since: Some(since),
            absent_how: Some(how),
        }
    }
}

impl TryFrom<Row> for AnyWorker {
    type Error = Inconsistent;

    fn try_from(row: Row) -> Result<Self, Inconsistent> {
        let reading = Reading::new("worker", row.instance_id.as_str(), row.status);
        let (started_at, last_seen_at) = (row.started_at, row.last_seen_at);
        reading.fits(started_at <= last_seen_at, "last_seen_at")?;
        match row.status {
            Status::Present => {
                reading.fits(row.absent_since.is_none(), "absent_since")?;
                reading.fits(row.absent_how.is_none(), "absent_how")?;
                let quota = quota(reading, row.last_quota_pct, row.last_quota_check_at)?;
                let state = Present { started_at, last_seen_at, quota };
                Ok(Self::Present(Worker { token: row.token_id, instance: row.instance_id, state }))
            }
            Status::Absent => {
                reading.fits(row.last_quota_pct.is_none(), "last_quota_pct")?;
                reading.fits(row.last_quota_check_at.is_none(), "last_quota_check_at")?;
                let since = reading.need(row.absent_since, "absent_since")?;
                let how = reading.need(row.absent_how, "absent_how")?;
                let state = Absent { started_at, last_seen_at, since, how };
                Ok(Self::Absent(Worker { token: row.token_id, instance: row.instance_id, state }))
            }
        }
    }
}

fn quota(
    reading: Reading<'_>,
    percent: Option<u8>,
    checked_at: Option<Timestamp>,
) -> Result<Option<Quota>, Inconsistent> {
    let Some(percent) = percent else {
        reading.fits(checked_at.is_none(), "last_quota_check_at")?;
        return Ok(None);
    };
    let left = reading.need(Percent::new(percent), "last_quota_pct")?;
    Ok(Some(Quota { left, checked_at: reading.need(checked_at, "last_quota_check_at")? }))
}
