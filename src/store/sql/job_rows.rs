//! Jobs, added and read.

use super::attempts::{self, attempt_beside};
use super::cells::Cells;
use super::claim_facts;
use super::dialect::{DbRow, lock};
use super::outbox::{Told, Whose};
use super::seen::Seen;
use super::statement::statements;
use super::tx::{Bound, DbTx, News};
use crate::domain::event::Payload;
use crate::domain::gate::{Evidence, Policy};
use crate::domain::id::{JobId, PbiId, RunId, TaskId, UserId};
use crate::domain::job::{Publication, Row, Status};
use crate::domain::machine::Word;
use crate::store::repo_key::repo_key;
use crate::store::{AttemptRecord, JobFilter, JobRecord, NewJob, Stamp, StopOrder, StoreError, Usage};

/// How many jobs a list has when nobody says.
const LISTED: u32 = 100;

macro_rules! job_cells {
    () => {
        concat!(
            "j.id, j.user_id, j.product_id, j.task_id, j.idea_id, j.sprint_run_id, j.sprint_sequence, j.kind, ",
            "j.branch, j.repo_url, j.ready, j.not_before, j.attempt, j.claimed_by_token_id, ",
            "j.worker_instance_id, j.lease_until, j.claimed_at, j.started_at, j.finished_at, j.plan_snapshot, ",
            "j.verify_required_snapshot, j.verify_only_snapshot, j.base_sha, j.verify_result, j.verified_sha, ",
            "j.verified_at, j.verify_reasoning, j.head_sha, j.pushed_at, j.end_cause, j.caused_by, j.waived_by, ",
            "j.waive_reason, j.summary, j.error, j.stop_ordered_at, j.stop_confirmed_at, j.stop_confirmed_how, ",
            "j.model_id, j.input_tokens, j.output_tokens, j.cache_read_tokens, j.cache_write_tokens, ",
            "j.status, j.created_at, j.updated_at"
        )
    };
}

macro_rules! jobs {
    ($($rest:expr),+ $(; and $more:expr)?) => {
        concat!("SELECT ", job_cells!(), $(", ", $more,)? " FROM ", $($rest),+)
    };
}

/// Jobs with what the move needs that follows ([`Seen`]).
macro_rules! seen_jobs {
    ($($rest:expr),+ $(; and $more:expr)?) => {
        concat!(
            "SELECT ", job_cells!(), ", j.ledger_seq, j.pr_url, ",
            "(SELECT l.hash FROM ledger l WHERE l.machine = 'job' AND l.entity = j.id ",
            "AND l.entity_seq = j.ledger_seq) AS hash", $(", ", $more,)? " FROM ",
            $($rest),+
        )
    };
}

pub(super) use {job_cells, jobs, seen_jobs};

statements! {
    ADD_JOB = "INSERT INTO claude_jobs (id, user_id, product_id, task_id, sprint_run_id, sprint_sequence, kind, \
        branch, repo_url, ready, not_before, idea_id, status, status_event, ledger_seq, created_at, updated_at, repo_key) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'QUEUED', 'create', 1, $11, $11, $13)";
    JOB_BY_ID = jobs!("claude_jobs j WHERE j.id = $1");
    LOCK_JOB = seen_jobs!("claude_jobs j WHERE j.id = $1", lock!("j"));
    JOB_AND_ATTEMPT = jobs!("claude_jobs j LEFT JOIN attempts a ON a.job_id = j.id \
        AND a.number = coalesce($2, j.attempt) WHERE j.id = $1"; and attempt_beside!());
    LOCK_JOB_AND_ATTEMPT = seen_jobs!("claude_jobs j LEFT JOIN attempts a ON a.job_id = j.id \
        AND a.number = coalesce($2, j.attempt) WHERE j.id = $1", lock!("j"); and concat!(attempt_beside!(), ", a.id AS a_id, \
        a.ledger_seq AS a_ledger_seq, (SELECT l.hash FROM ledger l WHERE l.machine = 'attempt' AND l.entity = a.id \
            AND l.entity_seq = a.ledger_seq) AS a_hash"));
    JOBS_OF_USER = jobs!("claude_jobs j WHERE j.user_id = $1 AND (CAST($2 AS TEXT) IS NULL OR j.status = $2) \
        ORDER BY j.created_at DESC, j.id DESC LIMIT $3");
    JOBS_OF_PRODUCT = jobs!("claude_jobs j WHERE j.user_id = $1 AND j.product_id = $4 \
        AND (CAST($2 AS TEXT) IS NULL OR j.status = $2) ORDER BY j.created_at DESC, j.id DESC LIMIT $3");
    JOBS_OF_RUN = jobs!("claude_jobs j WHERE j.user_id = $1 AND j.sprint_run_id = $4 \
        AND (CAST($5 AS TEXT) IS NULL OR j.product_id = $5) AND (CAST($2 AS TEXT) IS NULL OR j.status = $2) \
        ORDER BY j.created_at DESC, j.id DESC LIMIT $3");
    OPEN_JOBS_OF_RUN = jobs!("claude_jobs j WHERE j.sprint_run_id = $1 \
        AND j.status IN ('QUEUED', 'CLAIMED', 'RUNNING') \
        ORDER BY coalesce(j.repo_url, ''), j.branch, j.sprint_sequence, j.id LIMIT $2");
    OPEN_JOBS_OF_PBI = jobs!("stories s JOIN tasks t ON t.story_id = s.id JOIN claude_jobs j ON j.task_id = t.id \
        WHERE s.pbi_id = $1 AND j.status IN ('QUEUED', 'CLAIMED', 'RUNNING') LIMIT $2");
    EVERY_JOB_OF_RUN = jobs!("claude_jobs j WHERE j.sprint_run_id = $1 \
        ORDER BY j.created_at DESC, j.id DESC LIMIT $2");
    EVERY_JOB_OF_PBI = jobs!("stories s JOIN tasks t ON t.story_id = s.id JOIN claude_jobs j ON j.task_id = t.id \
        WHERE s.pbi_id = $1 LIMIT $2");
    CANCELLED_BECAUSE_OF = "SELECT id FROM claude_jobs WHERE caused_by = $1 ORDER BY id LIMIT $2";
    OPEN_JOB_OF_TASK = jobs!("claude_jobs j WHERE j.task_id = $1 \
        AND j.status IN ('QUEUED', 'CLAIMED', 'RUNNING')");
}

pub(super) async fn add(tx: &mut DbTx, new: &NewJob, stamp: &Stamp) -> Result<(), StoreError> {
    super::births::note(tx, "job", new.id.as_str(), Status::Queued, told(new), stamp).await?;
    let bound = sqlx::query(ADD_JOB)
        .bind(new.id.as_str())
        .bind(new.user.as_str())
        .bind(new.product.as_str())
        .bind(new.task.as_ref().map(|id| id.as_str()))
        .bind(new.run.as_ref().map(|id| id.as_str()))
        .bind(new.sequence)
        .bind(new.kind.word())
        .bind(new.branch.as_deref())
        .bind(new.repo_url.as_deref())
        .bind(new.ready)
        .bind(tx.time())
        .bind(new.idea.as_ref().map(|id| id.as_str()))
        .bind(new.repo_url.as_deref().map(repo_key));
    tx.has(News::Opening);
    tx.run(bound).await.map(drop)
}

fn told(new: &NewJob) -> Told<'_> {
    Told { whose: Whose::User(&new.user, Some(&new.product)), payload: payload(new) }
}

/// What is told of a job that is born.
pub(super) fn payload(new: &NewJob) -> Payload {
    let payload = Payload { kind: Some(new.kind), ..Payload::default() };
    payload.at(new.task.clone(), new.idea.clone(), new.branch.clone(), None)
}

pub(super) async fn cancelled_because_of(
    tx: &mut DbTx,
    job: &JobId,
    limit: u32,
) -> Result<Vec<JobId>, StoreError> {
    let rows = tx.all(sqlx::query(CANCELLED_BECAUSE_OF).bind(job.as_str()).bind(i64::from(limit))).await?;
    rows.iter().map(|row| Cells(row).id("id")).collect()
}

pub(super) async fn by_id(tx: &mut DbTx, id: &JobId) -> Result<Option<JobRecord>, StoreError> {
    if let Some(taken) = tx.taken(id) {
        return Ok(Some(taken));
    }
    let text = tx.either(JOB_BY_ID, LOCK_JOB);
    let Some(row) = tx.one(sqlx::query(text).bind(id.as_str())).await? else { return Ok(None) };
    if tx.writes() {
        tx.remember(Seen::job(&row)?);
    }
    job(&row).map(Some)
}

pub(super) async fn with_attempt(
    tx: &mut DbTx,
    id: &JobId,
    number: Option<u32>,
) -> Result<Option<(JobRecord, Option<AttemptRecord>)>, StoreError> {
    let text = tx.either(JOB_AND_ATTEMPT, LOCK_JOB_AND_ATTEMPT);
    let Some(row) = tx.one(sqlx::query(text).bind(id.as_str()).bind(number.map(i64::from))).await? else {
        return Ok(None);
    };
    let record = job(&row)?;
    if tx.writes() {
        let seen = Seen::job(&row)?;
        // Whoever had to wait for the job has its attempt as it was before.
        let waited = seen.hash.is_none();
        tx.remember(seen);
        if waited {
            return Ok(Some((record, None)));
        }
    }
    let attempt = attempts::beside(tx, &row)?;
    Ok(Some((record, attempt)))
}

/// The job that a claim found and locked: the next who asks for it gets what was read.
pub(super) fn take(tx: &mut DbTx, row: &DbRow) -> Result<JobId, StoreError> {
    tx.remember(Seen::job(row)?);
    let record = job(row)?;
    let id = record.row.id.clone();
    tx.take(record, claim_facts::read(row)?);
    Ok(id)
}

pub(super) async fn list(
    tx: &mut DbTx,
    user: &UserId,
    filter: &JobFilter,
) -> Result<Vec<JobRecord>, StoreError> {
    let product = filter.product.as_ref().map(|id| id.as_str());
    let limit = if filter.limit == 0 { LISTED } else { filter.limit };
    let common = |text| {
        sqlx::query(text).bind(user.as_str()).bind(filter.status.map(Word::word)).bind(i64::from(limit))
    };
    let bound = match (&filter.run, product) {
        (Some(run), product) => common(JOBS_OF_RUN).bind(run.as_str()).bind(product),
        (None, Some(product)) => common(JOBS_OF_PRODUCT).bind(product),
        (None, None) => common(JOBS_OF_USER),
    };
    many(tx, bound).await
}

pub(super) async fn open_of_run(
    tx: &mut DbTx,
    run: &RunId,
    limit: u32,
) -> Result<Vec<JobRecord>, StoreError> {
    many(tx, sqlx::query(OPEN_JOBS_OF_RUN).bind(run.as_str()).bind(i64::from(limit))).await
}

pub(super) async fn open_of_pbi(
    tx: &mut DbTx,
    pbi: &PbiId,
    limit: u32,
) -> Result<Vec<JobRecord>, StoreError> {
    under(tx, OPEN_JOBS_OF_PBI, pbi, limit).await
}

pub(super) async fn of_run(tx: &mut DbTx, run: &RunId, limit: u32) -> Result<Vec<JobRecord>, StoreError> {
    many(tx, sqlx::query(EVERY_JOB_OF_RUN).bind(run.as_str()).bind(i64::from(limit))).await
}

pub(super) async fn of_pbi(tx: &mut DbTx, pbi: &PbiId, limit: u32) -> Result<Vec<JobRecord>, StoreError> {
    under(tx, EVERY_JOB_OF_PBI, pbi, limit).await
}

pub(super) async fn open_of_task(tx: &mut DbTx, task: &TaskId) -> Result<Option<JobRecord>, StoreError> {
    tx.one(sqlx::query(OPEN_JOB_OF_TASK).bind(task.as_str())).await?.as_ref().map(job).transpose()
}

/// Jobs under a backlog item, by id.
async fn under(
    tx: &mut DbTx,
    text: &'static str,
    pbi: &PbiId,
    limit: u32,
) -> Result<Vec<JobRecord>, StoreError> {
    let mut jobs = many(tx, sqlx::query(text).bind(pbi.as_str()).bind(i64::from(limit))).await?;
    jobs.sort_by(|a, b| a.row.id.cmp(&b.row.id));
    Ok(jobs)
}

async fn many(tx: &mut DbTx, bound: Bound<'_>) -> Result<Vec<JobRecord>, StoreError> {
    tx.all(bound).await?.iter().map(job).collect()
}

pub(super) fn job(row: &DbRow) -> Result<JobRecord, StoreError> {
    let cells = Cells(row);
    Ok(JobRecord {
        row: machine(&cells)?,
        user: cells.id("user_id")?,
        product: cells.id("product_id")?,
        task: cells.id_if("task_id")?,
        idea: cells.id_if("idea_id")?,
        run: cells.id_if("sprint_run_id")?,
        sequence: cells.get("sprint_sequence")?,
        branch: cells.get("branch")?,
        repo_url: cells.get("repo_url")?,
        ready: cells.get("ready")?,
        verify_reasoning: cells.get("verify_reasoning")?,
        stop: stop(&cells)?,
        usage: Usage {
            model_id: cells.get("model_id")?,
            input_tokens: cells.get("input_tokens")?,
            output_tokens: cells.get("output_tokens")?,
            cache_read_tokens: cells.get("cache_read_tokens")?,
            cache_write_tokens: cells.get("cache_write_tokens")?,
        },
        created_at: cells.time("created_at")?,
        updated_at: cells.time("updated_at")?,
    })
}

fn machine(cells: &Cells<'_>) -> Result<Row, StoreError> {
    let required = cells.word_if("verify_required_snapshot")?;
    let verify_only: Option<bool> = cells.get("verify_only_snapshot")?;
    let head = cells.id_if("head_sha")?;
    Ok(Row {
        id: cells.id("id")?,
        kind: cells.word("kind")?,
        status: cells.word("status")?,
        attempt: cells.number("attempt")?,
        not_before: cells.time_if("not_before")?,
        token: cells.id_if("claimed_by_token_id")?,
        worker: cells.id_if("worker_instance_id")?,
        lease_until: cells.time_if("lease_until")?,
        claimed_at: cells.time_if("claimed_at")?,
        started_at: cells.time_if("started_at")?,
        finished_at: cells.time_if("finished_at")?,
        plan: cells.get("plan_snapshot")?,
        policy: required.zip(verify_only).map(|(required, verify_only)| Policy { required, verify_only }),
        base: cells.id_if("base_sha")?,
        evidence: evidence(cells, "")?,
        publication: head.zip(cells.time_if("pushed_at")?).map(|(commit, at)| Publication { commit, at }),
        end_cause: cells.word_if("end_cause")?,
        caused_by: cells.id_if("caused_by")?,
        waived_by: cells.id_if("waived_by")?,
        waive_reason: cells.get("waive_reason")?,
        summary: cells.get("summary")?,
        error: cells.get("error")?,
    })
}

/// The last verdict of a row that has one; its cells begin with `part`.
pub(super) fn evidence(cells: &Cells<'_>, part: &str) -> Result<Option<Evidence>, StoreError> {
    let at = |column: &str| format!("{part}{column}");
    let verdict = cells.word_if(&at("verify_result"))?.zip(cells.id_if(&at("verified_sha"))?);
    let verdict = verdict.zip(cells.time_if(&at("verified_at"))?);
    Ok(verdict.map(|((result, commit), at)| Evidence { result, commit, at }))
}

fn stop(cells: &Cells<'_>) -> Result<Option<StopOrder>, StoreError> {
    let confirmed = cells.time_if("stop_confirmed_at")?.zip(cells.word_if("stop_confirmed_how")?);
    Ok(cells.time_if("stop_ordered_at")?.map(|at| StopOrder { at, confirmed }))
}
