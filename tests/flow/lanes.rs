//! What is locked first where a publication and the lane of its branch both are, which is on a server.

use sprintgate::domain::forge::ForgeKind;
use sprintgate::domain::remote::RemoteUrl;
use sprintgate::flow::wire::ReportStatus::Done;
use sqlx::Executor;

use super::forged::Forged;
use crate::until::until;

/// As whoever writes down what an effect came to does: first the lane, then the publication.
#[tokio::test]
async fn a_push_locks_no_publication_while_it_waits_for_the_lane_of_its_branch() {
    let world = Forged::new(ForgeKind::GitHub).await;
    world.checks_run();
    world.begin(&[&[("one", "- `src/a.rs`", "ANY"), ("two", "- `src/b.rs`", "ANY")]]).await;
    let (_, said) = world.carry("src/a.rs").await;
    world.perform().await;
    let job = world.claim(&world.worker).await;
    world.commit(&job, "src/b.rs", "changed\n");
    world.verify(&world.worker, &job).await.unwrap();
    let repo = RemoteUrl::new(world.origin().display().to_string()).unwrap();
    let lane = format!("branch/{}#{}", repo.key(), said.branch.unwrap());
    let mut other = world.raw().await;
    other.execute("BEGIN").await.unwrap();
    let held =
        "SELECT pg_advisory_xact_lock(hashtextextended(concat(current_schema(), ' ', $1), 7307497712646782))";
    sqlx::query(held).bind(lane).execute(&mut other).await.unwrap();
    let goes = async {
        let mut raw = world.raw().await;
        let waits = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() \
            AND wait_event_type = 'Lock' AND wait_event = 'advisory')";
        until("the push waits", async || sqlx::query_scalar(waits).fetch_one(&mut raw).await.unwrap()).await;
        other.execute("SELECT 1 FROM pull_requests FOR UPDATE NOWAIT").await.unwrap();
        other.execute("COMMIT").await.unwrap();
    };
    let (reported, ()) = tokio::join!(world.report(&world.worker, &job, Done), goes);
    reported.unwrap();
    assert_eq!(world.publications().await, ["WAITING_FOR_CHECKS 1"]);
    world.sound().await;
}
