//! The end of the ledger, and what comes after it.

use std::time::Duration;

use sprintgate::flow::wire::ReportStatus::Running;

use super::super::world::World;

#[tokio::test]
async fn the_end_is_told_and_what_comes_after_it() {
    let world = World::new().await;
    let (none, mut tail) = world.app.audit_tail(5).await.unwrap();
    assert!(none.is_empty());
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let first = tail.more().await.unwrap();
    assert_eq!(first[0].seq, 1);

    let (two, mut tail) = world.app.audit_tail(2).await.unwrap();
    let (nothing, mut other) = world.app.audit_tail(0).await.unwrap();
    let last = world.app.audit_verify().await.unwrap().rows.cast_signed();
    assert_eq!(two.iter().map(|row| row.seq).collect::<Vec<_>>(), [last - 1, last]);
    assert!(nothing.is_empty());
    let job = world.claim(&world.worker).await;
    assert_eq!(tail.more().await.unwrap()[0].seq, last + 1);
    assert_eq!(other.more().await.unwrap()[0].seq, last + 1);

    // What was read is not read again; who waits is woken.
    let (_, mut tail) = world.app.audit_tail(1).await.unwrap();
    let waiting = tokio::spawn(async move { tail.more().await.unwrap() });
    world.report(&world.worker, &job, Running).await.unwrap();
    let woken = tokio::time::timeout(Duration::from_secs(60), waiting).await.unwrap().unwrap();
    assert!(woken.iter().any(|row| row.machine == "job" && row.event == "start"), "{woken:#?}");
    assert!(woken[0].seq > last + 1);
}
