//! What is noted of a job beside its status. Each note names the attempt that may make it.

use super::statement::statements;
use super::tx::DbTx;
use super::values::At;
use crate::domain::commit::CommitId;
use crate::domain::id::JobId;
use crate::domain::machine::Word;
use crate::domain::time::Millis;
use crate::store::{Confirmation, StoreError, Usage, Verification};

statements! {
    // Whoever waited for the row brings an earlier time than the one before, and takes nothing of its lease.
    RENEW = "UPDATE claude_jobs SET lease_until = CASE WHEN lease_until > $3 THEN lease_until ELSE $3 END, \
        updated_at = $4 \
        WHERE id = $1 AND attempt = $2 AND status IN ('CLAIMED', 'RUNNING')";
    NOTE_BASE = "UPDATE claude_jobs SET base_sha = $3, updated_at = $4, \
        lease_until = CASE WHEN lease_until > $5 THEN lease_until ELSE $5 END \
        WHERE id = $1 AND attempt = $2 AND status IN ('CLAIMED', 'RUNNING')";
    NOTE_ATTEMPT_BASE = "UPDATE attempts SET base_sha = $3, published_sha = $4, updated_at = $5 \
        WHERE job_id = $1 AND number = $2";
    NOTE_VERDICT = "UPDATE claude_jobs SET verify_result = $3, verified_sha = $4, verified_at = $5, \
        verify_reasoning = $6, updated_at = $7 \
        WHERE id = $1 AND attempt = $2 AND status IN ('CLAIMED', 'RUNNING')";
    NOTE_ATTEMPT_VERDICT = "UPDATE attempts SET verify_result = $3, verified_sha = $4, verified_at = $5, \
        updated_at = $6 WHERE job_id = $1 AND number = $2";
    NOTE_USAGE = "UPDATE claude_jobs SET model_id = coalesce($3, model_id), \
        input_tokens = coalesce($4, input_tokens), output_tokens = coalesce($5, output_tokens), \
        cache_read_tokens = coalesce($6, cache_read_tokens), \
        cache_write_tokens = coalesce($7, cache_write_tokens), updated_at = $8 \
        WHERE id = $1 AND attempt = $2";
    NOTE_REPORT = "UPDATE attempts SET reported = $3, updated_at = $4 WHERE job_id = $1 AND number = $2";
    CONFIRM_STOP = "UPDATE claude_jobs SET stop_confirmed_at = $3, stop_confirmed_how = $4, updated_at = $3 \
        WHERE id = $1 AND attempt = $2 AND stop_ordered_at IS NOT NULL AND stop_confirmed_at IS NULL";
}

pub(super) async fn renew(
    tx: &mut DbTx,
    job: &JobId,
    attempt: u32,
    lease: Millis,
) -> Result<bool, StoreError> {
    let now = tx.time();
    let until = At(now.0 + lease);
    let bound = sqlx::query(RENEW).bind(job.as_str()).bind(i64::from(attempt)).bind(until).bind(now);
    Ok(tx.run(bound).await? > 0)
}

pub(super) async fn base(
    tx: &mut DbTx,
    job: &JobId,
    attempt: u32,
    base: &CommitId,
    published: Option<&CommitId>,
    lease: Millis,
) -> Result<bool, StoreError> {
    let now = tx.time();
    let bound = sqlx::query(NOTE_BASE)
        .bind(job.as_str())
        .bind(i64::from(attempt))
        .bind(base.as_str())
        .bind(now)
        .bind(At(now.0 + lease));
    if tx.run(bound).await? == 0 {
        return Ok(false);
    }
    let bound = sqlx::query(NOTE_ATTEMPT_BASE)
        .bind(job.as_str())
        .bind(i64::from(attempt))
        .bind(base.as_str())
        .bind(published.map(CommitId::as_str))
        .bind(now);
    Ok(tx.run(bound).await? > 0)
}

pub(super) async fn verdict(
    tx: &mut DbTx,
    job: &JobId,
    attempt: u32,
    seen: &Verification,
) -> Result<bool, StoreError> {
    let now = tx.time();
    let common = |text| {
        sqlx::query(text)
            .bind(job.as_str())
            .bind(i64::from(attempt))
            .bind(seen.evidence.result.word())
            .bind(seen.evidence.commit.as_str())
            .bind(At(seen.evidence.at))
    };
    if tx.run(common(NOTE_VERDICT).bind(&seen.reasoning).bind(now)).await? == 0 {
        return Ok(false);
    }
    Ok(tx.run(common(NOTE_ATTEMPT_VERDICT).bind(now)).await? > 0)
}

pub(super) async fn usage(tx: &mut DbTx, job: &JobId, attempt: u32, used: &Usage) -> Result<(), StoreError> {
    let bound = sqlx::query(NOTE_USAGE)
        .bind(job.as_str())
        .bind(i64::from(attempt))
        .bind(used.model_id.as_deref())
        .bind(used.input_tokens)
        .bind(used.output_tokens)
        .bind(used.cache_read_tokens)
        .bind(used.cache_write_tokens)
        .bind(tx.time());
    tx.run(bound).await.map(drop)
}

pub(super) async fn report(
    tx: &mut DbTx,
    job: &JobId,
    attempt: u32,
    outcome: &str,
) -> Result<(), StoreError> {
    let now = tx.time();
    tx.run(sqlx::query(NOTE_REPORT).bind(job.as_str()).bind(i64::from(attempt)).bind(outcome).bind(now))
        .await
        .map(drop)
}

pub(super) async fn confirm_stop(
    tx: &mut DbTx,
    job: &JobId,
    attempt: u32,
    how: Confirmation,
) -> Result<bool, StoreError> {
    let now = tx.time();
    let bound =
        sqlx::query(CONFIRM_STOP).bind(job.as_str()).bind(i64::from(attempt)).bind(now).bind(how.word());
    Ok(tx.run(bound).await? > 0)
}
