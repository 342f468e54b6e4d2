//! Who sweeps writes a checkpoint when one is due.

use super::super::world::World;

#[tokio::test]
async fn a_row_stands_no_longer_than_ten_minutes_without_a_checkpoint() {
    let world = World::new().await;
    let bound = async || {
        let report = world.app.audit_verify().await.unwrap();
        assert!(report.ok, "{report:#?}");
        (report.checkpoints, report.unbound_rows)
    };
    world.app.sweep().await.unwrap();
    assert_eq!(bound().await, (0, 0));
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    world.app.sweep().await.unwrap();
    let (none, rows) = bound().await;
    assert!(none == 0 && rows > 5);

    world.pass(599);
    world.app.sweep().await.unwrap();
    assert_eq!(bound().await, (0, rows));
    world.pass(1);
    world.app.sweep().await.unwrap();
    assert_eq!(bound().await, (1, 0));
    world.pass(10_000);
    world.app.sweep().await.unwrap();
    assert_eq!(bound().await, (1, 0), "nothing is bound by nothing");

    // On demand at once.
    world.claim(&world.worker).await;
    let told = world.app.audit_checkpoint().await.unwrap();
    assert_eq!((told.written, told.last.as_ref().map(|last| last.number)), (1, Some(2)));
    assert_eq!(world.app.audit_checkpoint().await.unwrap().written, 0);
    assert_eq!(world.app.audit_checkpoint().await.unwrap().last, told.last);
    world.pass(700);
    world.app.sweep().await.unwrap();
    world.pass(700);
    world.app.sweep().await.unwrap();
    assert!(bound().await.0 >= 3);
}
