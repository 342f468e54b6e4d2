//! What other programs are told: at least once, in order, and not for ever.

use sprintgate::domain::time::Millis;
use sprintgate::flow::wire::ReportStatus::{Failed, Running};

use super::world::{World, code};

const WEEK: i64 = 7 * 24 * 60 * 60;

/// The messages about jobs and runs, as `type status`.
fn heads<'a>(messages: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let head = |text: &String| {
        let json: serde_json::Value = serde_json::from_str(text).unwrap();
        format!("{} {}", json["type"].as_str().unwrap(), json["status"].as_str().unwrap_or("-"))
    };
    messages
        .into_iter()
        .map(head)
        .filter(|line| line.starts_with("claude_") || line.starts_with("sprint_run"))
        .collect()
}

#[tokio::test]
async fn a_claim_a_failure_and_what_it_cancels_are_told_in_their_order() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY"), ("two", "- `src/b.rs`", "ANY")]]).await;
    world.settled().await;
    let mut reader = world.app.consume_events("web", false).await.unwrap();
    let born = reader.page().await.unwrap();
    assert_eq!(
        heads(born.iter().map(|event| &event.wire)),
        ["sprint_run queued", "claude_job_enqueued queued", "claude_job_enqueued queued"]
    );
    reader.handled().await.unwrap();

    let job = world.claim(&world.worker).await;
    world.report(&world.worker, &job, Running).await.unwrap();
    world.report(&world.worker, &job, Failed).await.unwrap();
    world.settled().await;
    let page = reader.page().await.unwrap();
    assert_eq!(
        heads(page.iter().map(|event| &event.wire)),
        [
            "claude_job_status claimed",
            "sprint_run running",
            "claude_job_status running",
            "claude_job_status failed",
            "claude_job_status cancelled",
            "sprint_run failed",
        ]
    );
    let failed = page.iter().find(|event| {
        event.wire.contains("claude_job_status") && event.wire.contains(r#""status":"failed""#)
    });
    let failed = failed.unwrap();
    let json: serde_json::Value = serde_json::from_str(&failed.wire).unwrap();
    assert_eq!(json["job_id"].as_str(), job.job_id.as_deref());
    assert!(json["error"].is_string() && json["task_id"].is_string(), "{json}");
    world.sound().await;
}

#[tokio::test]
async fn who_dies_between_handling_and_saying_so_is_handed_the_same_again() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    world.settled().await;
    let mut reader = world.app.consume_events("mail", false).await.unwrap();
    let first = reader.page().await.unwrap();
    assert!(!first.is_empty());
    assert_eq!(reader.page().await.unwrap(), first, "nothing was said to be handled");
    drop(reader);

    let mut heir = world.app.consume_events("mail", true).await.unwrap();
    assert_eq!(heir.page().await.unwrap(), first, "a name that is there goes on where it was");
    heir.handled().await.unwrap();
    assert_eq!(heir.page().await.unwrap(), []);
    drop(heir);
    let mut later = world.app.consume_events("mail", false).await.unwrap();
    assert_eq!(later.page().await.unwrap(), []);

    // Of two of one name each takes what the other has not said to be handled.
    world.claim(&world.worker).await;
    world.settled().await;
    let mut twin = world.app.consume_events("mail", false).await.unwrap();
    let news = later.page().await.unwrap();
    assert_eq!(twin.page().await.unwrap(), news);
    twin.handled().await.unwrap();
    assert_eq!(later.page().await.unwrap(), []);

    world.app.forget_events_consumer("mail").await.unwrap();
    assert_eq!(code(later.page().await), "NOT_FOUND");
    assert_eq!(code(world.app.forget_events_consumer("mail").await), "NOT_FOUND");
    for name in ["", "Mail", "a b", &"x".repeat(65)] {
        assert_eq!(code(world.app.consume_events(name, false).await.map(drop)), "VALIDATION_ERROR", "{name}");
    }
}

#[tokio::test]
async fn a_new_name_begins_at_the_oldest_or_now_and_others_keep_no_place() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    world.settled().await;
    let (newest, mut reader) = world.app.newest_events(2).await.unwrap();
    assert_eq!(newest.len(), 2);
    assert_eq!(reader.page().await.unwrap(), []);
    let mut now = world.app.consume_events("now", true).await.unwrap();
    assert_eq!(now.page().await.unwrap(), []);
    world.claim(&world.worker).await;
    world.settled().await;
    let news = reader.page().await.unwrap();
    assert!(!news.is_empty());
    assert_eq!(now.page().await.unwrap(), news);
    reader.handled().await.unwrap();
    assert_eq!(reader.page().await.unwrap(), []);
    let (none, mut reader) = world.app.newest_events(0).await.unwrap();
    assert_eq!((none.len(), reader.page().await.unwrap().len()), (0, 0));

    let consumers = world.app.event_consumers().await.unwrap().result;
    assert_eq!(consumers.len(), 1);
    assert_eq!((consumers[0].name.as_str(), consumers[0].unseen), ("now", news.len() as i64));
    assert!(consumers[0].oldest_unseen_at.is_some());
}

#[tokio::test]
async fn a_reader_that_waits_is_woken_by_a_commit() {
    let world = World::new().await;
    let (_, mut reader) = world.app.newest_events(1).await.unwrap();
    assert_eq!(reader.page().await.unwrap(), []);
    let (woken, ()) = tokio::join!(reader.wait(), async {
        world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    });
    woken.unwrap();
    world.settled().await;
    assert!(!reader.page().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_sweep_deletes_what_is_a_week_old_and_handled() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    world.settled().await;
    let mut reader = world.app.consume_events("slow", false).await.unwrap();
    let first = reader.page().await.unwrap().len() as u64;
    world.pass(WEEK);
    assert_eq!(world.app.sweep().await.unwrap().pruned_events, 0, "a week old is not older than a week");
    world.pass(1);
    assert_eq!(world.app.sweep().await.unwrap().pruned_events, 0, "it has not been handled");
    let kept = world.app.prune_events(Millis(0)).await.unwrap();
    assert_eq!((kept.pruned, kept.kept_for.as_deref()), (0, Some("slow")));

    reader.handled().await.unwrap();
    world.claim(&world.worker).await;
    world.settled().await;
    assert_eq!(world.app.event_consumers().await.unwrap().result[0].name, "slow");
    let swept = world.app.sweep().await.unwrap();
    let (left, _) = world.app.newest_events(1000).await.unwrap();
    assert!(!left.is_empty() && left.iter().all(|event| event.at.starts_with("2027-01-2")), "{left:#?}");
    // The wait for the claim swept, too.
    assert!(swept.pruned_events <= first);
    let pruned = world.app.prune_events(Millis(0)).await.unwrap();
    assert_eq!((pruned.pruned, pruned.kept_for), (0, None), "what is of this moment is not older");
    world.pass(1);
    assert_eq!(world.app.prune_events(Millis(0)).await.unwrap().kept_for.as_deref(), Some("slow"));
    world.app.forget_events_consumer("slow").await.unwrap();
    assert_eq!(world.app.prune_events(Millis(0)).await.unwrap().pruned, left.len() as u64);
}
