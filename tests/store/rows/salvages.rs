//! What was kept of attempts: noted, noted again, restored, pruned.

use sprintgate::domain::time::Timestamp;
use sprintgate::store::{NewSalvage, SalvageKind, Store};

use super::super::ctx::{Ctx, commit, id};

fn kept(job: &str, digit: char, kind: SalvageKind, paths: u32) -> NewSalvage {
    NewSalvage {
        job: id(job),
        attempt: 1,
        repo_url: "https://example.org/shop.git".into(),
        reference: format!("refs/salvage/{job}/1"),
        commit: commit(digit),
        kind,
        paths,
    }
}

#[tokio::test]
async fn what_is_kept_is_listed_until_it_is_pruned() {
    let ctx = Ctx::new().await;
    for name in ["a", "b"] {
        let job = ctx.job(name).await;
        ctx.claim(&job).await;
    }
    let mut tx = ctx.store.begin().await.unwrap();
    tx.note_salvage(&kept("a", '1', SalvageKind::Commits, 0)).await.unwrap();
    tx.commit().await.unwrap();
    ctx.pass(10);
    let mut tx = ctx.store.begin().await.unwrap();
    let second = kept("b", '2', SalvageKind::Both, 3);
    tx.note_salvage(&second).await.unwrap();
    assert!(tx.note_restored(&second).await.unwrap());
    assert!(!tx.note_restored(&NewSalvage { attempt: 2, ..second.clone() }).await.unwrap());
    tx.commit().await.unwrap();

    let now = ctx.now();
    let mut tx = ctx.store.read().await.unwrap();
    let all = tx.kept_salvages(&id("u"), now, 9).await.unwrap();
    let kinds: Vec<_> =
        all.iter().map(|one| (one.kept.job.as_str(), one.kept.kind, one.kept.paths)).collect();
    assert_eq!(kinds, [("b", SalvageKind::Both, 3), ("a", SalvageKind::Commits, 0)]);
    assert_eq!(all[0].kept, kept("b", '2', SalvageKind::Both, 3));
    assert_eq!((all[0].salvaged_at, all[0].restored_at), (now, Some(now)));
    assert_eq!(all[1].restored_at, None);
    assert_eq!(tx.kept_salvages(&id("u"), now, 1).await.unwrap().len(), 1);
    assert_eq!(tx.kept_salvages(&id("u"), Timestamp(now.0 - 10), 9).await.unwrap().len(), 1);
    assert_eq!(tx.kept_salvages(&id("other"), now, 9).await.unwrap(), []);
    drop(tx);

    let mut tx = ctx.store.begin().await.unwrap();
    assert!(tx.note_pruned(&second).await.unwrap());
    assert!(!tx.note_pruned(&second).await.unwrap());
    assert!(!tx.note_restored(&second).await.unwrap(), "it is gone");
    assert_eq!(tx.kept_salvages(&id("u"), now, 9).await.unwrap().len(), 1);
    // Salvaged again, it is there again.
    tx.note_salvage(&kept("b", '3', SalvageKind::Changes, 1)).await.unwrap();
    let all = tx.kept_salvages(&id("u"), now, 9).await.unwrap();
    assert_eq!(all[0].kept, kept("b", '3', SalvageKind::Changes, 1));
    assert_eq!((all.len(), all[0].restored_at), (2, None));
    // Who restored or let go of what was kept before has not had this.
    assert!(!tx.note_restored(&second).await.unwrap() && !tx.note_pruned(&second).await.unwrap());
    let again = tx.kept_salvages(&id("u"), now, 9).await.unwrap();
    assert_eq!(again, all);
}
