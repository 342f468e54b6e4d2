//! The stored form of a sprint run.

use super::state::{Cancelled, Done, Failed, Paused, Queued, Run, Running, State};
use super::words::{PauseReason, Status};
use crate::domain::id::{RunId, TaskId};
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
    /// Why it waits.
    pub pause_reason: Option<PauseReason>,
    /// Why it failed.
    pub failure_reason: Option<String>,
    /// The task whose job failed.
    pub failed_task: Option<TaskId>,
}

/// A row that no move could have written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("sprint run {id} is {status} and its `{column}` does not fit")]
pub struct Inconsistent {
    /// Which run.
    pub id: RunId,
    /// The status it claims.
    pub status: Status,
    /// The column that does not fit.
    pub column: &'static str,
}

fn bare<S: State>(run: &Run<S>) -> Row {
    Row {
        id: run.id.clone(),
        status: S::STATUS,
        started_at: None,
        finished_at: None,
        pause_reason: None,
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
        let started_at = Some(run.state.started_at);
        Self { started_at, pause_reason: Some(run.state.reason), ..bare(&run) }
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

/// A run in whichever state its row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnyRun {
    /// Started.
    Queued(Run<Queued>),
    /// Being worked on.
    Running(Run<Running>),
    /// Waits for a person.
    Paused(Run<Paused>),
    /// Ended well.
    Done(Run<Done>),
    /// Ended badly.
    Failed(Run<Failed>),
    /// Ended without a result.
    Cancelled(Run<Cancelled>),
}

impl TryFrom<Row> for AnyRun {
    type Error = Inconsistent;

    fn try_from(row: Row) -> Result<Self, Inconsistent> {
        let misfit = |column| Inconsistent { id: row.id.clone(), status: row.status, column };
        if row.status.is_terminal() != row.finished_at.is_some() {
            return Err(misfit("finished_at"));
        }
        let started = || row.started_at.ok_or_else(|| misfit("started_at"));
        let finished = || row.finished_at.ok_or_else(|| misfit("finished_at"));
        let id = row.id.clone();
        let started_at = row.started_at;
        Ok(match row.status {
            Status::Queued => Self::Queued(Run { id, state: Queued }),
            Status::Running => Self::Running(Run { id, state: Running { started_at: started()? } }),
            Status::Paused => {
                let reason = row.pause_reason.ok_or_else(|| misfit("pause_context"))?;
                Self::Paused(Run { id, state: Paused { started_at: started()?, reason } })
            }
            Status::Done => Self::Done(Run { id, state: Done { started_at, finished_at: finished()? } }),
            Status::Failed => {
                let finished_at = finished()?;
                let reason = row.failure_reason.clone().ok_or_else(|| misfit("failure_reason"))?;
                let failed_task = row.failed_task.clone();
                Self::Failed(Run { id, state: Failed { started_at, finished_at, reason, failed_task } })
            }
            Status::Cancelled => {
                Self::Cancelled(Run { id, state: Cancelled { started_at, finished_at: finished()? } })
            }
        })
    }
}
