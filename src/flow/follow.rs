//! What follows from a job's move, in the same transaction: its task, the roll-up, the cascade, the next job of its
//! branch and the end of its run.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::FlowError;
use super::cascade::sibling;
use super::effects::worktree_goes;
use super::follow_many::{Moved, apply_all};
use super::publish::branch_ended;
use super::roll_up::{raise, settle_run};
use super::undo::replan;
use super::worktrees::locks_go;
use crate::domain::actor::Actor;
use crate::domain::cascade::{self, Because, Step, Tie};
use crate::domain::id::{PbiId, RunId};
use crate::domain::job::{AnyJob, Change as JobChange, Status, Stop};
use crate::domain::machine::Word;
use crate::domain::time::Timestamp;
use crate::domain::{rollup, task};
use crate::forge::Forges;
use crate::store::{Change, JobRecord, Stamp, StoreError, Tx};

/// Open siblings that are read at a time.
const BATCH: u32 = 500;

/// Applies a job's move and everything that follows from it.
pub(super) async fn follow(
    tx: &mut dyn Tx,
    forges: &Forges,
    job: &JobRecord,
    change: JobChange,
    stamp: &Stamp,
) -> Result<(), FlowError> {
    let failed = (change.row().status == Status::Failed).then_some(change.row().end_cause).flatten();
    let error = failed.and(change.row().error.clone());
    // A job that goes on ends no run.
    let ends = change.after().is_terminal();
    let pbi = apply(tx, forges, job, change, stamp).await?;
    let mut at_once = false;
    let mut others = BTreeSet::new();
    if let (Some(cause), Some(pbi)) = (failed, &pbi) {
        let product = tx.product(&job.user, &job.product).await?;
        at_once = cascade::starts(cause, product.is_some_and(|p| p.cascade_on_infrastructure));
        if at_once {
            others = cascade_from(tx, forges, job, pbi).await?;
            let now = tx.now();
            replan(forges, tx, job, pbi, now).await?;
        }
    }
    // The backlog item's other stories may belong to other runs, which have lost jobs now.
    for run in others.iter().filter(|run| Some(*run) != job.run.as_ref()) {
        settle_run(tx, forges, run, false, job, None).await?;
    }
    if let (true, Some(run)) = (ends, &job.run) {
        settle_run(tx, forges, run, at_once, job, error.as_deref()).await?;
    }
    Ok(())
}

/// Applies a job's move, moves its task, rolls up, and lets the next job of its branch go on. Returns the backlog
/// item above it.
async fn apply(
    tx: &mut dyn Tx,
    forges: &Forges,
    job: &JobRecord,
    change: JobChange,
    stamp: &Stamp,
) -> Result<Option<PbiId>, FlowError> {
    let (event, to) = (change.event(), change.after());
    tx.apply(Change::Job(change.clone()), stamp).await?;
    worktree_goes(tx, job, &change, stamp).await?;
    locks_go(tx, job, &change).await?;
    let pbi = match &job.task {
        Some(id) => match tx.lineage_of_task(&job.user, id).await? {
            Some((status, mut above)) => {
                let row = task::Row { id: id.clone(), status };
                if let Some(follows) = task::follow(row, &change) {
                    let because = because(job, event.word());
                    let (before, after) = (follows.before(), follows.after());
                    tx.apply(Change::Task(follows), &because).await?;
                    if !rollup::weigh_the_same(before, after) {
                        above.picture.tasks.push(after);
                        raise(tx, forges, &above, &because).await?;
                    }
                }
                Some(above.pbi)
            }
            None => None,
        },
        None => None,
    };
    if let (true, Some(run), Some(repo), Some(branch)) =
        (to.is_terminal(), &job.run, &job.repo_url, &job.branch)
    {
        tx.ready_next(run, repo, branch).await?;
    }
    if let (Status::Failed | Status::Cancelled, Some(repo), Some(branch)) = (to, &job.repo_url, &job.branch) {
        branch_ended(forges, tx, repo, branch, &because(job, event.word())).await?;
    }
    Ok(pbi)
}

/// A stamp for what the system does because of a job's move.
pub(super) fn because(job: &JobRecord, event: &str) -> Stamp {
    Stamp { facts: json!({ "because": event, "job": job.row.id }), ..Stamp::of(Actor::System) }
}

/// Cancels the open siblings of a failed job, and returns their runs. What a cancelled sibling causes in turn is
/// roll-up only: a cascade starts no cascade.
async fn cascade_from(
    tx: &mut dyn Tx,
    forges: &Forges,
    failed: &JobRecord,
    pbi: &PbiId,
) -> Result<BTreeSet<RunId>, FlowError> {
    let mut runs = BTreeSet::new();
    loop {
        let of_pbi = tx.open_jobs_of_pbi(pbi, BATCH).await?;
        let of_run = match &failed.run {
            Some(run) => tx.open_jobs_of_run(run, BATCH).await?,
            None => Vec::new(),
        };
        let of_pbi = of_pbi.iter().map(|job| sibling(job, Tie { item: true, run: false }));
        let of_run = of_run.iter().map(|job| sibling(job, Tie { item: false, run: true }));
        let siblings: Vec<_> = of_pbi.chain(of_run).collect();
        let plan = cascade::plan(&sibling(failed, Tie::default()), &siblings);
        let cancels = plan.into_iter().filter_map(|planned| match planned.step {
            Step::Cancel { job, because, .. } => Some((job, because)),
            _ => None,
        });
        let cancels: Vec<_> = cancels.collect();
        if cancels.is_empty() {
            return Ok(runs);
        }
        let mut stops = BTreeMap::new();
        for (id, why) in cancels {
            let stop = match why {
                Because::SameBacklogItem => Stop::by_cascade(failed.row.id.clone()),
                Because::SameRun => Stop::by_run(
                    Some(failed.row.id.clone()),
                    format!("job {} of the same sprint run failed", failed.row.id),
                ),
            };
            stops.insert(id, stop);
        }
        let ids = Vec::from_iter(stops.keys().cloned());
        let (now, mut moved) = (tx.now(), Vec::with_capacity(ids.len()));
        for job in tx.jobs_by_id(&ids).await? {
            let Some(stop) = stops.remove(&job.row.id) else { continue };
            runs.extend(job.run.clone());
            moved.push(Moved { change: cancelled(&job, stop, now)?, job, stamp: because(failed, "cascade") });
        }
        if let Some(id) = stops.into_keys().next() {
            return Err(vanished(&id).into());
        }
        apply_all(tx, forges, &moved).await?;
    }
}

fn vanished(id: &crate::domain::id::JobId) -> StoreError {
    StoreError::Inconsistent { what: format!("job {id} vanished within a transaction") }
}

/// Cancels one job, with what follows for its task; the caller settles the run.
pub(super) async fn cancel(
    tx: &mut dyn Tx,
    forges: &Forges,
    job: &JobRecord,
    stop: Stop,
    stamp: &Stamp,
) -> Result<(), FlowError> {
    let change = cancelled(job, stop, tx.now())?;
    apply(tx, forges, job, change, stamp).await.map(drop)
}

/// The cancellation of a job that has not ended.
fn cancelled(job: &JobRecord, stop: Stop, now: Timestamp) -> Result<JobChange, FlowError> {
    match any(job)? {
        AnyJob::Queued(queued) => Ok(queued.cancel(stop, now).into()),
        AnyJob::Claimed(claimed) => Ok(claimed.cancel(stop, now).into()),
        AnyJob::Running(running) => Ok(running.cancel(stop, now).into()),
        AnyJob::Done(_) | AnyJob::Failed(_) | AnyJob::Cancelled(_) => {
            Err(FlowError::Ended { job: job.row.id.to_string(), status: job.row.status })
        }
    }
}

/// The typed job of a record.
pub(super) fn any(job: &JobRecord) -> Result<AnyJob, StoreError> {
    AnyJob::try_from(job.row.clone()).map_err(|bad| StoreError::Inconsistent { what: bad.to_string() })
}
