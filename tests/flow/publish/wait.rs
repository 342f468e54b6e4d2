//! How long a report waits for the address of its pull request.

use std::time::Duration;

use sprintgate::domain::forge::ForgeKind;
use sprintgate::flow::Settings;
use sprintgate::flow::wire::ReportStatus::Done;
use tokio::time::Instant;

use super::super::forged::Forged;
use crate::until::until;

/// Longer than any test takes.
const LONG: Duration = Duration::from_secs(600);

#[tokio::test]
async fn defect_069_a_report_waits_ten_seconds_and_no_longer() {
    assert_eq!(Settings::default().pr_wait, Duration::from_secs(10));
    let mut world = Forged::new(ForgeKind::GitHub).await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY"), ("two", "- `src/b.rs`", "ANY")]]).await;
    let short = Duration::from_millis(20);
    world.world.app = world.app.clone().waiting_for_pull_requests(short);
    let began = Instant::now();
    let (first, said) = world.carry("src/a.rs").await;
    assert_eq!((&*said.status, said.pr_url), ("done", None), "nobody opens it");
    assert!(began.elapsed() >= short);

    // The forge knows no token: whoever tries comes back in an hour, and nobody waits for that.
    world.world.app = world.app.clone().waiting_for_pull_requests(LONG);
    let token = world.server.state().token.take();
    let second = world.claim(&world.worker).await;
    world.commit(&second, "src/b.rs", "changed\n");
    world.verify(&world.worker, &second).await.unwrap();
    assert_eq!(world.perform().await.again, 1);
    let said = world.report(&world.worker, &second, Done).await.unwrap();
    assert_eq!((&*said.status, said.pr_url), ("done", None));
    world.server.state().token = token;
    world.pass(2 * 3600);
    world.perform().await;
    let replayed = world.report(&world.worker, &first, Done).await.unwrap();
    assert!(replayed.replayed);
    assert_eq!(replayed.pr_url, Some(world.url(1)), "both jobs are told");
    assert_eq!(world.report(&world.worker, &second, Done).await.unwrap().pr_url, Some(world.url(1)));
    world.sound().await;
}

#[tokio::test]
async fn a_report_has_the_address_where_the_forge_is_quick() {
    let mut world = Forged::new(ForgeKind::Forgejo).await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    world.world.app = world.app.clone().waiting_for_pull_requests(LONG);
    let opens = until("something to be opened", async || world.perform().await.done > 0);
    let ((_, said), ()) = tokio::join!(world.carry("src/a.rs"), opens);
    assert_eq!(said.pr_url, Some(world.url(1)));
}
