//! What the guards of a claim read beside the job: in the statement that finds it, or by itself.

use super::cells::Cells;
use super::dialect::DbRow;
use super::statement::{statements, visible};
use super::tx::DbTx;
use crate::domain::eligibility::Holder;
use crate::domain::gate::Policy;
use crate::domain::id::UserId;
use crate::store::{ClaimFacts, JobRecord, StoreError};

/// Of the job `j`, for user $1.
macro_rules! claim_facts {
    () => {
        concat!(
            "(SELECT r.status FROM sprint_runs r WHERE r.id = j.sprint_run_id) AS run_status, ",
            visible!("j.product_id"),
            " AS product_seen, (SELECT b.id FROM claude_jobs b WHERE b.sprint_run_id = j.sprint_run_id \
            AND coalesce(b.repo_url, '') = coalesce(j.repo_url, '') AND b.branch = j.branch \
            AND b.status IN ('QUEUED', 'CLAIMED', 'RUNNING') \
            AND (b.sprint_sequence, b.id) < (j.sprint_sequence, j.id) \
            ORDER BY b.sprint_sequence, b.id LIMIT 1) AS ahead, \
            (SELECT CASE WHEN h.user_id = $1 THEN h.id ELSE '' END FROM claude_jobs h WHERE h.repo_key = j.repo_key AND h.branch = j.branch \
            AND h.status IN ('CLAIMED', 'RUNNING') AND h.id <> j.id) AS branch_held_by, \
            (SELECT t.implementation_plan FROM tasks t WHERE t.id = j.task_id) AS task_plan, \
            (SELECT t.verify_required FROM tasks t WHERE t.id = j.task_id) AS task_required, \
            (SELECT t.verify_only FROM tasks t WHERE t.id = j.task_id) AS task_verify_only, \
            (SELECT o.trailers FROM products o WHERE o.id = j.product_id) AS trailers"
        )
    };
}

pub(super) use claim_facts;

statements! {
    CLAIM_FACTS = concat!("SELECT ", claim_facts!(), " FROM claude_jobs j WHERE j.id = $2");
}

pub(super) async fn of(tx: &mut DbTx, job: &JobRecord, user: &UserId) -> Result<ClaimFacts, StoreError> {
    if let Some(facts) = tx.facts(&job.row.id).filter(|_| &job.user == user) {
        return Ok(facts);
    }
    let row = tx.one(sqlx::query(CLAIM_FACTS).bind(user.as_str()).bind(job.row.id.as_str())).await?;
    let row = row.ok_or_else(|| StoreError::Inconsistent { what: format!("job {} vanished", job.row.id) })?;
    read(&row)
}

pub(super) fn read(row: &DbRow) -> Result<ClaimFacts, StoreError> {
    let cells = Cells(row);
    let holder = match cells.get::<Option<&str>>("branch_held_by")? {
        Some("") => Some(Holder::Somebody),
        _ => cells.id_if("branch_held_by")?.map(Holder::Yours),
    };
    let policy = cells.word_if("task_required")?.zip(cells.get::<Option<bool>>("task_verify_only")?);
    Ok(ClaimFacts {
        run: cells.word_if("run_status")?,
        product_seen: cells.get("product_seen")?,
        ahead: cells.id_if("ahead")?,
        branch_held_by: holder,
        plan: cells.get("task_plan")?,
        trailers: cells.get("trailers")?,
        policy: policy.map(|(required, verify_only)| Policy { required, verify_only }),
    })
}
