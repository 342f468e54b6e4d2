//! Attempts' holds on worktrees, and their locks: taken when a worktree begins to hold them, freed when it ends.

use async_trait::async_trait;

use super::apply::{Texts, before, guarded};
use super::cells::Cells;
use super::dialect::{DbRow, lock, skip_locked};
use super::moved::{entry_first, from_entry, next_of_entry, state};
use super::outbox::Whose;
use super::statement::statements;
use super::tx::{Bound, DbTx};
use super::values::{At, Document};
use crate::domain::id::JobId;
use crate::domain::time::Millis;
use crate::domain::worktree::{Change, Idle, Lock, Row, Status, Worktree};
use crate::store::{LockHolder, Stamp, StoreError, Worktrees};

macro_rules! worktrees {
    ($which:literal $(, $lock:expr)?) => {
        concat!("SELECT job_id, attempt, status, locks, waits_since, lease_until, missing, error, finished_at \
        FROM worktrees WHERE ", $which $(, $lock)?)
    };
}

macro_rules! worktree {
    ($($lock:expr)?) => {
        worktrees!("job_id = $1 AND attempt = $2" $(, $lock)?)
    };
}

macro_rules! stale {
    ($($lock:expr)?) => {
        worktrees!("lease_until < $1 ORDER BY lease_until, id LIMIT $2" $(, $lock)?)
    };
}

statements! {
    WORKTREE_BEFORE = before!("worktree", "worktrees",
        whose "j.user_id, j.product_id", join "LEFT JOIN claude_jobs j ON j.id = e.job_id");
    MOVE_WORKTREE = guarded!("worktrees",
        own "locks = $6, waits_since = $7, lease_until = $8, missing = $9, error = $10, finished_at = $11");
    ADD_WORKTREE = "INSERT INTO worktrees (job_id, attempt, status, status_event, ledger_seq, created_at, updated_at) \
        VALUES ($1, $2, 'IDLE', 'create', 1, $3, $3)";
    WORKTREE = worktree!();
    LOCK_WORKTREE = worktree!(lock!("worktrees"));
    STALE_WORKTREES = stale!();
    TAKE_STALE_WORKTREES = stale!(skip_locked!());
    // No move: where it is stays. A lease that ran out is renewed as long as nobody took it, as that of the job is.
    RENEW_WORKTREE = "UPDATE worktrees SET lease_until = CASE WHEN lease_until > $3 THEN lease_until ELSE $3 END \
        WHERE job_id = $1 AND attempt = $2 AND lease_until IS NOT NULL";
    TAKE_LOCK = "INSERT INTO worktree_locks (name, job_id, attempt, expires_at) VALUES ($1, $2, $3, $4)";
    KEEP_LOCKS = "UPDATE worktree_locks SET expires_at = $3 WHERE job_id = $1 AND attempt = $2";
    RENEW_LOCKS = "UPDATE worktree_locks SET expires_at = CASE WHEN expires_at > $3 THEN expires_at ELSE $3 END \
        WHERE job_id = $1 AND attempt = $2";
    FREE_LOCKS = "DELETE FROM worktree_locks WHERE job_id = $1 AND attempt = $2";
    LOCK_HOLDER = "SELECT job_id, attempt, expires_at FROM worktree_locks WHERE name = $1";
}

pub(super) const TEXTS: Texts = Texts { before: WORKTREE_BEFORE, guarded: MOVE_WORKTREE };

/// The columns that a move may change.
pub(super) fn own<'q>(bound: Bound<'q>, row: &'q Row) -> Result<Bound<'q>, StoreError> {
    let json = |error| StoreError::Inconsistent { what: format!("locks: {error}") };
    let locks = serde_json::to_string(&row.locks).map_err(json)?;
    let missing = row.missing.as_ref().map(serde_json::to_string).transpose().map_err(json)?;
    Ok(bound
        .bind(Document(locks))
        .bind(row.waits_since.map(At))
        .bind(row.lease_until.map(At))
        .bind(missing.map(Document))
        .bind(row.error.as_deref())
        .bind(row.finished_at.map(At)))
}

/// Locks follow the worktree that holds them.
///
/// # Errors
/// [`StoreError::Duplicate`] when somebody else holds one.
pub(super) async fn follow(tx: &mut DbTx, change: &Change) -> Result<(), StoreError> {
    let row = change.row();
    let owned = |text: &'static str| sqlx::query(text).bind(row.job.as_str()).bind(i64::from(row.attempt));
    let until = row.lease_until.map(At);
    match (change.before().is_held(), change.after().is_held()) {
        (false, false) => {}
        (false, true) => {
            for lock in &row.locks {
                let bound = sqlx::query(TAKE_LOCK).bind(lock.to_string());
                tx.run(bound.bind(row.job.as_str()).bind(i64::from(row.attempt)).bind(until)).await?;
            }
        }
        (true, true) => drop(tx.run(owned(KEEP_LOCKS).bind(until)).await?),
        (true, false) => drop(tx.run(owned(FREE_LOCKS)).await?),
    }
    Ok(())
}

#[async_trait]
impl Worktrees for DbTx {
    async fn add_worktree(&mut self, new: &Worktree<Idle>, stamp: &Stamp) -> Result<(), StoreError> {
        let entity = format!("{}/{}", new.job, new.attempt);
        super::births::note(self, "worktree", &entity, Status::Idle, Whose::Job(&new.job), stamp).await?;
        let bound =
            sqlx::query(ADD_WORKTREE).bind(new.job.as_str()).bind(i64::from(new.attempt)).bind(self.time());
        self.run(bound).await.map(drop)
    }

    async fn worktree(&mut self, job: &JobId, attempt: u32) -> Result<Option<Row>, StoreError> {
        let row = self
            .one(
                sqlx::query(self.either(WORKTREE, LOCK_WORKTREE)).bind(job.as_str()).bind(i64::from(attempt)),
            )
            .await?;
        row.as_ref().map(worktree).transpose()
    }

    async fn stale_worktrees(&mut self, limit: u32) -> Result<Vec<Row>, StoreError> {
        let text = self.either(STALE_WORKTREES, TAKE_STALE_WORKTREES);
        let bound = sqlx::query(text).bind(self.time()).bind(i64::from(limit));
        self.all(bound).await?.iter().map(worktree).collect()
    }

    async fn renew_worktree(&mut self, job: &JobId, attempt: u32, lease: Millis) -> Result<bool, StoreError> {
        let until = At(self.time().0 + lease);
        let owned = |text: &'static str| sqlx::query(text).bind(job.as_str()).bind(i64::from(attempt));
        if self.run(owned(RENEW_WORKTREE).bind(until)).await? == 0 {
            return Ok(false);
        }
        self.run(owned(RENEW_LOCKS).bind(until)).await?;
        Ok(true)
    }

    async fn lock_holder(&mut self, lock: &Lock) -> Result<Option<LockHolder>, StoreError> {
        let row = self.one(sqlx::query(LOCK_HOLDER).bind(lock.to_string())).await?;
        row.as_ref().map(holder).transpose()
    }
}

fn worktree(row: &DbRow) -> Result<Row, StoreError> {
    let cells = Cells(row);
    Ok(Row {
        job: cells.id("job_id")?,
        attempt: cells.number("attempt")?,
        status: cells.word("status")?,
        locks: cells.json("locks")?,
        waits_since: cells.time_if("waits_since")?,
        lease_until: cells.time_if("lease_until")?,
        missing: cells.json_if("missing")?,
        error: cells.get("error")?,
        finished_at: cells.time_if("finished_at")?,
    })
}

fn holder(row: &DbRow) -> Result<LockHolder, StoreError> {
    let cells = Cells(row);
    Ok(LockHolder {
        job: cells.id("job_id")?,
        attempt: cells.number("attempt")?,
        expires_at: cells.time("expires_at")?,
    })
}
