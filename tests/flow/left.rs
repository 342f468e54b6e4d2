//! What is noted of a job while it leaves for an archive. Where several write at once, which is on a server.

use sprintgate::flow::wire::ReportStatus::Failed;
use sqlx::Executor;

use super::world::{World, tree};
use crate::until::until;

/// The attempt is there when the note begins, and gone when it is written.
#[tokio::test]
async fn work_whose_attempt_goes_meanwhile_is_kept_without_a_note() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let job = world.claim(&world.worker).await;
    std::fs::write(tree(&job).join("note.txt"), "never committed").unwrap();
    world.report(&world.worker, &job, Failed).await.unwrap();
    world.pass(301);
    let mut leaving = world.raw().await;
    leaving.execute("BEGIN; SELECT 1 FROM attempts FOR UPDATE").await.unwrap();
    let goes = async {
        let mut raw = world.raw().await;
        let waits = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() \
            AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO salvages%')";
        until("the note waits", async || sqlx::query_scalar(waits).fetch_one(&mut raw).await.unwrap()).await;
        leaving
            .execute("SET LOCAL session_replication_role = replica; DELETE FROM attempts; COMMIT")
            .await
            .unwrap();
    };
    let (tidied, ()) = tokio::join!(world.app.tidy(), goes);
    let tidied = tidied.unwrap();
    assert_eq!(tidied.removed.len(), 1, "{tidied:?}");
    assert!(!tree(&job).exists());
    let notes: i64 =
        sqlx::query_scalar("SELECT count(*) FROM salvages").fetch_one(&mut world.raw().await).await.unwrap();
    assert_eq!(notes, 0);
}
