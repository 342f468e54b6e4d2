//! The outbox: an event beside every row of the ledger, in order, kept until everybody has handled it.

mod backlog;
mod consumers;
pub(crate) mod follows;
mod order;
mod prune;
mod written;

use sprintgate::domain::event::Event;
use sprintgate::store::{EventRecord, Place, Store};

use super::ctx::Ctx;
use super::database::settled;
use super::raw::connect;

/// Every row of the ledger is told; how many there are.
pub(super) async fn all_is_told(ctx: &Ctx) -> usize {
    follows::follows_the_ledger(&mut connect(ctx).await).await
}

/// Every event, oldest first.
async fn all(ctx: &Ctx) -> Vec<EventRecord> {
    settled(ctx).await;
    ctx.store.read().await.unwrap().events_after(Place::START, 10_000).await.unwrap()
}

/// An event in a line.
fn line(event: &Event) -> String {
    let from = event.from.as_deref().unwrap_or("");
    format!("{} {} {}: {from} {} {}", event.machine, event.entity, event.entity_seq, event.event, event.to)
}

async fn lines(ctx: &Ctx) -> Vec<String> {
    all(ctx).await.iter().map(|record| line(&record.event)).collect()
}
