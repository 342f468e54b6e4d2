//! The one statement that writes a status, for every machine. Nothing else in the program sets a `status` column
//! (a test reads the sources), and the tables' triggers refuse whoever tries.

use super::attempts;
use super::births;
use super::dialect::{given, lock, moment};
use super::entries::Entry;
use super::job_columns::{self, many_jobs, one_job, own_job};
use super::moved::{self, State, entry_first, from_entry, next_of_entry, state};
use super::outbox::{Told, Whose};
use super::seen::Seen;
use super::statement::statements;
use super::tx::{Bound, DbTx, News};
use super::values::{At, Document};
use crate::domain::attempt::{Attempt, Held};
use crate::domain::event::Payload;
use crate::domain::{attempt, job, run};
use crate::store::{Change, Stamp, StoreError};

use super::{effects, executions, ideas, pull_requests, questions, workers, worktrees};

/// The two statements of a machine: `before!` and `guarded!`.
#[derive(Clone, Copy)]
pub(super) struct Texts {
    /// Looks at the row as the decision saw it.
    pub(super) before: &'static str,
    /// Writes it.
    pub(super) guarded: &'static str,
}

/// The row as the decision saw it, with whom it concerns and the hash of its last ledger row.
macro_rules! before {
    ($machine:literal, $table:literal, whose $whose:literal $(, join $join:literal)? $(, fence $fence:literal)?) => {
        concat!(
            "SELECT e.ledger_seq, l.hash, ", $whose, " FROM ", $table, " e ", $($join, " ",)?
            "LEFT JOIN ledger l ",
            "ON l.machine = '", $machine, "' AND l.entity = e.id AND l.entity_seq = e.ledger_seq ",
            "WHERE e.id = $1 AND e.status = $2", $(" AND e.", $fence,)? lock!("e")
        )
    };
}

/// The guarded statement: $1 to, $2 event, $3 now, $4 id, $5 from (with the ledger's row and its event where the database
/// writes them in the same statement), $6 the fence of a machine that has one, then the machine's own columns.
macro_rules! guarded {
    ($table:literal $(, own $own:expr)? $(, fence $fence:literal)? $(, with $with:expr, said $said:literal)?) => {
        concat!(
            entry_first!(), $($with,)? "UPDATE ", $table, " SET status = $1, status_event = $2, ledger_seq = ledger_seq + 1, updated_at = $3",
            $(", ", $own,)?
            from_entry!(), " WHERE id = $4 AND status = ", state!("$5"), $(" AND ", $fence,)? next_of_entry!(),
            " RETURNING ledger_seq" $(, $said)?
        )
    };
}

/// The guarded statement for many rows, whose ledger's rows and events are written before it: $1 the rows, $2 now.
macro_rules! guarded_many {
    ($table:literal, own $own:expr, fence $fence:literal, of $($given:ident $kind:ident),* $(,)?) => {
        concat!(
            "UPDATE ", $table, " SET status = w.n_status, status_event = w.n_event, ledger_seq = ledger_seq + 1, ",
            "updated_at = $2", $own, " FROM ",
            given!(entity text, o_status text, o_fence number, n_status text, n_event text $(, $given $kind)*),
            " WHERE id = w.entity AND status = w.o_status", $fence, " RETURNING id"
        )
    };
}

/// The end of a job's attempt where one statement writes it with the job's move: $30 to, $31 the ledger's row and its
/// event, $32 event, $33 id, $34 when.
#[allow(unused_macros, reason = "not every database writes it so")]
macro_rules! attempt_ends {
    () => {
        concat!(
            "UPDATE attempts SET status = $30, status_event = $32, ledger_seq = ledger_seq + 1, updated_at = $3, ",
            "ended_at = $34", from_a_entry!(), " WHERE id = $33 AND status = (CAST($31 AS text[]))[1]",
            next_of_a_entry!(), " RETURNING 1"
        )
    };
}

#[allow(unused_imports, reason = "not every database writes it so")]
pub(super) use attempt_ends;
pub(super) use {before, guarded};

/// The key of a branch that is held.
const HELD_BRANCH: &str = "claude_jobs.repo_key, claude_jobs.branch";

statements! {
    JOB_BEFORE = before!("job", "claude_jobs",
        whose "e.user_id, e.product_id, e.task_id, e.idea_id, e.branch, e.pr_url",
        fence "attempt = $3");
    ATTEMPT_BEFORE = before!("attempt", "attempts",
        whose "j.user_id, j.product_id", join "LEFT JOIN claude_jobs j ON j.id = e.job_id");
    RUN_BEFORE = before!("sprint_run", "sprint_runs",
        whose "e.started_by_id AS user_id, s.product_id", join "LEFT JOIN sprints s ON s.id = e.sprint_id");
    TASK_BEFORE = before!("task", "tasks", whose "NULL AS user_id, e.product_id");
    STORY_BEFORE = before!("story", "stories", whose "NULL AS user_id, e.product_id");
    PBI_BEFORE = before!("pbi", "pbis", whose "NULL AS user_id, e.product_id");
    SPRINT_BEFORE = before!("sprint", "sprints", whose "NULL AS user_id, e.product_id");

    MOVE_JOB = guarded!("claude_jobs", own one_job!(), fence "attempt = $6");
    MOVE_ATTEMPT = guarded!("attempts", own "ended_at = $6");
    MOVE_RUN = guarded!("sprint_runs",
        own "started_at = $6, finished_at = $7, failure_reason = $8, failed_task_id = $9, \
        pause_context = $10");
    MOVE_TASK = guarded!("tasks");
    MOVE_STORY = guarded!("stories");
    MOVE_PBI = guarded!("pbis");
    // When it was closed lasts when it is put away.
    MOVE_SPRINT = guarded!("sprints",
        own "completed_at = CASE $1 WHEN 'CLOSED' THEN $3 WHEN 'ARCHIVED' THEN completed_at END");

    MOVE_JOBS = guarded_many!("claude_jobs", own concat!(", ", many_jobs!()), fence " AND attempt = w.o_fence",
        of n_attempt number, n_not_before number, n_token text, n_worker text, n_lease_until number,
        n_claimed_at number, n_started_at number, n_finished_at number, n_plan text, n_required text,
        n_verify_only truth, n_base text, n_result text, n_verified_sha text, n_verified_at number,
        n_head text, n_pushed_at number, n_end_cause text, n_caused_by text, n_waived_by text,
        n_waive_reason text, n_summary text, n_error text);
    MOVE_ATTEMPTS = guarded_many!("attempts", own concat!(", ended_at = ", moment!("w.n_ended_at")), fence "",
        of n_ended_at number);
    MOVE_TASKS = guarded_many!("tasks", own "", fence "", of);
}

/// Writes a decided change, and what follows from it inside the store.
pub(super) async fn apply(tx: &mut DbTx, change: &Change, stamp: &Stamp) -> Result<(), StoreError> {
    if opens(change) {
        tx.has(News::Opening);
    }
    if let Change::Job(job) = change {
        return write_job(tx, change, job, stamp).await;
    }
    write(tx, change, stamp).await?;
    match change {
        Change::Run(run) => super::readiness::follow_run(tx, run).await,
        Change::Worktree(worktree) => worktrees::follow(tx, worktree).await,
        Change::Effect(effect) => effects::follow(tx, effect).await,
        _ => Ok(()),
    }
}

/// Whether a job may be claimable now that was not before: this one, one behind it on its branch, or one of its run.
pub(super) fn opens(change: &Change) -> bool {
    match change {
        Change::Job(job) => !job.after().is_held(),
        Change::Run(_) => true,
        _ => false,
    }
}

/// Writes a job's move. The attempt that held it ends with the hold.
async fn write_job(
    tx: &mut DbTx,
    change: &Change,
    job: &job::Change,
    stamp: &Stamp,
) -> Result<(), StoreError> {
    if !job.before().is_held() || attempt::ended_by(job.event()).is_none() {
        return write(tx, change, stamp).await;
    }
    let Some(both) = moved::END_JOB else {
        write(tx, change, stamp).await?;
        return match ended(tx, job).await? {
            Some(attempt) => write(tx, &Change::Attempt(attempt), stamp).await,
            None => Ok(()),
        };
    };
    let state = noted(tx, change, stamp).await?;
    let Some(attempt) = ended(tx, job).await? else {
        let guarded = texts(change).guarded;
        let bound = bound(tx, guarded, change, state)?;
        return tx.moved(bound, "job").await;
    };
    let attempt = Change::Attempt(attempt);
    let (edge, of_attempt) = (attempt.edge(), noted(tx, &attempt, stamp).await?);
    let bound = bound(tx, both, change, state)?.bind(edge.to).bind(of_attempt).bind(edge.event);
    let ended_at = match &attempt {
        Change::Attempt(attempt) => attempt.row().ended_at,
        _ => None,
    };
    tx.moved_both(bound.bind(attempt.entity()).bind(ended_at.map(At))).await
}

/// Writes a claim's move, with the attempt that it makes.
pub(super) async fn claim(
    tx: &mut DbTx,
    change: &Change,
    attempt: &Attempt<Held>,
    stamp: &Stamp,
) -> Result<(), StoreError> {
    let Some(both) = moved::CLAIM_JOB else {
        write(tx, change, stamp).await.map_err(met)?;
        return attempts::add(tx, attempt, stamp).await;
    };
    let state = noted(tx, change, stamp).await?;
    let entity = format!("{}/{}", attempt.job, attempt.number);
    let born = moved::born(tx, &entity, &attempt.job, stamp).await?;
    let bound = bound(tx, both, change, state)?.bind(born);
    tx.moved_both(attempts::frozen(bound, attempt)).await.map_err(births::known("attempt")).map_err(met)
}

/// Of a claim that met another one on its branch, which was free a moment ago: asked again, it is held.
fn met(error: StoreError) -> StoreError {
    match error {
        StoreError::Duplicate { key } if key == HELD_BRANCH => {
            StoreError::Busy("another job of the branch was claimed at this moment".into())
        }
        other => other,
    }
}

/// The end of the attempt that held a job.
async fn ended(tx: &mut DbTx, job: &job::Change) -> Result<Option<attempt::Change>, StoreError> {
    let (id, number) = (&job.row().id, job.attempt_before());
    let held = attempts::held(tx, id, number)
        .await?
        .ok_or_else(|| StoreError::Inconsistent { what: format!("job {id} has no held attempt {number}") })?;
    let now = tx.time().0;
    held.follow(job, now).map_err(|foreign| StoreError::Inconsistent { what: foreign.to_string() })
}

pub(super) async fn write(tx: &mut DbTx, change: &Change, stamp: &Stamp) -> Result<(), StoreError> {
    let state = noted(tx, change, stamp).await?;
    let bound = bound(tx, texts(change).guarded, change, state)?;
    // The row was as expected a moment ago, under the same lock.
    tx.moved(bound, change.edge().machine).await
}

/// Looks whether the row is as the decision saw it, and notes the move: its ledger row and its event are written, or go
/// with what is given back to be bound.
async fn noted(tx: &mut DbTx, change: &Change, stamp: &Stamp) -> Result<State, StoreError> {
    let (edge, entity) = (change.edge(), change.entity());
    let lost = || StoreError::Lost { machine: edge.machine, entity: entity.clone(), expected: edge.from };
    let seen = match tx.recall(edge.machine, &entity) {
        Some(seen) if seen.fits(change) => seen,
        Some(_) => return Err(lost()),
        None => {
            let mut look = sqlx::query(texts(change).before).bind(&entity).bind(edge.from);
            if let Some(fence) = change.fence() {
                look = look.bind(i64::from(fence));
            }
            Seen::expected(change, &tx.one(look).await?.ok_or_else(lost)?)?
        }
    };
    let told = told(change, &seen);
    let entity_seq = seen.ledger_seq + 1;
    let prev_hash = seen.hash.or_else(|| cfg!(bench_bare).then(String::new));
    let prev_hash = prev_hash.ok_or_else(|| StoreError::Inconsistent {
        what: format!("{} {entity} has no ledger row", edge.machine),
    })?;

    let (from, event, to) = (Some(edge.from), edge.event, edge.to);
    let entry = Entry { machine: edge.machine, entity: &entity, entity_seq, from, event, to };
    moved::note(tx, entry, prev_hash, told, stamp).await
}

/// What every move binds, and the machine's own columns.
fn bound<'q>(
    tx: &DbTx,
    text: &'static str,
    change: &'q Change,
    state: State,
) -> Result<Bound<'q>, StoreError> {
    let edge = change.edge();
    let mut common =
        sqlx::query(text).bind(edge.to).bind(edge.event).bind(tx.time()).bind(change.entity()).bind(state);
    if let Some(fence) = change.fence() {
        common = common.bind(i64::from(fence));
    }
    Ok(match change {
        Change::Job(job) => job_columns::bound(common, job.row()),
        Change::Attempt(attempt) => common.bind(attempt.row().ended_at.map(At)),
        Change::Run(run) => of_run(common, run.row())?,
        Change::Execution(execution) => executions::own(common, execution.row()),
        Change::Idea(idea) => ideas::own(common, idea.row()),
        Change::Question(question) => questions::own(common, question.row()),
        Change::PullRequest(publication) => pull_requests::own(common, publication.row()),
        Change::Worktree(worktree) => worktrees::own(common, worktree.row())?,
        Change::Worker(worker) => workers::own(common, worker.row()),
        Change::Effect(effect) => effects::own(common, effect.row()),
        Change::Task(_) | Change::Story { .. } | Change::Pbi { .. } | Change::Sprint { .. } => common,
    })
}

/// What is told of the change, besides the move.
pub(super) fn told(change: &Change, seen: &Seen) -> Told<'static> {
    let payload = match change {
        Change::Job(job) => seen.told(job.row()),
        Change::Worker(worker) => Payload::of_worker(worker.row()),
        _ => Payload::default(),
    };
    Told { whose: Whose::Known(seen.user.clone(), seen.product.clone()), payload }
}

/// The guarded statement for many rows of a change's machine, where there is one.
pub(super) fn guarded_many_of(change: &Change) -> Option<&'static str> {
    match change {
        Change::Job(_) => Some(MOVE_JOBS),
        Change::Attempt(_) => Some(MOVE_ATTEMPTS),
        Change::Task(_) => Some(MOVE_TASKS),
        _ => None,
    }
}

fn texts(change: &Change) -> Texts {
    let (before, guarded) = match change {
        Change::Job(_) => (JOB_BEFORE, MOVE_JOB),
        Change::Attempt(_) => (ATTEMPT_BEFORE, MOVE_ATTEMPT),
        Change::Run(_) => (RUN_BEFORE, MOVE_RUN),
        Change::Execution(_) => return executions::TEXTS,
        Change::Idea(_) => return ideas::TEXTS,
        Change::Question(_) => return questions::TEXTS,
        Change::PullRequest(_) => return pull_requests::TEXTS,
        Change::Worktree(_) => return worktrees::TEXTS,
        Change::Worker(_) => return workers::TEXTS,
        Change::Effect(_) => return effects::TEXTS,
        Change::Task(_) => (TASK_BEFORE, MOVE_TASK),
        Change::Story { .. } => (STORY_BEFORE, MOVE_STORY),
        Change::Pbi { .. } => (PBI_BEFORE, MOVE_PBI),
        Change::Sprint { .. } => (SPRINT_BEFORE, MOVE_SPRINT),
    };
    Texts { before, guarded }
}

fn of_run<'q>(bound: Bound<'q>, row: &'q run::Row) -> Result<Bound<'q>, StoreError> {
    let pause = row.pause.as_ref().map(serde_json::to_string).transpose();
    let pause =
        pause.map_err(|error| StoreError::Inconsistent { what: format!("pause context: {error}") })?;
    Ok(bound
        .bind(row.started_at.map(At))
        .bind(row.finished_at.map(At))
        .bind(row.failure_reason.as_deref())
        .bind(row.failed_task.as_ref().map(|id| id.as_str()))
        .bind(pause.map(Document)))
}
