//! Worker processes.

use async_trait::async_trait;

use super::apply::{Texts, before, guarded};
use super::cells::Cells;
use super::dialect::{DbRow, lock};
use super::entries::Entry;
use super::moved::{entry_first, from_entry, next_of_entry, state};
use super::outbox::{self, Told, Whose};
use super::statement::statements;
use super::tx::{Bound, DbTx};
use super::values::At;
use crate::domain::event::{HEARTBEAT, Payload};
use crate::domain::id::{TokenId, WorkerId};
use crate::domain::machine::Word;
use crate::domain::worker::{Present, Row, Status, Worker};
use crate::store::{NewWorker, Stamp, StoreError, WorkerRecord, Workers};

macro_rules! worker {
    ($($lock:expr)?) => {
        concat!("SELECT token_id, instance_id, status, started_at, last_seen_at, last_quota_pct, last_quota_check_at, \
        absent_since, absent_how, user_id, product_id, hostname, pid FROM claude_workers \
        WHERE token_id = $1 AND instance_id = $2" $(, $lock)?)
    };
}

statements! {
    WORKER_BEFORE = before!("worker", "claude_workers", whose "e.user_id, e.product_id");
    MOVE_WORKER = guarded!("claude_workers",
        own "started_at = $6, last_seen_at = $7, last_quota_pct = $8, last_quota_check_at = $9, absent_since = $10, \
        absent_how = $11");
    ADD_WORKER = "INSERT INTO claude_workers (user_id, token_id, instance_id, product_id, hostname, pid, started_at, \
        last_seen_at, last_quota_pct, last_quota_check_at, status, status_event, ledger_seq, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'PRESENT', 'create', 1, $11, $11)";
    NOTE_SEEN = "UPDATE claude_workers SET last_seen_at = $3, last_quota_pct = $4, last_quota_check_at = $5, \
        updated_at = $6 WHERE token_id = $1 AND instance_id = $2 AND status = 'PRESENT' \
        RETURNING user_id, product_id, ledger_seq";
    WORKER = worker!();
    LOCK_WORKER = worker!(lock!("claude_workers"));
}

pub(super) const TEXTS: Texts = Texts { before: WORKER_BEFORE, guarded: MOVE_WORKER };

/// The columns that a move may change.
pub(super) fn own<'q>(bound: Bound<'q>, row: &'q Row) -> Bound<'q> {
    bound
        .bind(At(row.started_at))
        .bind(At(row.last_seen_at))
        .bind(row.last_quota_pct.map(i64::from))
        .bind(row.last_quota_check_at.map(At))
        .bind(row.absent_since.map(At))
        .bind(row.absent_how.map(Word::word))
}

#[async_trait]
impl Workers for DbTx {
    async fn add_worker(&mut self, new: &NewWorker, stamp: &Stamp) -> Result<(), StoreError> {
        let row = Row::from(new.worker.clone());
        let entity = format!("{}/{}", row.token_id, row.instance_id);
        let whose = Whose::User(&new.user, new.product.as_ref());
        let told = Told { whose, payload: Payload::of_worker(&row) };
        super::births::note(self, "worker", &entity, Status::Present, told, stamp).await?;
        let bound = sqlx::query(ADD_WORKER)
            .bind(new.user.as_str())
            .bind(row.token_id.as_str())
            .bind(row.instance_id.as_str())
            .bind(new.product.as_ref().map(|id| id.as_str()))
            .bind(new.hostname.as_deref())
            .bind(new.pid.map(i64::from))
            .bind(At(row.started_at))
            .bind(At(row.last_seen_at))
            .bind(row.last_quota_pct.map(i64::from))
            .bind(row.last_quota_check_at.map(At))
            .bind(self.time());
        self.run(bound).await.map(drop)
    }

    async fn worker(
        &mut self,
        token: &TokenId,
        instance: &WorkerId,
    ) -> Result<Option<WorkerRecord>, StoreError> {
        let bound =
            sqlx::query(self.either(WORKER, LOCK_WORKER)).bind(token.as_str()).bind(instance.as_str());
        self.one(bound).await?.as_ref().map(worker).transpose()
    }

    async fn note_seen(&mut self, worker: &Worker<Present>, told_quota: bool) -> Result<bool, StoreError> {
        let row = Row::from(worker.clone());
        let bound = sqlx::query(NOTE_SEEN)
            .bind(row.token_id.as_str())
            .bind(row.instance_id.as_str())
            .bind(At(row.last_seen_at))
            .bind(row.last_quota_pct.map(i64::from))
            .bind(row.last_quota_check_at.map(At))
            .bind(self.time());
        let Some(noted) = self.one(bound).await? else { return Ok(false) };
        if told_quota {
            let cells = Cells(&noted);
            let whose = Whose::Known(cells.get("user_id")?, cells.get("product_id")?);
            let (at, entity) = (row.status.word(), format!("{}/{}", row.token_id, row.instance_id));
            let entity_seq = cells.get("ledger_seq")?;
            let (machine, event) = ("worker", HEARTBEAT);
            let entry = Entry { machine, entity: &entity, entity_seq, from: Some(at), event, to: at };
            outbox::add(self, entry, Told { whose, payload: Payload::of_worker(&row) }).await?;
        }
        Ok(true)
    }
}

fn worker(row: &DbRow) -> Result<WorkerRecord, StoreError> {
    let cells = Cells(row);
    Ok(WorkerRecord {
        row: Row {
            token_id: cells.id("token_id")?,
            instance_id: cells.id("instance_id")?,
            status: cells.word("status")?,
            started_at: cells.time("started_at")?,
            last_seen_at: cells.time("last_seen_at")?,
            last_quota_pct: cells.number_if("last_quota_pct")?,
            last_quota_check_at: cells.time_if("last_quota_check_at")?,
            absent_since: cells.time_if("absent_since")?,
            absent_how: cells.word_if("absent_how")?,
        },
        user: cells.id("user_id")?,
        product: cells.id_if("product_id")?,
        hostname: cells.get("hostname")?,
        pid: cells.number_if("pid")?,
    })
}
