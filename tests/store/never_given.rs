//! A row with a number that the server never gave: it is named, and no checkpoint binds it, as every row after it would
//! stand before it.

use sprintgate::store::Store;
use sqlx::Executor;

use super::ctx::Ctx;
use super::raw::connect;
use super::tampered::{auditor, lay_open};

#[tokio::test]
async fn a_row_behind_all_numbers_does_not_poison_checkpoints() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    lay_open(&mut raw, "ledger").await;
    let sql = "INSERT INTO ledger (seq, machine, entity, entity_seq, event, to_status, actor_kind, actor_id, facts, \
        prev_hash, hash, at) VALUES (9223372036854775807, 'task', 'ghost', 1, 'create', 'TO_DO', 'human', 'u', '{}', \
        printf('%064d', 0), printf('%064d', 7), 1)";
    raw.execute(sql).await.unwrap();
    raw.execute("ALTER TABLE ledger ENABLE TRIGGER USER").await.unwrap();
    let (app, _folder) = auditor(&ctx).await;
    for name in ["a", "b"] {
        ctx.job(name).await;
        let made = app.audit_checkpoint().await.unwrap();
        assert_eq!(made.written, 1);
        let report = app.audit_verify().await.unwrap();
        assert_eq!(report.unbound_rows, 1);
        let ghost = |found: &&String| !found.contains("ghost");
        assert_eq!(
            report.findings.iter().filter(ghost).collect::<Vec<_>>(),
            [""; 0],
            "nothing else is strange"
        );
        let words = "row 9223372036854775807 (task ghost #1): its number was never given: the last one is";
        assert!(report.findings.iter().any(|found| found.starts_with(words)), "{:#?}", report.findings);
    }
    assert_eq!(app.audit_checkpoint().await.unwrap().written, 0);
    assert_eq!(ctx.store.read().await.unwrap().unbound().await.unwrap(), None);
}
