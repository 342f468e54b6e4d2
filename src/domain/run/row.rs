//! The stored form of a sprint run.

use super::pause::Pause;
use super::state::{AnyRun, Cancelled, Done, Failed, Paused, Queued, Run, Running, State};
use super::words::{Event, Status};
use crate::domain::id::{RunId, TaskId};
use crate::domain::machine::{self, Inconsistent, Reading, Stored};
use crate::domain::time::Timestamp;

/// What the status-writing statement stores of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which run.
    pub id: RunId,
    /// Where it is.
    pub status: Status,
    /// When its first job was claimed.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Why it waits, while it does.
    pub pause: Option<Pause>,
    /// Why it failed.
    pub failure_reason: Option<String>,
    /// The task whose job failed.
    pub failed_task: Option<TaskId>,
}

/// A step with its types forgotten: all that one guarded UPDATE needs.
pub type Change = machine::Change<Row>;

impl Stored for Row {
    type Status = Status;
    type Event = Event;
}

fn bare<S: State>(run: &Run<S>) -> Row {
    Row {
        id: run.id.clone(),
        status: S::STATUS,
        started_at: None,
        finished_at: None,
        pause: None,
        failure_reason: None,
        failed_task: None,
    }
}

impl From<Run<Queued>> for Row {
    fn from(run: Run<Queued>) -> Self {
        bare(&run)
    }
}

impl From<Run<Running>> for Row {
    fn from(run: Run<Running>) -> Self {
        Self { started_at: Some(run.state.started_at), ..bare(&run) }
    }
}

impl From<Run<Paused>> for Row {
    fn from(run: Run<Paused>) -> Self {
        let row = bare(&run);
        Self { started_at: Some(run.state.started_at), pause: Some(run.state.pause), ..row }
    }
}

impl From<Run<Done>> for Row {
    fn from(run: Run<Done>) -> Self {
        Self { started_at: run.state.started_at, finished_at: Some(run.state.finished_at), ..bare(&run) }
    }
}

impl From<Run<Failed>> for Row {
    fn from(run: Run<Failed>) -> Self {
        let row = bare(&run);
        let Failed { started_at, finished_at, reason, failed_task } = run.state;
        Self { started_at, finished_at: Some(finished_at), failure_reason: Some(reason), failed_task, ..row }
    }
}

impl From<Run<Cancelled>> for Row {
    fn from(run: Run<Cancelled>) -> Self {
        Self { started_at: run.state.started_at, finished_at: Some(run.state.finished_at), ..bare(&run) }
    }
}

impl TryFrom<Row> for AnyRun {
    type Error = Inconsistent;

    fn try_from(row: Row) -> Result<Self, Inconsistent> {
        let reading = Reading::new("sprint run", row.id.as_str(), row.status);
        reading.fits(row.status.is_terminal() == row.finished_at.is_some(), "finished_at")?;
        reading.fits((row.status == Status::Paused) == row.pause.is_some(), "pause_context")?;
        reading.fits(row.status != Status::Queued || row.started_at.is_none(), "started_at")?;
        let failed = row.status == Status::Failed;
        reading.fits(failed == row.failure_reason.is_some(), "failure_reason")?;
        reading.fits(failed || row.failed_task.is_none(), "failed_task_id")?;
        let started = || reading.need(row.started_at, "started_at");
        let finished = || reading.need(row.finished_at, "finished_at");
        let id = row.id.clone();
        let started_at = row.started_at;
        Ok(match row.status {
            Status::Queued => Self::Queued(Run { id, state: Queued }),
            Status::Running => Self::Running(Run { id, state: Running { started_at: started()? } }),
            Status::Paused => {
                let pause = reading.need(row.pause.clone(), "pause_context")?;
                Self::Paused(Run { id, state: Paused { started_at: started()?, pause } })
            }
            Status::Done => Self::Done(Run { id, state: Done { started_at, finished_at: finished()? } }),
            Status::Failed => {
                let finished_at = finished()?;
                let reason = reading.need(row.failure_reason.clone(), "failure_reason")?;
                let failed_task = row.failed_task.clone();
                Self::Failed(Run { id, state: Failed { started_at, finished_at, reason, failed_task } })
            }
            Status::Cancelled => {
                Self::Cancelled(Run { id, state: Cancelled { started_at, finished_at: finished()? } })
            }
        })
    }
}
