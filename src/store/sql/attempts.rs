//! Attempts, added and read. How one ends is written with its job's move.

use std::collections::BTreeMap;

use super::births;
use super::cells::Cells;
use super::dialect::{DbRow, listed, lock, lock_in_order};
use super::job_rows::evidence;
use super::moved::{self, attempt_first, from_entry, state};
use super::seen::Seen;
use super::statement::statements;
use super::tx::{Bound, DbTx};
use super::values::{At, Document};
use crate::domain::attempt::{AnyAttempt, Attempt, Frozen, Held, Row};
use crate::domain::gate::Policy;
use crate::domain::id::{JobId, TokenId};
use crate::domain::machine::Word;
use crate::store::{AttemptRecord, Stamp, StoreError};

/// An attempt's cells beside those of its job.
macro_rules! attempt_beside {
    () => {
        concat!(
            "a.job_id AS a_job_id, a.number AS a_number, a.status AS a_status, a.token_id AS a_token_id, ",
            "a.worker_instance_id AS a_worker_instance_id, a.host AS a_host, a.plan_snapshot AS a_plan_snapshot, ",
            "a.verify_required_snapshot AS a_verify_required_snapshot, ",
            "a.verify_only_snapshot AS a_verify_only_snapshot, a.branch AS a_branch, a.base_sha AS a_base_sha, ",
            "a.published_sha AS a_published_sha, a.verify_result AS a_verify_result, ",
            "a.verified_sha AS a_verified_sha, a.verified_at AS a_verified_at, a.claimed_at AS a_claimed_at, ",
            "a.ended_at AS a_ended_at, a.reported AS a_reported"
        )
    };
}

pub(super) use attempt_beside;

macro_rules! attempts {
    ($rest:literal $(, and $more:literal, $lock:expr)?) => {
        concat!(
            "SELECT job_id, number, status, token_id, worker_instance_id, host, plan_snapshot, ",
            "verify_required_snapshot, verify_only_snapshot, branch, base_sha, published_sha, verify_result, ",
            "verified_sha, verified_at, claimed_at, ended_at, reported", $(", ", $more,)? " FROM attempts WHERE ",
            $rest $(, $lock)?
        )
    };
}

statements! {
    ADD_ATTEMPT = concat!(attempt_first!(), "INSERT INTO attempts (job_id, number, token_id, worker_instance_id, host, plan_snapshot, \
        verify_required_snapshot, verify_only_snapshot, branch, claimed_at, status, status_event, ledger_seq, \
        updated_at) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, ", state!("$12"), ", 'create', 1, $11", from_entry!());
    ATTEMPT_BY_NUMBER = attempts!("job_id = $1 AND number = $2");
    /// With what the move needs that ends it.
    LOCK_ATTEMPT = attempts!("job_id = $1 AND number = $2", and "id, ledger_seq, \
        (SELECT l.hash FROM ledger l WHERE l.machine = 'attempt' AND l.entity = attempts.id \
            AND l.entity_seq = attempts.ledger_seq) AS hash, \
        (SELECT j.user_id FROM claude_jobs j WHERE j.id = attempts.job_id) AS user_id, \
        (SELECT j.product_id FROM claude_jobs j WHERE j.id = attempts.job_id) AS product_id", lock!("attempts"));
    LOCK_ATTEMPTS = concat!(attempts!("id "), listed!("$1"), lock_in_order!("attempts"));
    ATTEMPTS_NAMED = concat!(attempts!("id "), listed!("$1"));
    ATTEMPTS_OF = attempts!("job_id = $1 ORDER BY number");
    HELD_BY = attempts!("token_id = $1 AND status = 'HELD' ORDER BY claimed_at, job_id LIMIT $2");
}

pub(super) async fn add(tx: &mut DbTx, attempt: &Attempt<Held>, stamp: &Stamp) -> Result<(), StoreError> {
    let entity = format!("{}/{}", attempt.job, attempt.number);
    let state = moved::born(tx, &entity, &attempt.job, stamp).await?;
    let bound = sqlx::query(ADD_ATTEMPT).bind(attempt.job.as_str());
    let bound = frozen(bound, attempt).bind(tx.time()).bind(state);
    tx.run(bound).await.map(drop).map_err(births::known("attempt"))
}

/// Its number and what is frozen with it.
pub(super) fn frozen<'q>(bound: Bound<'q>, attempt: &'q Attempt<Held>) -> Bound<'q> {
    let frozen = &attempt.state.frozen;
    bound
        .bind(i64::from(attempt.number))
        .bind(frozen.token.as_str())
        .bind(frozen.worker.as_str())
        .bind(&frozen.host)
        .bind(&frozen.plan)
        .bind(frozen.policy.required.word())
        .bind(frozen.policy.verify_only)
        .bind(frozen.branch.as_deref())
        .bind(At(frozen.claimed_at))
}

/// The attempt that holds a job, locked; nothing when it is not there or has ended.
pub(super) async fn held(
    tx: &mut DbTx,
    job: &JobId,
    number: u32,
) -> Result<Option<Attempt<Held>>, StoreError> {
    if let Some((seen, attempt)) = tx.held_attempt(job, number) {
        tx.remember(seen);
        return Ok(Some(attempt));
    }
    let look = sqlx::query(LOCK_ATTEMPT).bind(job.as_str()).bind(i64::from(number));
    let Some(row) = tx.one(look).await? else { return Ok(None) };
    tx.remember(Seen::attempt(&row)?);
    match AnyAttempt::try_from(attempt(&row, "")?.row) {
        Ok(AnyAttempt::Held(attempt)) => Ok(Some(attempt)),
        Ok(_) => Ok(None),
        Err(bad) => Err(StoreError::Inconsistent { what: bad.to_string() }),
    }
}

/// Those of these attempts, each `<job>/<number>`, that hold their jobs, locked in the order of their ids.
pub(super) async fn held_of(
    tx: &mut DbTx,
    names: &[String],
) -> Result<BTreeMap<String, Attempt<Held>>, StoreError> {
    let mut held = BTreeMap::new();
    for record in listed_by(tx, LOCK_ATTEMPTS, names).await? {
        match AnyAttempt::try_from(record.row) {
            Ok(AnyAttempt::Held(attempt)) => {
                held.insert(format!("{}/{}", attempt.job, attempt.number), attempt);
            }
            Ok(_) => {}
            Err(bad) => return Err(StoreError::Inconsistent { what: bad.to_string() }),
        }
    }
    Ok(held)
}

/// These attempts, in no order.
pub(super) async fn named(tx: &mut DbTx, which: &[(JobId, u32)]) -> Result<Vec<AttemptRecord>, StoreError> {
    let names: Vec<String> = which.iter().map(|(job, number)| format!("{job}/{number}")).collect();
    listed_by(tx, ATTEMPTS_NAMED, &names).await
}

async fn listed_by(
    tx: &mut DbTx,
    text: &'static str,
    names: &[String],
) -> Result<Vec<AttemptRecord>, StoreError> {
    let names = Document(serde_json::json!(names).to_string());
    tx.all(sqlx::query(text).bind(names)).await?.iter().map(|row| attempt(row, "")).collect()
}

pub(super) async fn by_number(
    tx: &mut DbTx,
    job: &JobId,
    number: u32,
) -> Result<Option<AttemptRecord>, StoreError> {
    let row = tx.one(sqlx::query(ATTEMPT_BY_NUMBER).bind(job.as_str()).bind(i64::from(number))).await?;
    row.as_ref().map(|row| attempt(row, "")).transpose()
}

pub(super) async fn of_job(tx: &mut DbTx, job: &JobId) -> Result<Vec<AttemptRecord>, StoreError> {
    let rows = tx.all(sqlx::query(ATTEMPTS_OF).bind(job.as_str())).await?;
    rows.iter().map(|row| attempt(row, "")).collect()
}

pub(super) async fn held_by(
    tx: &mut DbTx,
    token: &TokenId,
    limit: u32,
) -> Result<Vec<AttemptRecord>, StoreError> {
    let rows = tx.all(sqlx::query(HELD_BY).bind(token.as_str()).bind(i64::from(limit))).await?;
    rows.iter().map(|row| attempt(row, "")).collect()
}

/// The attempt that was read beside its job, if there is one. What a move of it needs is kept for the job's move.
pub(super) fn beside(tx: &mut DbTx, row: &DbRow) -> Result<Option<AttemptRecord>, StoreError> {
    if Cells(row).get::<Option<i64>>("a_number")?.is_none() {
        return Ok(None);
    }
    let record = attempt(row, "a_")?;
    if tx.writes()
        && let Ok(AnyAttempt::Held(held)) = AnyAttempt::try_from(record.row.clone())
    {
        tx.hold_attempt(Seen::attempt_beside(row)?, held);
    }
    Ok(Some(record))
}

/// Its cells begin with `part`.
fn attempt(row: &DbRow, part: &str) -> Result<AttemptRecord, StoreError> {
    let cells = Cells(row);
    let at = |column: &str| format!("{part}{column}");
    let required = cells.word(&at("verify_required_snapshot"))?;
    let frozen = Frozen {
        token: cells.id(&at("token_id"))?,
        worker: cells.id(&at("worker_instance_id"))?,
        host: cells.get(&at("host"))?,
        plan: cells.get(&at("plan_snapshot"))?,
        policy: Policy { required, verify_only: cells.get(&at("verify_only_snapshot"))? },
        branch: cells.get(&at("branch"))?,
        claimed_at: cells.time(&at("claimed_at"))?,
    };
    let row = Row {
        job: cells.id(&at("job_id"))?,
        number: cells.number(&at("number"))?,
        status: cells.word(&at("status"))?,
        frozen,
        ended_at: cells.time_if(&at("ended_at"))?,
    };
    Ok(AttemptRecord {
        row,
        base: cells.id_if(&at("base_sha"))?,
        published: cells.id_if(&at("published_sha"))?,
        evidence: evidence(&cells, part)?,
        reported: cells.get(&at("reported"))?,
    })
}
