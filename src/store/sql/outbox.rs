//! What other programs are told, written beside each row of the ledger.

use super::dialect::outbox_order;
use super::entries::Entry;
use super::statement::statements;
use super::tx::{DbTx, News};
use super::values::Document;
use crate::domain::event::{Payload, kind};
use crate::domain::id::{JobId, ProductId, StoryId, UserId};
use crate::store::{NewRun, StoreError};

/// $1 time, $2 type, $3 machine, $4 entity, $5 its place among the entity's rows, $6 event, $7 status before, $8 status
/// after, $9 payload; then whom it concerns.
macro_rules! add_event {
    ($whose:literal) => {
        concat!(
            "INSERT INTO outbox (xid, at, type, machine, entity, entity_seq, event, from_status, to_status, payload, ",
            "user_id, product_id) SELECT ",
            outbox_order!(writer),
            ", $1, $2, $3, $4, $5, $6, $7, $8, $9, ",
            $whose
        )
    };
}

statements! {
    ADD_EVENT = add_event!("$10, $11");
    ADD_EVENT_OF_JOB = add_event!("j.user_id, j.product_id FROM claude_jobs j WHERE j.id = $10");
    ADD_EVENT_OF_STORY = add_event!("CAST(NULL AS TEXT), s.product_id FROM stories s WHERE s.id = $10");
    ADD_EVENT_OF_RUN = add_event!("$11, s.product_id FROM sprints s WHERE s.id = $10");
}

/// What an event says besides the move.
pub(super) struct Told<'a> {
    pub(super) whose: Whose<'a>,
    pub(super) payload: Payload,
}

/// Whom an event concerns. A row that is only born refers to those that know; if they are not there, it is not born.
pub(super) enum Whose<'a> {
    /// As it was read: user and product.
    Known(Option<String>, Option<String>),
    User(&'a UserId, Option<&'a ProductId>),
    Product(&'a ProductId),
    Job(&'a JobId),
    Story(&'a StoryId),
    Run(&'a NewRun),
}

impl<'a> From<Whose<'a>> for Told<'a> {
    fn from(whose: Whose<'a>) -> Self {
        Self { whose, payload: Payload::default() }
    }
}

/// Adds an event to the outbox.
pub(super) async fn add(tx: &mut DbTx, entry: Entry<'_>, told: Told<'_>) -> Result<(), StoreError> {
    let text = match &told.whose {
        Whose::Known(..) | Whose::User(..) | Whose::Product(_) => ADD_EVENT,
        Whose::Job(_) => ADD_EVENT_OF_JOB,
        Whose::Story(_) => ADD_EVENT_OF_STORY,
        Whose::Run(_) => ADD_EVENT_OF_RUN,
    };
    let payload = written(&told.payload)?;
    let bound = sqlx::query(text)
        .bind(tx.time())
        .bind(kind(entry.machine, entry.event, entry.to))
        .bind(entry.machine)
        .bind(entry.entity)
        .bind(entry.entity_seq)
        .bind(entry.event)
        .bind(entry.from)
        .bind(entry.to)
        .bind(Document(payload));
    let bound = match told.whose {
        Whose::Known(user, product) => bound.bind(user).bind(product),
        Whose::User(user, product) => bound.bind(user.as_str()).bind(product.map(|id| id.as_str())),
        Whose::Product(product) => bound.bind(None::<&str>).bind(product.as_str()),
        Whose::Job(job) => bound.bind(job.as_str()),
        Whose::Story(story) => bound.bind(story.as_str()),
        Whose::Run(run) => bound.bind(run.sprint.as_str()).bind(run.started_by.as_str()),
    };
    tx.has(News::Told);
    tx.add(bound).await
}

/// A payload as it is kept.
pub(super) fn written(payload: &Payload) -> Result<String, StoreError> {
    serde_json::to_string(payload)
        .map_err(|error| StoreError::Inconsistent { what: format!("payload: {error}") })
}
