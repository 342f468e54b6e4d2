//! Story, backlog item, sprint and run, derived again from what lies beneath them, in the transaction that changed it.

use serde_json::json;

use super::FlowError;
use crate::domain::actor::Actor;
use crate::domain::backlog::story;
use crate::domain::id::{RunId, StoryId, TaskId, UserId};
use crate::domain::job;
use crate::domain::rollup;
use crate::domain::run::{self, AnyRun, Run, Verdict};
use crate::domain::time::Timestamp;
use crate::store::{Change, JobFilter, JobRecord, Stamp, StoreError, Tx};

/// Stands in a failed run whose failed job left no words.
const NO_REASON: &str = "a job of the run failed";

/// How a story changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rolled {
    pub(super) from: story::Status,
    pub(super) to: story::Status,
}

/// Derives a story and everything above it.
pub(super) async fn roll_up(
    tx: &mut dyn Tx,
    user: &UserId,
    id: &StoryId,
    because: &Stamp,
) -> Result<Option<Rolled>, FlowError> {
    let Some(story) = tx.story(user, id).await? else { return Ok(None) };
    let tasks = tx.task_statuses(id).await?;
    let shift = rollup::story(story.status, &tasks, story.sprint.is_some());
    if let Some(shift) = shift {
        tx.apply(Change::Story { id: id.clone(), shift }, because).await?;
    }
    let stories = tx.story_statuses_of_pbi(&story.pbi).await?;
    if let Some(now) = tx.pbi_status(&story.pbi).await?
        && let Some(shift) = rollup::pbi(now, &stories)
    {
        tx.apply(Change::Pbi { id: story.pbi.clone(), shift }, because).await?;
    }
    if let Some(sprint) = &story.sprint {
        let stories = tx.story_statuses_of_sprint(sprint).await?;
        if let Some(sprint) = tx.sprint(user, sprint).await?
            && let Some(shift) = rollup::sprint(sprint.status, &stories)
        {
            tx.apply(Change::Sprint { id: sprint.id, shift }, because).await?;
        }
    }
    Ok(shift.map(|shift| Rolled { from: shift.from(), to: shift.to() }))
}

/// Ends a run whose jobs have all ended, or at once when a failure cascaded. `error` is what `job` failed with, if it
/// did; else a failed run names the job that failed before.
pub(super) async fn settle_run(
    tx: &mut dyn Tx,
    id: &RunId,
    at_once: bool,
    job: &JobRecord,
    error: Option<&str>,
) -> Result<(), FlowError> {
    let Some(record) = tx.run(id).await? else { return Ok(()) };
    if record.row.status.is_terminal() {
        return Ok(());
    }
    let verdict = run::settle(tx.tally(id).await?, at_once);
    let now = tx.now();
    let (reason, task) = match (verdict, error) {
        (Verdict::Fail, None) => failed_before(tx, id, job).await?,
        (_, error) => (error.unwrap_or(NO_REASON).to_owned(), job.task.clone()),
    };
    let any =
        AnyRun::try_from(record.row).map_err(|bad| StoreError::Inconsistent { what: bad.to_string() })?;
    let end = End { verdict, reason: &reason, task, now };
    let change = match any {
        AnyRun::Queued(run) => end.of(run),
        AnyRun::Running(run) => end.of(run),
        AnyRun::Paused(run) => end.of(run),
        AnyRun::Done(_) | AnyRun::Failed(_) | AnyRun::Cancelled(_) => None,
    };
    if let Some(change) = change {
        let facts = json!({ "because": "last job or cascade", "job": job.row.id });
        let stamp = Stamp { facts, ..Stamp::of(Actor::System) };
        tx.apply(Change::Run(change), &stamp).await?;
    }
    Ok(())
}

/// What the run's failed job failed with, and its task.
async fn failed_before(
    tx: &mut dyn Tx,
    run: &RunId,
    job: &JobRecord,
) -> Result<(String, Option<TaskId>), FlowError> {
    let status = Some(job::Status::Failed);
    let filter = JobFilter { run: Some(run.clone()), status, limit: 1, ..JobFilter::default() };
    let failed = tx.jobs(&job.user, &filter).await?.into_iter().next();
    let (error, task) = failed.map(|failed| (failed.row.error, failed.task)).unwrap_or_default();
    Ok((error.unwrap_or_else(|| NO_REASON.to_owned()), task))
}

/// How a run is to end.
struct End<'a> {
    verdict: Verdict,
    reason: &'a str,
    task: Option<TaskId>,
    now: Timestamp,
}

impl End<'_> {
    fn of<S: run::Live>(self, live: Run<S>) -> Option<run::Change> {
        match self.verdict {
            Verdict::GoesOn => None,
            Verdict::Complete => Some(live.complete(self.now).into()),
            Verdict::Fail => Some(live.fail(self.reason, self.task, self.now).into()),
            Verdict::Cancel => Some(live.cancel(self.now).into()),
        }
    }
}
