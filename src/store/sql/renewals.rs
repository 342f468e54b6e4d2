//! Leases that are renewed together: what is looked at, and the one statement that renews them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::cells::Cells;
use super::dialect::{DbRow, among, given, listed, skip_locked};
use super::many::list;
use super::statement::statements;
use super::tokens;
use super::tx::DbTx;
use super::values::{At, Document};
use crate::domain::id::JobId;
use crate::domain::time::Millis;
use crate::store::{LeaseRecord, StoreError, TokenHash, TokenRecord};

statements! {
    TOKENS_BY_HASH = concat!("SELECT t.token_hash, t.id, t.user_id, u.username, u.is_demo, t.kind, t.label, t.revoked_at, \
        t.expires_at, t.scope_job, t.scope_attempt \
        FROM api_tokens t JOIN users u ON u.id = t.user_id WHERE t.token_hash ", listed!("$1"));
    LEASES = concat!("SELECT j.id, j.user_id, j.kind, j.status, j.attempt, a.status AS attempt_status, a.token_id, \
        r.status AS run_status, r.pause_context FROM claude_jobs j \
        JOIN attempts a ON a.job_id = j.id AND a.number = j.attempt \
        LEFT JOIN sprint_runs r ON r.id = j.sprint_run_id WHERE j.id ", listed!("$1"));
    // Nobody is waited for while rows are locked, so that nobody waits in a circle.
    RENEW_ALL = concat!("UPDATE claude_jobs \
        SET lease_until = CASE WHEN lease_until > $2 THEN lease_until ELSE $2 END, updated_at = $3 WHERE id ",
        among!(concat!("SELECT j.id FROM claude_jobs j WHERE j.id ",
            among!(concat!("SELECT w.job FROM ", given!(job text, number number))), " \
            AND (j.id, j.attempt) IN (SELECT w.job, w.number FROM ", given!(job text, number number), ") \
            AND j.status IN ('CLAIMED', 'RUNNING')", skip_locked!())),
        " AND status IN ('CLAIMED', 'RUNNING') RETURNING id");
}

pub(super) async fn tokens(
    tx: &mut DbTx,
    hashes: &[TokenHash],
) -> Result<BTreeMap<String, TokenRecord>, StoreError> {
    let hashes: Vec<&str> = hashes.iter().map(TokenHash::as_str).collect();
    let rows = tx.all(sqlx::query(TOKENS_BY_HASH).bind(Document(json!(hashes).to_string()))).await?;
    rows.iter().map(|row| Ok((Cells(row).get("token_hash")?, tokens::token(row)?))).collect()
}

pub(super) async fn leases(tx: &mut DbTx, jobs: &[JobId]) -> Result<Vec<LeaseRecord>, StoreError> {
    tx.all(sqlx::query(LEASES).bind(list(jobs))).await?.iter().map(lease).collect()
}

fn lease(row: &DbRow) -> Result<LeaseRecord, StoreError> {
    let cells = Cells(row);
    let pause = cells.json_if("pause_context")?;
    Ok(LeaseRecord {
        job: cells.id("id")?,
        user: cells.id("user_id")?,
        kind: cells.word("kind")?,
        status: cells.word("status")?,
        attempt: cells.number("attempt")?,
        attempt_status: cells.word("attempt_status")?,
        token: cells.id("token_id")?,
        run: cells.word_if("run_status")?.map(|status| (status, pause)),
    })
}

pub(super) async fn renew(
    tx: &mut DbTx,
    held: &[(JobId, u32)],
    lease: Millis,
) -> Result<BTreeSet<JobId>, StoreError> {
    let now = tx.time();
    let pair = |(job, number): &(JobId, u32)| json!({ "job": job, "number": number });
    let held = Document(held.iter().map(pair).collect::<Value>().to_string());
    let rows = tx.all(sqlx::query(RENEW_ALL).bind(held).bind(At(now.0 + lease)).bind(now)).await?;
    rows.iter().map(|row| Cells(row).id("id")).collect()
}
