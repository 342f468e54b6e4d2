//! What the database refuses, whoever asks.

use sqlx::{AssertSqlSafe, Executor};

use super::super::world::World;

#[tokio::test]
async fn a_status_cannot_be_written_by_hand() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    world.app.audit_checkpoint().await.unwrap();
    let mut raw = world.raw().await;
    let words = ["no such transition", "with its ledger row", "never", "by migrations only", "was asked for"];
    let tries = [
        "UPDATE claude_jobs SET status='DONE'",
        "UPDATE claude_jobs SET status='DONE', status_event='finish', ledger_seq=ledger_seq+1",
        "UPDATE claude_jobs SET status='CLAIMED', status_event='claim', ledger_seq=ledger_seq+1",
        "UPDATE tasks SET status='DONE'",
        "DELETE FROM ledger",
        "UPDATE ledger SET to_status='DONE'",
        "DELETE FROM ledger_checkpoints",
        "UPDATE ledger_checkpoints SET at=at",
        "DELETE FROM transition_rules",
        "INSERT INTO transition_rules VALUES ('job','QUEUED','finish','DONE')",
    ];
    for sql in tries {
        let said = raw.execute(AssertSqlSafe(sql)).await.expect_err(sql).to_string();
        assert!(words.iter().any(|word| said.contains(word)), "{sql}: {said}");
    }
    assert_eq!(world.jobs().await, ["T-1 QUEUED"]);
    world.sound().await;
}
