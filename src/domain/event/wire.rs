//! Events as other programs read them: one JSON object in one line.

use super::json::Json;
use super::kind::{JOB_ENQUEUED, JOB_STATUS, WORKER_CONNECTED, WORKER_DISCONNECTED, WORKER_HEARTBEAT, kind};
use super::payload::Payload;
use crate::domain::id::{ProductId, UserId};
use crate::domain::machine::Word;
use crate::domain::time::Timestamp;

/// The most bytes of an event's JSON: what PostgreSQL takes as the payload of a NOTIFY.
pub const WIRE_MAX: usize = 7999;

/// A birth (`from` absent, event `create`) or a move of one entity, or a worker's sign of life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The machine.
    pub machine: String,
    /// The entity's id, as the ledger keeps it.
    pub entity: String,
    /// The place among the entity's rows of the ledger, from 1; a sign of life has that of the row before it.
    pub entity_seq: i64,
    /// What happened.
    pub event: String,
    /// The status before; absent at birth.
    pub from: Option<String>,
    /// The status after.
    pub to: String,
    /// When, by the database's clock.
    pub at: Timestamp,
    /// The user whom it concerns alone, where there is one; else it concerns the people of the product.
    pub user: Option<UserId>,
    /// The product.
    pub product: Option<ProductId>,
    /// The small fields.
    pub payload: Payload,
}

impl Event {
    /// Its type.
    #[must_use]
    pub fn kind(&self) -> &str {
        kind(&self.machine, &self.event, &self.to)
    }
}

/// The JSON of an event. Those of jobs and workers have the fields of the original (`original` 14); all have `seq`, by
/// which, with the entity, who got an event twice knows it. `iso` writes a time.
#[must_use]
pub fn wire(event: &Event, iso: impl Fn(Timestamp) -> String) -> Json {
    let kind = event.kind();
    let base = Json::default().with("type", kind);
    let json = match kind {
        JOB_ENQUEUED | JOB_STATUS => job(event, base, iso),
        WORKER_CONNECTED | WORKER_DISCONNECTED => worker(event, base),
        WORKER_HEARTBEAT => {
            let quota = event.payload.last_quota_pct.map(i64::from);
            worker(event, base)
                .maybe("last_quota_pct", quota)
                .maybe("last_quota_check_at", event.payload.last_quota_check_at.map(iso))
        }
        _ => any(event, base, iso),
    };
    json.with("seq", event.entity_seq)
}

fn user(event: &Event) -> Option<&str> {
    event.user.as_ref().map(UserId::as_str)
}

fn product(event: &Event) -> Option<&str> {
    event.product.as_ref().map(ProductId::as_str)
}

fn job(event: &Event, base: Json, iso: impl Fn(Timestamp) -> String) -> Json {
    let told = &event.payload;
    let born = event.kind() == JOB_ENQUEUED;
    // Of a job that has a task, the task says what it is (`original` 14, late).
    let kind = told.kind.filter(|_| born || told.task_id.is_none());
    base.with("job_id", event.entity.as_str())
        .maybe("task_id", told.task_id.as_ref().map(|id| id.as_str()))
        .maybe("idea_id", told.idea_id.as_ref().map(|id| id.as_str()))
        .maybe("user_id", user(event))
        .maybe("product_id", product(event))
        .maybe("kind", kind.map(Word::word))
        .with("status", event.to.to_ascii_lowercase())
        .maybe("branch", told.branch.as_deref())
        .maybe("pushed_at", told.pushed_at.map(iso))
        .maybe("pr_url", told.pr_url.as_deref())
        .maybe("verify_result", told.verify_result.map(|result| result.word().to_ascii_lowercase()))
        .maybe("summary", told.summary.as_deref())
        .maybe("error", told.error.as_deref())
}

fn worker(event: &Event, base: Json) -> Json {
    let told = &event.payload;
    base.maybe("user_id", user(event))
        .maybe("token_id", told.token_id.as_ref().map(|id| id.as_str()))
        .maybe("instance_id", told.instance_id.as_ref().map(|id| id.as_str()))
        .maybe("product_id", product(event))
}

fn any(event: &Event, base: Json, iso: impl Fn(Timestamp) -> String) -> Json {
    base.with("id", event.entity.as_str())
        .with("event", event.event.as_str())
        .maybe("from", event.from.as_ref().map(|from| from.to_ascii_lowercase()))
        .with("status", event.to.to_ascii_lowercase())
        .maybe("user_id", user(event))
        .maybe("product_id", product(event))
        .with("at", iso(event.at))
}
