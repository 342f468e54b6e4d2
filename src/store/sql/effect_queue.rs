//! Which effects can be tried, whose process is gone, and lists for people.

use super::cells::Cells;
use super::dialect::{listed, skip_locked};
use super::effects::{effect, effects};
use super::many::list as ids;
use super::statement::{statements, visible};
use super::tx::DbTx;
use super::values::At;
use crate::domain::effect::{Kind, Status};
use crate::domain::id::{EffectId, JobId, UserId};
use crate::domain::machine::Word;
use crate::domain::time::{Millis, Timestamp};
use crate::store::{EffectCount, EffectOutcome, EffectRecord, StoreError};

/// Of one kind and one machine, so that what nobody here can do stands in nobody's way.
macro_rules! due {
    ($($lock:expr)?) => {
        effects!("e.kind = $1 AND e.host = $2 AND e.status IN ('PENDING', 'RETRY') AND NOT e.behind \
            AND e.due_at <= $3 ORDER BY e.due_at, e.id LIMIT $4" $(, $lock)?)
    };
}

macro_rules! abandoned {
    ($($lock:expr)?) => {
        effects!("e.kind = $1 AND e.host > '' AND e.host <> $2 AND e.status IN ('PENDING', 'RETRY') AND NOT e.behind \
            AND e.due_at < $3 ORDER BY e.host, e.due_at, e.id LIMIT $4" $(, $lock)?)
    };
}

macro_rules! expired {
    ($($lock:expr)?) => {
        effects!("e.lease_until < $1 ORDER BY e.lease_until, e.id LIMIT $2" $(, $lock)?)
    };
}

macro_rules! counts {
    ($($condition:expr)?) => {
        concat!("SELECT e.status, e.kind, count(*) AS effects, min(e.created_at) AS oldest FROM effects e \
            WHERE e.status IN ('PENDING', 'RUNNING', 'RETRY', 'GAVE_UP') AND e.status <> 'DONE'" $(, $condition)?,
            " GROUP BY e.status, e.kind ORDER BY e.status, e.kind")
    };
}

statements! {
    DUE_EFFECTS = due!();
    TAKE_EFFECTS = due!(skip_locked!());
    ABANDONED_EFFECTS = abandoned!();
    TAKE_ABANDONED_EFFECTS = abandoned!(skip_locked!());
    EXPIRED_EFFECTS = expired!();
    TAKE_EXPIRED_EFFECTS = expired!(skip_locked!());
    RENEW_EFFECT = "UPDATE effects SET lease_until = $3 WHERE id = $1 AND tries = $2 AND status = 'RUNNING'";
    LANE_WENT_ON = "SELECT EXISTS (SELECT 1 FROM effects e JOIN effects n ON n.lane = e.lane AND n.place > e.place \
        WHERE e.id = $1 AND n.tries > 0) AS so";
    EFFECTS_IN = effects!("e.status = $2 AND ", visible!("e.product_id"), " ORDER BY e.id DESC LIMIT $3");
    GIVEN_UP_EFFECTS = concat!("SELECT e.id FROM effects e WHERE e.status = 'GAVE_UP' AND e.id > $3 \
        AND e.finished_at <= $2 AND ", visible!("e.product_id"), " ORDER BY e.id LIMIT $4");
    EFFECTS_OF_JOBS = effects!("e.job_id ", listed!("$1"), " ORDER BY e.id LIMIT $2";
        and "e.effect_key, (SELECT l.facts FROM ledger l WHERE l.machine = 'effect' AND l.entity = e.id \
            AND l.entity_seq = e.ledger_seq) AS facts");
    COUNT_EFFECTS = counts!();
    COUNT_EFFECTS_OF_USER = counts!(concat!(" AND ", visible!("e.product_id")));
}

pub(super) async fn due(
    tx: &mut DbTx,
    kind: Kind,
    host: Option<&str>,
    limit: u32,
) -> Result<Vec<EffectRecord>, StoreError> {
    let bound = sqlx::query(tx.either(DUE_EFFECTS, TAKE_EFFECTS))
        .bind(kind.word())
        .bind(host.unwrap_or_default())
        .bind(tx.time())
        .bind(i64::from(limit));
    tx.all(bound).await?.iter().map(effect).collect()
}

pub(super) async fn abandoned(
    tx: &mut DbTx,
    kind: Kind,
    here: &str,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<EffectRecord>, StoreError> {
    let bound = sqlx::query(tx.either(ABANDONED_EFFECTS, TAKE_ABANDONED_EFFECTS))
        .bind(kind.word())
        .bind(here)
        .bind(At(before))
        .bind(i64::from(limit));
    tx.all(bound).await?.iter().map(effect).collect()
}

pub(super) async fn of_jobs(
    tx: &mut DbTx,
    jobs: &[JobId],
    limit: u32,
) -> Result<Vec<EffectOutcome>, StoreError> {
    let rows = tx.all(sqlx::query(EFFECTS_OF_JOBS).bind(ids(jobs)).bind(i64::from(limit))).await?;
    let outcome = |row| {
        let cells = Cells(row);
        let facts: Option<serde_json::Value> = cells.json_if("facts")?;
        let learned = facts.and_then(|facts| facts.get("learned").cloned()).unwrap_or_default();
        Ok(EffectOutcome { effect: effect(row)?, key: cells.get("effect_key")?, learned })
    };
    rows.iter().map(outcome).collect()
}

pub(super) async fn expired(tx: &mut DbTx, limit: u32) -> Result<Vec<EffectRecord>, StoreError> {
    let text = tx.either(EXPIRED_EFFECTS, TAKE_EXPIRED_EFFECTS);
    let bound = sqlx::query(text).bind(tx.time()).bind(i64::from(limit));
    tx.all(bound).await?.iter().map(effect).collect()
}

pub(super) async fn renew(
    tx: &mut DbTx,
    id: &EffectId,
    number: u32,
    lease: Millis,
) -> Result<bool, StoreError> {
    let until = At(tx.time().0 + lease);
    let bound = sqlx::query(RENEW_EFFECT).bind(id.as_str()).bind(i64::from(number)).bind(until);
    Ok(tx.run(bound).await? > 0)
}

pub(super) async fn went_on(tx: &mut DbTx, id: &EffectId) -> Result<bool, StoreError> {
    tx.scalar(sqlx::query(LANE_WENT_ON).bind(id.as_str())).await
}

pub(super) async fn list(
    tx: &mut DbTx,
    user: &UserId,
    status: Status,
    limit: u32,
) -> Result<Vec<EffectRecord>, StoreError> {
    let bound = sqlx::query(EFFECTS_IN).bind(user.as_str()).bind(status.word()).bind(i64::from(limit));
    tx.all(bound).await?.iter().map(effect).collect()
}

pub(super) async fn given_up(
    tx: &mut DbTx,
    user: &UserId,
    until: Timestamp,
    after: Option<&EffectId>,
    limit: u32,
) -> Result<Vec<EffectId>, StoreError> {
    let bound = sqlx::query(GIVEN_UP_EFFECTS)
        .bind(user.as_str())
        .bind(At(until))
        .bind(after.map_or("", EffectId::as_str))
        .bind(i64::from(limit));
    tx.all(bound).await?.iter().map(|row| Cells(row).id("id")).collect()
}

pub(super) async fn count(tx: &mut DbTx, user: Option<&UserId>) -> Result<Vec<EffectCount>, StoreError> {
    let bound = match user {
        Some(user) => sqlx::query(COUNT_EFFECTS_OF_USER).bind(user.as_str()),
        None => sqlx::query(COUNT_EFFECTS),
    };
    tx.all(bound)
        .await?
        .iter()
        .map(|row| {
            let cells = Cells(row);
            Ok(EffectCount {
                status: cells.word("status")?,
                kind: cells.word("kind")?,
                effects: cells.get("effects")?,
                oldest: cells.time("oldest")?,
            })
        })
        .collect()
}
