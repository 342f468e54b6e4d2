//! Answers that no sound forge gives: each becomes a failure with a name, and none shows the token.

use std::time::{Duration, Instant};

use serde_json::json;
use sprintgate::forge::{ForgeError, Retry};

use super::ground::{CANARY, Ground, KINDS, client, is_clean, settings};
use super::server::{Answer, What};

#[tokio::test]
async fn bad_answers_become_failures_with_names() {
    let raw = |status: u16, body: &str| Answer { body: body.to_owned(), ..Answer::empty(status) };
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let pr = ground.open(false).await;
        let long = "x".repeat(5 << 20);
        let deep = "[".repeat(100_000);
        let echo = format!("no\n{CANARY}\u{202e} here {}", "y".repeat(1000));
        for (what, code) in [
            (What::Answers(raw(200, "")), "FORGE_SHAPE"),
            (What::Answers(raw(200, "null")), "FORGE_SHAPE"),
            (What::Answers(raw(200, "[]")), "FORGE_SHAPE"),
            (What::Answers(raw(200, "{}")), "FORGE_SHAPE"),
            (What::Answers(raw(200, "<html>sign in</html>")), "FORGE_SHAPE"),
            (What::Answers(raw(200, "{\"number\": 1")), "FORGE_SHAPE"),
            (What::Answers(raw(200, &deep)), "FORGE_SHAPE"),
            (What::Answers(raw(200, "\u{0}\u{0}")), "FORGE_SHAPE"),
            (What::Answers(raw(200, &echo)), "FORGE_SHAPE"),
            (What::Answers(raw(200, &long)), "FORGE_TOO_LARGE"),
            (What::Lacks("number"), "FORGE_SHAPE"),
            (What::Lacks("state"), "FORGE_SHAPE"),
            (What::Lacks("head"), "FORGE_SHAPE"),
            (What::Lacks("base"), "FORGE_SHAPE"),
            (What::Twists("number"), "FORGE_SHAPE"),
            (What::Twists("state"), "FORGE_SHAPE"),
            (What::Twists("title"), "FORGE_SHAPE"),
            (What::Twists("head"), "FORGE_SHAPE"),
            (What::Twists("mergeable"), "FORGE_SHAPE"),
            (
                What::Answers(Answer::json(200, &changed(&ground, |pull| pull["number"] = json!(7)))),
                "FORGE_SHAPE",
            ),
            (
                What::Answers(Answer::json(200, &changed(&ground, |pull| pull["number"] = json!(-1)))),
                "FORGE_SHAPE",
            ),
            (
                What::Answers(Answer::json(200, &changed(&ground, |pull| pull["state"] = json!("gone")))),
                "FORGE_SHAPE",
            ),
            (
                What::Answers(Answer::json(
                    200,
                    &changed(&ground, |pull| pull["head"]["sha"] = json!("abc")),
                )),
                "FORGE_SHAPE",
            ),
            (What::Answers(Answer::says(401, &echo)), "FORGE_CREDENTIALS"),
            (What::Answers(Answer::says(403, &echo)), "FORGE_FORBIDDEN"),
            (What::Answers(Answer::says(404, &echo)), "FORGE_NOT_FOUND"),
            (What::Answers(Answer::says(418, &echo)), "FORGE_INVALID"),
            (What::Answers(Answer::says(423, &echo)), "FORGE_INVALID"),
            (What::Answers(Answer::says(429, &echo).with("retry-after", "0")), "FORGE_WAIT"),
            (What::Answers(Answer::empty(301).with("location", "https://evil.example/x")), "FORGE_INVALID"),
            (What::Answers(Answer::empty(307).with("location", "/elsewhere")), "FORGE_INVALID"),
            (What::Answers(Answer::empty(302)), "FORGE_INVALID"),
        ] {
            let shown = format!("{what:?}").chars().take(100).collect::<String>();
            ground.fault("GET", "/pulls/1", what);
            let error = ground.forge.get(&pr.url).await.unwrap_err();
            assert_eq!(error.code(), code, "{shown} {error}");
            is_clean(&error);
            assert!(error.to_string().chars().count() < 400, "{error}");
        }
        for what in
            [What::Halves, What::ClosesBefore, What::ClosesAfter, What::Answers(Answer::says(500, &echo))]
        {
            for _ in 0..3 {
                ground.fault("GET", "/pulls/1", what.clone());
            }
            let error = ground.forge.get(&pr.url).await.unwrap_err();
            assert_eq!((error.code(), error.retry()), ("FORGE_AWAY", Retry::After(None)));
            is_clean(&error);
        }
        // After all that it works.
        ground.forge.get(&pr.url).await.unwrap();
    }
}

/// A sound answer with a change.
fn changed(ground: &Ground, change: impl FnOnce(&mut serde_json::Value)) -> serde_json::Value {
    let state = ground.server.state();
    let mut pull = state.shown(ground.kind(), &state.pulls[0]);
    change(&mut pull);
    pull
}

#[tokio::test]
async fn a_list_without_an_end_is_not_read_for_ever() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let page = Answer::json(200, &json!([])).with("link", "<https://evil.example/>; rel=\"next\"");
        for _ in 0..20 {
            ground.fault("GET", "/pulls", What::Answers(page.clone()));
        }
        let error = ground.find(false).await.unwrap_err();
        assert!(matches!(error, ForgeError::TooLarge { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_forge_that_never_answers_is_left() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let pr = ground.open(false).await;
        let mut hasty = settings(&ground.server, kind);
        hasty.timeout = Duration::from_millis(300);
        ground.fault("POST", "/comments", What::Hangs);
        let began = Instant::now();
        let error = client(hasty).comment(&pr.url, "m", "x").await.unwrap_err();
        assert!(matches!(&error, ForgeError::Away { why } if why.contains("too long")), "{error}");
        assert!(began.elapsed() < Duration::from_secs(10));
    }
}

/// GraphQL that answers neither result nor error was not done.
#[tokio::test]
async fn a_mutation_without_result_is_not_taken_for_done() {
    let ground = Ground::new(sprintgate::domain::forge::ForgeKind::GitHub).await;
    let pr = ground.open(true).await;
    for (body, code) in [
        (json!({}), "FORGE_SHAPE"),
        (json!({ "data": null }), "FORGE_SHAPE"),
        (json!({ "data": { "markPullRequestReadyForReview": null } }), "FORGE_SHAPE"),
        (json!({ "errors": [{ "type": "FORBIDDEN", "message": "no" }] }), "FORGE_FORBIDDEN"),
        (json!({ "errors": [{ "type": "NOT_FOUND", "message": "no" }] }), "FORGE_NOT_FOUND"),
        (json!({ "errors": [{ "message": "something" }] }), "FORGE_INVALID"),
    ] {
        ground.fault("POST", "/graphql", What::Answers(Answer::json(200, &body)));
        assert_eq!(ground.forge.set_draft(&pr.url, false).await.unwrap_err().code(), code);
    }
}
