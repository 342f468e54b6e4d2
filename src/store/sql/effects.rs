//! What is to be done outside of the database.

use async_trait::async_trait;

use super::apply::{Texts, before, guarded};
use super::cells::Cells;
use super::dialect::{DbRow, lock};
use super::effect_queue;
use super::moved::{entry_first, from_entry, next_of_entry, state};
use super::outbox::Whose;
use super::statement::statements;
use super::tx::{Bound, DbTx};
use super::values::{At, Document};
use crate::domain::effect::{Change, Event, Kind, Row, Status};
use crate::domain::id::{EffectId, JobId, UserId};
use crate::domain::machine::Word;
use crate::domain::time::{Millis, Timestamp};
use crate::store::{
    Added, EffectCount, EffectOutcome, EffectRecord, Effects, Hold, NewEffect, Stamp, StoreError,
};

/// Effects, by what follows `WHERE`.
macro_rules! effects {
    ($($condition:expr),+ $(; and $more:expr)?) => {
        concat!(
            "SELECT e.id, e.kind, e.status, e.tries, e.tries_max, e.due_at, e.holder, e.lease_until, e.last_error, ",
            "e.finished_at, e.gave_up_why, e.dismissed_by, e.dismiss_reason, e.product_id, e.job_id, e.payload, ",
            "e.host, e.lane, e.behind, e.created_at", $(", ", $more,)? " FROM effects e WHERE ",
            $($condition),+
        )
    };
}

/// One that others of its lane wait for: it is not done, and no person gave up on it.
macro_rules! in_the_way {
    ($effect:literal) => {
        concat!($effect, ".status <> 'DONE' AND coalesce(", $effect, ".gave_up_why, '') <> 'dismissed'")
    };
}

pub(super) use effects;

statements! {
    EFFECT_BEFORE = before!("effect", "effects", whose "NULL AS user_id, e.product_id", fence "tries = $3");
    MOVE_EFFECT = guarded!("effects",
        own "tries = $7, tries_max = $8, due_at = $9, holder = $10, lease_until = $11, last_error = $12, \
        finished_at = $13, gave_up_why = $14, dismissed_by = $15, dismiss_reason = $16",
        fence "tries = $6");
    ADD_EFFECT = "INSERT INTO effects (id, kind, product_id, job_id, payload, tries, tries_max, due_at, status, \
        status_event, ledger_seq, created_at, updated_at, host, lane, place, behind, effect_key) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'PENDING', 'create', 1, $9, $9, $10, $11, $12, $13, $14) \
        ON CONFLICT (effect_key) WHERE effect_key IS NOT NULL DO NOTHING RETURNING id";
    EFFECT_WITH_KEY = "SELECT e.id FROM effects e WHERE e.effect_key = $1";
    END_OF_LANE = concat!("SELECT coalesce(max(o.place), 0) AS place, \
        coalesce(sum(CASE WHEN ", in_the_way!("o"), " THEN 1 ELSE 0 END), 0) > 0 AS busy FROM effects o WHERE o.lane = $1");
    EFFECT = effects!("e.id = $1");
    LOCK_EFFECT = effects!("e.id = $1", lock!("e"));
    // Only the first that is in the way is not behind; one that was tried is before all that were not.
    ORDER_LANE = concat!("UPDATE effects SET behind = (status = 'PENDING' AND place > (SELECT min(o.place) \
        FROM effects o WHERE o.lane = effects.lane AND ", in_the_way!("o"), ")) \
        WHERE lane = (SELECT l.lane FROM effects l WHERE l.id = $1) AND status <> 'DONE'");
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

/// A lane goes on when one of it is over, and waits again when a person has it tried again.
pub(super) async fn follow(tx: &mut DbTx, change: &Change) -> Result<(), StoreError> {
    match change.event() {
        Event::Succeed | Event::Dismiss | Event::Again => {
            let moved = tx.run(sqlx::query(ORDER_LANE).bind(change.row().id.as_str())).await?;
            if moved > 0 || change.after() == Status::Pending {
                tx.stirs();
            }
            Ok(())
        }
        Event::Start | Event::Fail | Event::Refuse | Event::Expire => Ok(()),
    }
}

/// The last place of a lane, and whether somebody in it is in the way.
async fn end_of_lane(tx: &mut DbTx, lane: &str) -> Result<(i64, bool), StoreError> {
    let row = tx.written(sqlx::query(END_OF_LANE).bind(lane), "effects").await?;
    let cells = Cells(&row);
    Ok((cells.get("place")?, cells.get("busy")?))
}

/// The one that has its key already.
async fn with_key(tx: &mut DbTx, new: &NewEffect) -> Result<Option<EffectId>, StoreError> {
    let Some(key) = &new.key else { return Ok(None) };
    let row = tx.one(sqlx::query(EFFECT_WITH_KEY).bind(key)).await?;
    row.map(|row| Cells(&row).id("id")).transpose()
}

#[async_trait]
impl Effects for DbTx {
    async fn add_effect(&mut self, new: &NewEffect, stamp: &Stamp) -> Result<Added, StoreError> {
        if let Some(there) = with_key(self, new).await? {
            return Ok(Added::There(there));
        }
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
        let (place, behind) = match &new.lane {
            Some(lane) => {
                // Whoever ends one of it at this moment is waited for.
                self.hold_lane(lane).await?;
                let (last, busy) = end_of_lane(self, lane).await?;
                (Some(last + 1), busy)
            }
            None => (None, false),
        };
        let bound = sqlx::query(ADD_EFFECT)
            .bind(row.id.as_str())
            .bind(row.kind.word())
            .bind(new.product.as_str())
            .bind(new.job.as_ref().map(|id| id.as_str()))
            .bind(Document(new.payload.to_string()))
            .bind(i64::from(row.tries))
            .bind(i64::from(row.tries_max))
            .bind(row.due_at.map(At))
            .bind(self.time())
            .bind(new.host.as_deref().unwrap_or_default())
            .bind(new.lane.as_deref())
            .bind(place)
            .bind(behind)
            .bind(new.key.as_deref());
        self.stirs();
        self.first(bound, "effect", row.id.as_str(), "the first with its key").await?;
        Ok(Added::New)
    }

    async fn effect(&mut self, id: &EffectId) -> Result<Option<EffectRecord>, StoreError> {
        self.one(sqlx::query(self.either(EFFECT, LOCK_EFFECT)).bind(id.as_str()))
            .await?
            .as_ref()
            .map(effect)
            .transpose()
    }

    async fn due_effects(
        &mut self,
        kind: Kind,
        host: Option<&str>,
        limit: u32,
    ) -> Result<Vec<EffectRecord>, StoreError> {
        effect_queue::due(self, kind, host, limit).await
    }
    async fn abandoned_effects(
        &mut self,
        kind: Kind,
        here: &str,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<EffectRecord>, StoreError> {
        effect_queue::abandoned(self, kind, here, before, limit).await
    }
    async fn effects_of_jobs(
        &mut self,
        jobs: &[JobId],
        limit: u32,
    ) -> Result<Vec<EffectOutcome>, StoreError> {
        effect_queue::of_jobs(self, jobs, limit).await
    }
    async fn expired_effects(&mut self, limit: u32) -> Result<Vec<EffectRecord>, StoreError> {
        effect_queue::expired(self, limit).await
    }
    async fn renew_effect(&mut self, id: &EffectId, number: u32, lease: Millis) -> Result<bool, StoreError> {
        effect_queue::renew(self, id, number, lease).await
    }
    async fn lane_went_on(&mut self, id: &EffectId) -> Result<bool, StoreError> {
        effect_queue::went_on(self, id).await
    }
    async fn effects_in(
        &mut self,
        user: &UserId,
        status: Status,
        limit: u32,
    ) -> Result<Vec<EffectRecord>, StoreError> {
        effect_queue::list(self, user, status, limit).await
    }
    async fn given_up_effects(
        &mut self,
        user: &UserId,
        until: Timestamp,
        after: Option<&EffectId>,
        limit: u32,
    ) -> Result<Vec<EffectId>, StoreError> {
        effect_queue::given_up(self, user, until, after, limit).await
    }
    async fn count_effects(&mut self, user: Option<&UserId>) -> Result<Vec<EffectCount>, StoreError> {
        effect_queue::count(self, user).await
    }
}

pub(super) fn effect(row: &DbRow) -> Result<EffectRecord, StoreError> {
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
        host: cells.get::<Option<String>>("host")?.filter(|host| !host.is_empty()),
        lane: cells.get("lane")?,
        behind: cells.get("behind")?,
        created_at: cells.time("created_at")?,
    })
}
