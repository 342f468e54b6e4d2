//! Story, backlog item, sprint and run, derived again from what lies beneath them, in the transaction that changed it.

use serde_json::json;

use super::FlowError;
use super::publish::{run_done, story_changed};
use crate::domain::actor::Actor;
use crate::domain::backlog::story;
use crate::domain::id::{RunId, StoryId, TaskId, UserId};
use crate::domain::job;
use crate::domain::rollup::{self, Rolled};
use crate::domain::run::{self, AnyRun, Run, Tally, Verdict};
use crate::domain::time::Timestamp;
use crate::forge::Forges;
use crate::store::{Change, JobFilter, JobRecord, Lineage, Stamp, StoreError, Tx};

/// Stands in a failed run whose failed job left no words.
const NO_REASON: &str = "a job of the run failed";

/// Derives a story and everything above it that is derived; the shift of the story, if it changed.
pub(super) async fn roll_up(
    tx: &mut dyn Tx,
    forges: &Forges,
    user: &UserId,
    id: &StoryId,
    because: &Stamp,
) -> Result<Option<story::Shift>, FlowError> {
    match tx.lineage(user, id).await? {
        Some(lineage) => raise(tx, forges, &lineage, because).await,
        None => Ok(None),
    }
}

/// The same, of what was read after the last change beneath the story. A run is settled apart, because a cascade comes
/// between.
pub(super) async fn raise(
    tx: &mut dyn Tx,
    forges: &Forges,
    lineage: &Lineage,
    because: &Stamp,
) -> Result<Option<story::Shift>, FlowError> {
    let mut changed = None;
    for rolled in rollup::roll_up(&lineage.picture) {
        let change = match (rolled, &lineage.sprint) {
            (Rolled::Story(shift), _) => {
                changed = Some(shift);
                Change::Story { id: lineage.story.clone(), shift }
            }
            (Rolled::Pbi(shift), _) => Change::Pbi { id: lineage.pbi.clone(), shift },
            (Rolled::Sprint(shift), Some(sprint)) => Change::Sprint { id: sprint.clone(), shift },
            // The picture has neither.
            (Rolled::Sprint(_), None) | (Rolled::Run(_), _) => continue,
        };
        tx.apply(change, because).await?;
    }
    let is_done = |status| status == story::Status::Done;
    if changed.is_some_and(|shift| is_done(shift.from()) || is_done(shift.to())) {
        story_changed(forges, tx, &lineage.story, because).await?;
    }
    Ok(changed)
}

/// Ends a run whose jobs have all ended, or at once when a failure cascaded. `error` is what `job` failed with, if it
/// did; else a failed run names the job that failed before.
pub(super) async fn settle_run(
    tx: &mut dyn Tx,
    forges: &Forges,
    id: &RunId,
    at_once: bool,
    job: &JobRecord,
    error: Option<&str>,
) -> Result<(), FlowError> {
    let Some((record, open)) = tx.run_and_open(id).await? else { return Ok(()) };
    if record.row.status.is_terminal() {
        return Ok(());
    }
    // One open job is as good as many; only the last one has them all counted.
    let tally = if open { Tally { open: 1, ..Tally::default() } } else { tx.tally(id).await? };
    let verdict = run::settle(tally, at_once);
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
        let done = change.after() == run::Status::Done;
        tx.apply(Change::Run(change), &stamp).await?;
        if done {
            run_done(forges, tx, id, &stamp).await?;
        }
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
