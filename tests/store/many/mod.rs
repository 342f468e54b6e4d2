//! Many rows at once come to the same as one after the other.

mod moves;
mod newborn;
mod renewals;

use sprintgate::store::{Store, entry_hash};
use sqlx::{AssertSqlSafe, Row};

use super::ctx::{Ctx, id};
use super::raw::connect;

/// What the database says of an entity: its ledger, which is a chain, and what was told of it.
async fn told_of(ctx: &Ctx, machine: &str, entity: &str) -> Vec<String> {
    let mut said = Vec::new();
    let mut prev = "0".repeat(64);
    for row in ctx.store.read().await.unwrap().history(machine, entity, 99).await.unwrap() {
        assert_eq!((&row.prev_hash, &row.hash), (&prev, &entry_hash(&row)), "{entity}");
        said.push(format!(
            "{} {:?} {} {} {} {} {:?} {} {} {:?}",
            row.entity_seq,
            row.from,
            row.event,
            row.to,
            row.actor_kind,
            row.actor_id,
            row.attempt,
            row.at,
            row.facts,
            row.evidence
        ));
        prev = row.hash;
    }
    let sql = format!(
        "SELECT type, event, from_status, to_status, CAST(payload AS TEXT) AS payload, user_id, product_id \
         FROM outbox WHERE machine = '{machine}' AND entity = '{entity}' ORDER BY entity_seq"
    );
    for row in sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut connect(ctx).await).await.unwrap() {
        let cells: Vec<Option<String>> = (0..7).map(|cell| row.get(cell)).collect();
        said.push(format!("{cells:?}"));
    }
    said
}

/// Everything that is kept of a job, its attempts and its task.
async fn job(ctx: &Ctx, name: &str) -> Vec<String> {
    let mut tx = ctx.store.read().await.unwrap();
    let mut said = vec![format!("{:?}", tx.job(&id(name)).await.unwrap())];
    said.push(format!("{:?}", tx.task(&id("u"), &id(name)).await.unwrap().map(|task| task.status)));
    let attempts = tx.attempts(&id(name)).await.unwrap();
    drop(tx);
    said.extend(told_of(ctx, "job", name).await);
    said.extend(told_of(ctx, "task", name).await);
    for attempt in attempts {
        said.extend(told_of(ctx, "attempt", &format!("{name}/{}", attempt.row.number)).await);
        said.push(format!("{attempt:?}"));
    }
    said
}

/// The same words for those of the one kind and of the other.
fn alike(said: Vec<String>, name: &str) -> Vec<String> {
    said.into_iter().map(|line| line.replace(name, "it")).collect()
}
