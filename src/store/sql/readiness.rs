//! Which job of a branch stands first and may be claimed: kept in a column, so that a claim need not look around.

use super::statement::statements;
use super::tx::{DbTx, News};
use crate::domain::id::{JobId, RunId};
use crate::domain::run;
use crate::store::StoreError;

statements! {
    /// The first open job of each branch that waits in a run.
    READY_RUN = "UPDATE claude_jobs AS j SET ready = TRUE WHERE j.sprint_run_id = $1 \
        AND j.status IN ('QUEUED', 'CLAIMED', 'RUNNING') AND j.status = 'QUEUED' AND NOT j.ready \
        AND (j.branch IS NULL OR NOT EXISTS (SELECT 1 FROM claude_jobs b WHERE b.sprint_run_id = $1 \
            AND coalesce(b.repo_url, '') = coalesce(j.repo_url, '') AND b.branch = j.branch \
            AND b.status IN ('QUEUED', 'CLAIMED', 'RUNNING') \
            AND (b.sprint_sequence, b.id) < (j.sprint_sequence, j.id)))";
    UNREADY_RUN = "UPDATE claude_jobs SET ready = FALSE WHERE sprint_run_id = $1 \
        AND status IN ('QUEUED', 'CLAIMED', 'RUNNING') AND status = 'QUEUED' AND ready";
    READY_NEXT = "UPDATE claude_jobs SET ready = TRUE WHERE id = (SELECT id FROM claude_jobs \
            WHERE sprint_run_id = $1 AND coalesce(repo_url, '') = $2 AND branch = $3 \
            AND status IN ('QUEUED', 'CLAIMED', 'RUNNING') ORDER BY sprint_sequence, id LIMIT 1) \
        AND status = 'QUEUED' AND NOT ready \
        AND EXISTS (SELECT 1 FROM sprint_runs r WHERE r.id = $1 AND r.status IN ('QUEUED', 'RUNNING'))";
    SET_READY = "UPDATE claude_jobs SET ready = $2 WHERE id = $1";
}

/// A run that stops or goes on handing out jobs takes its queued jobs with it.
pub(super) async fn follow_run(tx: &mut DbTx, change: &run::Change) -> Result<(), StoreError> {
    let row = change.row();
    let text = match (change.before().hands_out_jobs(), row.status.hands_out_jobs()) {
        (true, false) => UNREADY_RUN,
        (false, true) => READY_RUN,
        _ => return Ok(()),
    };
    tx.run(sqlx::query(text).bind(row.id.as_str())).await.map(drop)
}

pub(super) async fn ready_next(
    tx: &mut DbTx,
    run: &RunId,
    repo_url: &str,
    branch: &str,
) -> Result<(), StoreError> {
    tx.has(News::Opening);
    tx.run(sqlx::query(READY_NEXT).bind(run.as_str()).bind(repo_url).bind(branch)).await.map(drop)
}

pub(super) async fn set_ready(tx: &mut DbTx, job: &JobId, ready: bool) -> Result<(), StoreError> {
    if ready {
        tx.has(News::Opening);
    }
    tx.run(sqlx::query(SET_READY).bind(job.as_str()).bind(ready)).await.map(drop)
}
