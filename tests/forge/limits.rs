//! A forge's limits: the wait it names, for the whole host.

use std::time::{Duration, Instant};

use sprintgate::domain::forge::ForgeKind;
use sprintgate::domain::time::Millis;
use sprintgate::forge::{ForgeError, Retry};

use super::ground::{Ground, KINDS, client, settings};
use super::server::{Answer, What};

/// The wait in seconds that an answer leads to.
async fn wait(ground: &Ground, answer: Answer) -> i64 {
    ground.fault("GET", "/pulls/1", What::Answers(answer));
    let error = ground.forge.get(&ground.url(1)).await.unwrap_err();
    let ForgeError::Wait { after: Some(after), .. } = error else { panic!("{error:?}") };
    assert_eq!(error.retry(), Retry::After(Some(after)));
    after.0 / 1000
}

#[tokio::test]
async fn each_header_names_its_wait() {
    for kind in KINDS {
        let secondary = "You have exceeded a secondary rate limit. Please wait a few minutes.";
        // The server's date is 1507651200; clocks here are not asked.
        for (answer, seconds) in [
            (Answer::says(429, "slow down").with("retry-after", "70"), 70),
            (Answer::says(403, "limit").with("retry-after", "Tue, 10 Oct 2017 16:01:30 GMT"), 90),
            (
                Answer::says(403, "API rate limit exceeded")
                    .with("x-ratelimit-remaining", "0")
                    .with("x-ratelimit-reset", "1507651500"),
                300,
            ),
            (Answer::says(403, secondary).with("x-ratelimit-remaining", "4999"), 60),
            (Answer::says(429, "slow down"), 60),
            (Answer::says(503, "").with("retry-after", "30"), 30),
        ] {
            let ground = Ground::new(kind).await;
            assert_eq!(wait(&ground, answer).await, seconds);
        }
    }
}

#[tokio::test]
async fn who_met_a_limit_keeps_the_whole_host_waiting() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let pr = ground.open(false).await;
        let before = ground.server.state().log.len();
        wait(&ground, Answer::says(429, "slow down").with("retry-after", "600")).await;
        for error in [
            ground.find(false).await.unwrap_err(),
            ground.forge.close(&pr.url).await.unwrap_err(),
            ground.forge.auto_merge(&pr.url, &super::merge::ask(&ground.head)).await.unwrap_err(),
        ] {
            let ForgeError::Wait { why, after: Some(Millis(left)) } = error else { panic!("{error:?}") };
            assert!(why.contains("slow down") && (500_000..=600_000).contains(&left), "{why} {left}");
        }
        assert_eq!(ground.server.state().log.len(), before + 1, "nobody called");
        // Another client is another process.
        client(settings(&ground.server, kind)).get(&pr.url).await.unwrap();
    }
}

#[tokio::test]
async fn a_short_wait_is_slept_through() {
    let ground = Ground::new(ForgeKind::Forgejo).await;
    let pr = ground.open(false).await;
    assert_eq!(wait(&ground, Answer::says(429, "").with("retry-after", "1")).await, 1);
    let began = Instant::now();
    ground.forge.get(&pr.url).await.unwrap();
    assert!(began.elapsed() > Duration::from_millis(500), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_limit_of_graphql_comes_as_a_success() {
    let ground = Ground::new(ForgeKind::GitHub).await;
    let pr = ground.open(true).await;
    let body =
        serde_json::json!({ "errors": [{ "type": "RATE_LIMITED", "message": "API rate limit exceeded" }] });
    ground.fault("POST", "/graphql", What::Answers(Answer::json(200, &body)));
    let error = ground.forge.set_draft(&pr.url, false).await.unwrap_err();
    assert!(matches!(error, ForgeError::Wait { .. }), "{error}");
}

#[tokio::test]
async fn changes_go_one_at_a_time_with_a_gap() {
    let ground = Ground::new(ForgeKind::GitHub).await;
    let pr = ground.open(false).await;
    let mut slow = settings(&ground.server, ForgeKind::GitHub);
    slow.gap = Duration::from_millis(200);
    let forge = client(slow);
    let began = Instant::now();
    let say = |marker: &'static str| forge.comment(&pr.url, marker, "x");
    let (a, b, c) = tokio::join!(say("a"), say("b"), say("c"));
    assert_eq!((a, b, c), (Ok(()), Ok(()), Ok(())));
    assert!(began.elapsed() >= Duration::from_millis(400), "{:?}", began.elapsed());
    assert_eq!(ground.asked("POST", "/comments"), 3);
}

#[tokio::test]
async fn reads_are_tried_thrice_and_changes_once() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let pr = ground.open(false).await;
        for what in [What::Answers(Answer::says(502, "bad gateway")), What::ClosesBefore] {
            ground.fault("GET", "/pulls/1", what);
        }
        ground.forge.get(&pr.url).await.unwrap();
        for _ in 0..3 {
            ground.fault("GET", "/pulls/1", What::Answers(Answer::says(503, "later")));
        }
        let error = ground.forge.get(&pr.url).await.unwrap_err();
        assert!(matches!(&error, ForgeError::Away { why } if why.contains("later")), "{error}");
        assert_eq!(error.retry(), Retry::After(None));

        ground.fault("POST", "/comments", What::Answers(Answer::says(502, "bad gateway")));
        let error = ground.forge.comment(&pr.url, "m", "x").await.unwrap_err();
        assert!(matches!(error, ForgeError::Away { .. }), "{error}");
        assert_eq!(ground.asked("POST", "/comments"), 1);
    }
}
