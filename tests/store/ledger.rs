//! The ledger: whole, chained, never changed, and the same story that the tables tell.

use std::collections::BTreeMap;

use sprintgate::domain::actor::Actor;
use sprintgate::domain::job::{Failure, Stop};
use sprintgate::domain::law::MACHINES;
use sprintgate::store::{Change, GENESIS, Stamp, Store, entry_hash};

use super::ctx::{Ctx, id};
use super::database::REPLACES;
use super::raw::{attempt, connect};

async fn lives() -> Ctx {
    let ctx = Ctx::new().await;
    for (n, end) in ["done", "failed", "cancelled", "back"].into_iter().enumerate() {
        let job = ctx.job(&format!("j{n}")).await;
        ctx.claim(&job).await;
        if end == "back" {
            ctx.release(&job).await;
            continue;
        }
        ctx.start(&job).await;
        match end {
            "done" => ctx.finish(&job).await,
            "failed" => ctx.fail(&job, Failure::Reported("no".into())).await,
            _ => ctx.cancel(&job, Stop::by_user("not needed")).await,
        }
    }
    ctx
}

#[tokio::test]
async fn the_chain_recomputes_and_folds_into_the_tables() {
    let ctx = lives().await;
    let mut tx = ctx.store.read().await.unwrap();
    let entries = tx.ledger_after(0, 1000).await.unwrap();
    let mut last = BTreeMap::new();
    for entry in &entries {
        assert_eq!(entry.hash, entry_hash(entry));
        let key = (entry.machine.clone(), entry.entity.clone());
        match last.insert(key, entry) {
            None => {
                assert_eq!((entry.entity_seq, entry.prev_hash.as_str()), (1, GENESIS));
                assert_eq!((entry.event.as_str(), &entry.from), ("create", &None));
            }
            Some(before) => {
                assert_eq!(entry.prev_hash, before.hash);
                assert_eq!(entry.from.as_ref(), Some(&before.to));
                assert_eq!(entry.entity_seq, before.entity_seq + 1);
            }
        }
    }
    let mut entities = 0;
    for machine in MACHINES {
        for now in tx.current(machine, "", 1000).await.unwrap() {
            let entry = last.remove(&((*machine).to_owned(), now.entity.clone())).unwrap();
            assert_eq!((&entry.to, entry.entity_seq), (&now.status, now.ledger_seq));
            entities += 1;
        }
    }
    assert!(last.is_empty() && entities > 10, "{last:?}");
    // Pages follow each other.
    let page = tx.ledger_after(entries[2].seq, 2).await.unwrap();
    assert_eq!(page, entries[3..5]);
}

#[tokio::test]
async fn the_ledger_is_never_changed() {
    let ctx = lives().await;
    let mut raw = connect(&ctx).await;
    for (sql, said) in [
        ("UPDATE ledger SET event = 'finish'", "ledger: a row is never changed"),
        ("DELETE FROM ledger", "ledger: a row is never deleted"),
        (
            "INSERT OR REPLACE INTO ledger SELECT * FROM ledger WHERE seq = 3",
            "duplicate key: ledger.machine, ledger.entity, ledger.entity_seq",
        ),
        (
            "INSERT OR REPLACE INTO ledger SELECT seq, machine, 'other', 1, NULL, event, to_status, actor_kind, actor_id, \
             attempt, at, facts, evidence, prev_hash, hash FROM ledger WHERE seq = 1",
            "ledger: a row is never replaced",
        ),
        (
            "INSERT INTO ledger SELECT NULL, machine, entity, 9, 'QUEUED', event, to_status, actor_kind, actor_id, \
             attempt, at, facts, evidence, hash, hash FROM ledger WHERE seq = 1",
            "ledger: a row follows the one before it",
        ),
    ] {
        if REPLACES || !sql.contains("OR REPLACE") {
            assert_eq!(attempt(&mut raw, sql).await, Err(said.to_owned()), "{sql}");
        }
    }
}

#[tokio::test]
async fn a_row_says_who_did_what_and_why() {
    let ctx = Ctx::new().await;
    let job = ctx.job("j").await;
    let sprintgate::domain::job::AnyJob::Queued(queued) = ctx.any(&job).await else { panic!() };
    let mut tx = ctx.store.begin().await.unwrap();
    let step = queued.cancel(Stop::by_user("not needed"), tx.now());
    let stamp = Stamp {
        actor: Actor::Human(id("u")),
        attempt: Some(3),
        facts: serde_json::json!({"status": "QUEUED"}),
        evidence: Some("e".repeat(64)),
    };
    tx.apply(Change::Job(step.into()), &stamp).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = ctx.store.read().await.unwrap();
    let entry = tx.history("job", "j", 9).await.unwrap().pop().unwrap();
    assert_eq!((entry.actor_kind.as_str(), entry.actor_id.as_str(), entry.attempt), ("human", "u", Some(3)));
    assert_eq!((entry.facts.as_str(), entry.evidence), (r#"{"status":"QUEUED"}"#, Some("e".repeat(64))));
    assert_eq!(entry.at, ctx.now());
    assert_eq!(tx.history("job", "j", 1).await.unwrap().len(), 1);
}
