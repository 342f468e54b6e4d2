//! Effects for people: what waits, for what, and since when.

use crate::domain::effect::{Status, TRANSITIONS};
use crate::domain::id::EffectId;
use crate::domain::machine::{Word, legal};
use crate::domain::time::Timestamp;
use crate::flow::fresh::iso;
use crate::flow::jobs::history;
use crate::flow::wire::{EffectDetail, EffectTally, EffectView, Effects};
use crate::flow::{FlowError, Handlers, Session, Sprintgate, text};
use crate::store::{EffectCount, EffectRecord, Tx};

/// Ledger rows of an effect that are shown.
const HISTORY_MAX: u32 = 500;

/// What is listed when nobody says: everything that is not done.
const OPEN: [Status; 4] = [Status::GaveUp, Status::Retry, Status::Running, Status::Pending];

impl Sprintgate {
    /// The effects that the caller can see, newest first, at most `limit`: in one status, or all that are not DONE; and
    /// how many there are that are not DONE.
    ///
    /// # Errors
    /// `UNAUTHENTICATED`.
    pub async fn list_effects(
        &self,
        session: &Session,
        status: Option<Status>,
        limit: u32,
    ) -> Result<Effects, FlowError> {
        let mut tx = self.store.read().await?;
        let caller = self.caller(&mut *tx, session).await?;
        caller.may_read()?;
        let wanted = status.as_ref().map_or(&OPEN[..], std::slice::from_ref);
        let mut records = Vec::new();
        for status in wanted {
            records.extend(tx.effects_in(caller.user(), *status, limit).await?);
        }
        records.sort_by(|one, other| other.row.id.cmp(&one.row.id));
        records.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let counts = tx.count_effects(Some(caller.user())).await?;
        let now = tx.now();
        Ok(Effects {
            result: records.into_iter().map(|record| self.view_effect(session, record, now)).collect(),
            counts: counts.into_iter().map(|count| tally(count, now)).collect(),
        })
    }

    /// One effect with its history.
    ///
    /// # Errors
    /// `NOT_FOUND` for one that the caller cannot see.
    pub async fn show_effect(&self, session: &Session, effect: &str) -> Result<EffectDetail, FlowError> {
        let mut tx = self.store.read().await?;
        let record = self.seen_effect(&mut *tx, session, effect).await?;
        let history_of = tx.history("effect", record.row.id.as_str(), HISTORY_MAX).await?;
        let legal_next = legal(TRANSITIONS, record.row.status);
        let now = tx.now();
        Ok(EffectDetail {
            payload: record.payload.clone(),
            effect: self.view_effect(session, record, now),
            history: history_of.into_iter().map(history).collect(),
            legal_next: legal_next.into_iter().map(|event| event.word().to_owned()).collect(),
        })
    }

    /// An effect of a product that the caller can see.
    pub(super) async fn seen_effect(
        &self,
        tx: &mut dyn Tx,
        session: &Session,
        effect: &str,
    ) -> Result<EffectRecord, FlowError> {
        let caller = self.caller(tx, session).await?;
        caller.may_read()?;
        let absent = || FlowError::not_found("effect", effect);
        let id: EffectId = text::id("effect_id", effect)?;
        let record = tx.effect(&id).await?.ok_or_else(absent)?;
        tx.product(caller.user(), &record.product).await?.ok_or_else(absent)?;
        Ok(record)
    }

    /// An effect as people and programs see it.
    pub(super) fn view_effect(&self, session: &Session, record: EffectRecord, now: Timestamp) -> EffectView {
        view(record, &self.effect_handlers(session.worker_id().clone()), &self.settings.host, now)
    }
}

fn view(record: EffectRecord, handlers: &Handlers, host: &str, now: Timestamp) -> EffectView {
    let waits_for = waits_for(&record, handlers, host, now);
    let row = record.row;
    EffectView {
        effect_id: row.id.to_string(),
        kind: row.kind.word().to_owned(),
        status: row.status.word().to_owned(),
        waits_for,
        product_id: record.product.to_string(),
        job_id: record.job.map(Into::into),
        host: record.host,
        lane: record.lane,
        tries: row.tries,
        tries_max: row.tries_max,
        due_at: row.due_at.map(iso),
        holder: row.holder.map(Into::into),
        lease_until: row.lease_until.map(iso),
        error: row.last_error,
        gave_up_why: row.gave_up_why.map(|why| why.word().to_owned()),
        dismissed_by: row.dismissed_by.map(Into::into),
        dismiss_reason: row.dismiss_reason,
        created_at: iso(record.created_at),
        age_seconds: seconds(record.created_at, now),
        finished_at: row.finished_at.map(iso),
    }
}

/// What keeps an effect from being tried here and now; nothing for one that is over or due.
fn waits_for(record: &EffectRecord, handlers: &Handlers, host: &str, now: Timestamp) -> Option<String> {
    let row = &record.row;
    match row.status {
        Status::Done | Status::GaveUp => None,
        Status::Running if row.lease_until.is_some_and(|until| until < now) => {
            Some("its process gave no sign of life; the next pass takes it back".to_owned())
        }
        Status::Running => Some("the process that tries it".to_owned()),
        Status::Pending | Status::Retry if record.behind => Some("the one before it in its lane".to_owned()),
        Status::Pending | Status::Retry => {
            if !handlers.of.contains_key(&row.kind) {
                Some(format!("a process that does {}; this program does not", row.kind))
            } else if record.host.as_deref().is_some_and(|only| only != host) {
                Some(format!("a process on {}", record.host.as_deref().unwrap_or_default()))
            } else {
                row.due_at.filter(|due| *due > now).map(|due| format!("its time, {}", iso(due)))
            }
        }
    }
}

fn tally(count: EffectCount, now: Timestamp) -> EffectTally {
    EffectTally {
        status: count.status.word().to_owned(),
        kind: count.kind.word().to_owned(),
        effects: count.effects,
        oldest_at: iso(count.oldest),
        oldest_age_seconds: seconds(count.oldest, now),
    }
}

fn seconds(since: Timestamp, now: Timestamp) -> i64 {
    (now - since).0.max(0) / 1000
}
