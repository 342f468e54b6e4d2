//! What is to be done outside of the database.

use async_trait::async_trait;

use super::apply::{Texts, before, guarded};
use super::cells::Cells;
use super::dialect::{DbRow, lock};
use super::moved::{entry_first, from_entry, next_of_entry, state};
use super::outbox::Whose;
use super::statement::statements;
use super::tx::{Bound, DbTx};
use super::values::{At, Document};
use crate::domain::effect::{Row, Status};
use crate::domain::id::EffectId;
use crate::domain::machine::Word;
use crate::store::{EffectRecord, Effects, NewEffect, Stamp, StoreError};

macro_rules! effect {
    ($($lock:expr)?) => {
        concat!("SELECT id, kind, status, tries, tries_max, due_at, holder, lease_until, last_error, finished_at, \
        gave_up_why, dismissed_by, dismiss_reason, product_id, job_id, payload, created_at \
        FROM effects WHERE id = $1" $(, $lock)?)
    };
}

statements! {
    EFFECT_BEFORE = before!("effect", "effects", whose "NULL AS user_id, e.product_id", fence "tries = $3");
    MOVE_EFFECT = guarded!("effects",
        own "tries = $7, tries_max = $8, due_at = $9, holder = $10, lease_until = $11, last_error = $12, \
        finished_at = $13, gave_up_why = $14, dismissed_by = $15, dismiss_reason = $16",
        fence "tries = $6");
    ADD_EFFECT = "INSERT INTO effects (id, kind, product_id, job_id, payload, tries, tries_max, due_at, status, \
        status_event, ledger_seq, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'PENDING', 'create', 1, $9, $9)";
    EFFECT = effect!();
    LOCK_EFFECT = effect!(lock!("effects"));
}

pub(super) const TEXTS: Texts = Texts { before: EFFECT_BEFORE, guarded: MOVE_EFFECT };

/// The columns that a move may change.
pub(super) fn own<'q>(bound: Bound<'q>, row: &'q Row) -> Bound<'q> {
    bound
        .bind(i64::from(row.tries))
        .bind(i64::from(row.tries_max))
        .bind(row.due_at.map(At))
        .bind(row.holder.as_ref().map(|id| id.as_str()))
        .bind(row.lease_until.map(At))
        .bind(row.last_error.as_deref())
        .bind(row.finished_at.map(At))
        .bind(row.gave_up_why.map(Word::word))
        .bind(row.dismissed_by.as_ref().map(|id| id.as_str()))
        .bind(row.dismiss_reason.as_deref())
}

#[async_trait]
impl Effects for DbTx {
    async fn add_effect(&mut self, new: &NewEffect, stamp: &Stamp) -> Result<(), StoreError> {
        let row = Row::from(new.effect.clone());
        super::births::note(
            self,
            "effect",
            row.id.as_str(),
            Status::Pending,
            Whose::Product(&new.product),
            stamp,
        )
        .await?;
        let bound = sqlx::query(ADD_EFFECT)
            .bind(row.id.as_str())
            .bind(row.kind.word())
            .bind(new.product.as_str())
            .bind(new.job.as_ref().map(|id| id.as_str()))
            .bind(Document(new.payload.to_string()))
            .bind(i64::from(row.tries))
            .bind(i64::from(row.tries_max))
            .bind(row.due_at.map(At))
            .bind(self.time());
        self.run(bound).await.map(drop)
    }

    async fn effect(&mut self, id: &EffectId) -> Result<Option<EffectRecord>, StoreError> {
        self.one(sqlx::query(self.either(EFFECT, LOCK_EFFECT)).bind(id.as_str()))
            .await?
            .as_ref()
            .map(effect)
            .transpose()
    }
}

fn effect(row: &DbRow) -> Result<EffectRecord, StoreError> {
    let cells = Cells(row);
    Ok(EffectRecord {
        row: Row {
            id: cells.id("id")?,
            kind: cells.word("kind")?,
            status: cells.word("status")?,
            tries: cells.number("tries")?,
            tries_max: cells.number("tries_max")?,
            due_at: cells.time_if("due_at")?,
            holder: cells.id_if("holder")?,
            lease_until: cells.time_if("lease_until")?,
            last_error: cells.get("last_error")?,
            finished_at: cells.time_if("finished_at")?,
            gave_up_why: cells.word_if("gave_up_why")?,
            dismissed_by: cells.id_if("dismissed_by")?,
            dismiss_reason: cells.get("dismiss_reason")?,
        },
        product: cells.id("product_id")?,
        job: cells.id_if("job_id")?,
        payload: cells.json("payload")?,
        created_at: cells.time("created_at")?,
    })
}
