//! The queue: who is next, who waits until when, whose lease ran out.

use super::cells::Cells;
use super::claim_facts::claim_facts;
use super::dialect::{ALONE, skip_locked};
use super::job_rows::{self, job_cells, seen_jobs};
use super::statement::{statements, visible};
use super::tx::DbTx;
use super::values::At;
use crate::domain::id::{JobId, ProductId, UserId};
use crate::domain::time::Timestamp;
use crate::store::{Remaining, StoreError};

/// Jobs whose wait ended that one claim takes note of; the next claim goes on.
const DUE_AT_ONCE: u32 = 100;

/// Nobody holds a job of this one's branch, of whatever run: the index that keeps two from being held is asked.
macro_rules! branch_is_free {
    ($job:literal) => {
        concat!(
            " AND NOT EXISTS (SELECT 1 FROM claude_jobs h WHERE h.repo_key = ",
            $job,
            ".repo_key AND h.branch = ",
            $job,
            ".branch AND h.status IN ('CLAIMED', 'RUNNING'))"
        )
    };
}

/// A job that can be claimed, and whether the wait of another one has ended unnoticed.
macro_rules! take {
    ($which:literal) => {
        seen_jobs!(
            "claude_jobs j WHERE j.user_id = $1", $which, " AND j.status = 'QUEUED' AND j.ready AND NOT j.waiting \
                AND j.not_before <= $2", branch_is_free!("j"), " ORDER BY j.created_at, j.sprint_sequence, j.id LIMIT 1", skip_locked!();
            and concat!("EXISTS (SELECT 1 FROM claude_jobs w WHERE w.user_id = $1 AND w.status = 'QUEUED' AND w.ready \
                AND w.waiting AND w.not_before <= $2) AS due, ", claim_facts!())
        )
    };
}

statements! {
    FIRST_CLAIMABLE = concat!("SELECT id FROM claude_jobs j WHERE user_id = $1 \
        AND status = 'QUEUED' AND ready AND NOT waiting AND not_before <= $2", branch_is_free!("j"), " \
        ORDER BY created_at, sprint_sequence, id LIMIT 1");
    TAKE_CLAIMABLE = take!("");
    FIRST_CLAIMABLE_OF_PRODUCT = concat!("SELECT id FROM claude_jobs j WHERE user_id = $1 AND product_id = $3 \
        AND status = 'QUEUED' AND ready AND NOT waiting AND not_before <= $2", branch_is_free!("j"), " \
        ORDER BY created_at, sprint_sequence, id LIMIT 1");
    TAKE_CLAIMABLE_OF_PRODUCT = take!(" AND j.product_id = $3");
    ANY_CLAIMABLE = concat!("SELECT EXISTS (SELECT 1 FROM claude_jobs j WHERE user_id = $1 \
            AND status = 'QUEUED' AND ready AND NOT waiting AND not_before <= $2", branch_is_free!("j"), ") \
        OR EXISTS (SELECT 1 FROM claude_jobs j WHERE user_id = $1 \
            AND status = 'QUEUED' AND ready AND waiting AND not_before <= $2", branch_is_free!("j"), ") AS so");
    NOTE_DUE = concat!("UPDATE claude_jobs SET waiting = FALSE WHERE id IN (SELECT id FROM claude_jobs WHERE user_id = $1 \
        AND status = 'QUEUED' AND ready AND waiting AND not_before <= $2 \
        ORDER BY not_before, id LIMIT $3", skip_locked!(), ")");
    FIRST_DUE = concat!("SELECT id FROM claude_jobs j WHERE user_id = $1 AND (CAST($3 AS TEXT) IS NULL OR product_id = $3) \
        AND status = 'QUEUED' AND ready AND waiting AND not_before <= $2", branch_is_free!("j"), " \
        ORDER BY not_before, id LIMIT 1");
    NEXT_DUE = concat!("SELECT not_before FROM claude_jobs j WHERE user_id = $1 \
        AND (CAST($2 AS TEXT) IS NULL OR product_id = $2) AND status = 'QUEUED' AND ready AND waiting", branch_is_free!("j"), " \
        ORDER BY not_before, id LIMIT 1");
    STALE = "SELECT id FROM claude_jobs WHERE lease_until < $1 ORDER BY lease_until, id LIMIT $2";
    // Also what waits for a branch to be free: nobody but the one who holds it has to do anything for that. So it is read
    // from its index alone.
    REMAINING = "SELECT product_id, count(*) AS open, count(*) FILTER (WHERE status = 'QUEUED' AND ready \
            AND not_before <= $2) AS claimable \
        FROM claude_jobs WHERE user_id = $1 AND status IN ('QUEUED', 'CLAIMED', 'RUNNING') GROUP BY product_id";
}

/// The first job that can be claimed. Jobs that still wait, or stand behind others, are not in the index it reads, but
/// for those that a clock which stepped back makes wait again.
pub(super) async fn first_claimable(
    tx: &mut DbTx,
    user: &UserId,
    product: Option<&ProductId>,
) -> Result<Option<JobId>, StoreError> {
    let now = tx.time();
    let product = product.map(ProductId::as_str);
    let look = |all, of_product| match product {
        Some(product) => sqlx::query(of_product).bind(user.as_str()).bind(now).bind(product),
        None => sqlx::query(all).bind(user.as_str()).bind(now),
    };
    if !tx.writes() {
        let mut row = tx.one(look(FIRST_CLAIMABLE, FIRST_CLAIMABLE_OF_PRODUCT)).await?;
        if row.is_none() {
            // A transaction that reads cannot note that a wait ended; it looks among those that wait.
            row = tx.one(sqlx::query(FIRST_DUE).bind(user.as_str()).bind(now).bind(product)).await?;
        }
        return row.map(|row| Cells(&row).id("id")).transpose();
    }
    let mut row = tx.one(look(TAKE_CLAIMABLE, TAKE_CLAIMABLE_OF_PRODUCT)).await?;
    let due = row.as_ref().map(|row| Cells(row).get("due")).transpose()?;
    if due != Some(false) {
        let noted = sqlx::query(NOTE_DUE).bind(user.as_str()).bind(now).bind(i64::from(DUE_AT_ONCE));
        if tx.run(noted).await? > 0 {
            row = tx.one(look(TAKE_CLAIMABLE, TAKE_CLAIMABLE_OF_PRODUCT)).await?;
        }
    }
    row.as_ref().map(|row| job_rows::take(tx, row)).transpose()
}

pub(super) async fn any_claimable(tx: &mut DbTx, user: &UserId) -> Result<bool, StoreError> {
    let now = tx.time();
    tx.scalar(sqlx::query(ANY_CLAIMABLE).bind(user.as_str()).bind(now)).await
}

pub(super) async fn next_due(
    tx: &mut DbTx,
    user: &UserId,
    product: Option<&ProductId>,
) -> Result<Option<Timestamp>, StoreError> {
    let row = tx.one(sqlx::query(NEXT_DUE).bind(user.as_str()).bind(product.map(ProductId::as_str))).await?;
    row.map(|row| Cells(&row).time("not_before")).transpose()
}

pub(super) async fn stale(tx: &mut DbTx, now: Timestamp, limit: u32) -> Result<Vec<JobId>, StoreError> {
    if let (true, Some(alone)) = (tx.writes(), ALONE)
        && !tx.scalar::<bool>(sqlx::query(alone)).await?
    {
        return Ok(Vec::new());
    }
    let rows = tx.all(sqlx::query(STALE).bind(At(now)).bind(i64::from(limit))).await?;
    rows.iter().map(|row| Cells(row).id("id")).collect()
}

pub(super) async fn remaining(tx: &mut DbTx, user: &UserId) -> Result<Vec<Remaining>, StoreError> {
    let now = tx.time();
    let rows = tx.all(sqlx::query(REMAINING).bind(user.as_str()).bind(now)).await?;
    rows.iter()
        .map(|row| {
            let cells = Cells(row);
            Ok(Remaining {
                product: cells.id("product_id")?,
                open: cells.get("open")?,
                claimable: cells.get("claimable")?,
            })
        })
        .collect()
}
