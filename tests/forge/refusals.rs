//! Why a forge does not merge, each in its words.

use sprintgate::domain::forge::{ForgeKind, MergeAnswer};
use sprintgate::domain::pull_request::MergeRefusal;
use sprintgate::forge::{Checks, ForgeError, Retry};

use super::ground::{Ground, KINDS};
use super::merge::ask;
use super::server::{Answer, What};

async fn refusal(ground: &Ground) -> (MergeRefusal, String) {
    let pr = ground.find(false).await.unwrap().unwrap();
    match ground.forge.auto_merge(&pr.url, &ask(&ground.head)).await.unwrap() {
        MergeAnswer::Refused(refusal, why) => (refusal, why),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_conflict_is_one() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        ground.open(false).await;
        ground.server.state().repo.commit("trunk", None, "basket", "other\n");
        let (refusal, why) = refusal(&ground).await;
        assert_eq!(refusal, MergeRefusal::MergeConflict, "{why}");
    }
}

#[tokio::test]
async fn a_failed_check_is_one() {
    let ground = Ground::new(ForgeKind::GitHub).await;
    ground.open(false).await;
    // It stands on the second page.
    for number in 0..100 {
        ground.server.state().check(ground.head.as_str(), &format!("test {number}"), false, "success");
    }
    ground.server.state().check(ground.head.as_str(), "lint", false, "failure");
    assert_eq!(refusal(&ground).await.0, MergeRefusal::ChecksFailed);
    assert_eq!(ground.asked("GET", "/check-runs"), 2);

    let ground = Ground::new(ForgeKind::Forgejo).await;
    ground.open(false).await;
    // The newest stand first: it is the last of the third part.
    ground.server.state().most_entries = 40;
    for number in 0..100 {
        ground.server.state().check(ground.head.as_str(), &format!("test {number}"), true, "success");
    }
    ground.server.state().check(ground.head.as_str(), "lint", true, "failure");
    ground.fault("POST", "/merge", What::Answers(Answer::says(405, "PR is not ready to be merged")));
    assert_eq!(refusal(&ground).await.0, MergeRefusal::ChecksFailed);
    assert_eq!(ground.asked("GET", "/status"), 3);
}

/// However many there are, each is looked at, and none twice.
#[tokio::test]
async fn all_statuses_of_a_commit_are_read_at_forgejo() {
    for (statuses, parts) in [(0, 1), (1, 1), (50, 2), (51, 2), (100, 3)] {
        let ground = Ground::new(ForgeKind::Forgejo).await;
        let pr = ground.open(false).await;
        for number in 0..statuses {
            ground.server.state().check(ground.head.as_str(), &format!("test {number}"), true, "success");
        }
        let read = ground.forge.checks(&pr.url, &ground.head).await;
        assert_eq!((read, ground.asked("GET", "/status")), (Ok(Checks::Passed), parts), "{statuses}");
        ground.server.state().check(ground.head.as_str(), "last", true, "pending");
        assert_eq!(ground.forge.checks(&pr.url, &ground.head).await, Ok(Checks::Pending), "{statuses}");
    }
    // Of more than anybody has, nothing is said that may be wrong.
    let ground = Ground::new(ForgeKind::Forgejo).await;
    let pr = ground.open(false).await;
    ground.server.state().most_entries = 1;
    for number in 0..21 {
        ground.server.state().check(ground.head.as_str(), &format!("test {number}"), true, "success");
    }
    let error = ground.forge.checks(&pr.url, &ground.head).await.unwrap_err();
    assert!(matches!(error, ForgeError::TooLarge { .. }), "{error}");
}

#[tokio::test]
async fn a_check_that_nobody_requires_is_waited_for_at_github() {
    let ground = Ground::new(ForgeKind::GitHub).await;
    let pr = ground.open(false).await;
    ground.server.state().check(ground.head.as_str(), "lint", false, "pending");
    let error = ground.forge.auto_merge(&pr.url, &ask(&ground.head)).await.unwrap_err();
    assert!(matches!(&error, ForgeError::Wait { after: Some(after), .. } if after.0 == 60_000), "{error}");
    ground.server.state().check(ground.head.as_str(), "lint", false, "success");
    let answer = ground.forge.auto_merge(&pr.url, &ask(&ground.head)).await.unwrap();
    assert!(matches!(answer, MergeAnswer::Merged(Some(_))), "{answer:?}");
}

#[tokio::test]
async fn a_token_without_the_right_is_one() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let pr = ground.open(false).await;
        ground.server.state().may_write = false;
        let (refused, why) = refusal(&ground).await;
        assert_eq!(refused, MergeRefusal::GhAuthError, "{why}");
        ground.server.state().token = None;
        let answer = ground.forge.auto_merge(&pr.url, &ask(&ground.head)).await.unwrap();
        assert!(matches!(answer, MergeAnswer::Refused(MergeRefusal::GhAuthError, _)), "{answer:?}");
    }
}

#[tokio::test]
async fn a_repository_that_does_not_merge_so_is_one() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        ground.open(false).await;
        ground.server.state().allows_auto_merge = false;
        let (refusal, why) = refusal(&ground).await;
        assert_eq!(refusal, MergeRefusal::AutoMergeNotAllowed, "{why}");
    }
}

#[tokio::test]
async fn what_nobody_knows_is_kept_in_its_words() {
    let ground = Ground::new(ForgeKind::GitHub).await;
    ground.open(false).await;
    let error = serde_json::json!({ "type": "UNPROCESSABLE", "message": "the moon is full" });
    let body = serde_json::json!({ "data": { "enablePullRequestAutoMerge": null }, "errors": [error] });
    ground.fault("POST", "/graphql", What::Answers(Answer::json(200, &body)));
    assert_eq!(refusal(&ground).await, (MergeRefusal::Unknown, "the moon is full".into()));

    let ground = Ground::new(ForgeKind::Forgejo).await;
    ground.open(false).await;
    ground.fault("POST", "/merge", What::Answers(Answer::says(409, "the moon is full")));
    assert_eq!(refusal(&ground).await, (MergeRefusal::Unknown, "status 409: the moon is full".into()));
}

#[tokio::test]
async fn a_closed_one_is_not_merged() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let pr = ground.open(false).await;
        ground.forge.close(&pr.url).await.unwrap();
        let answer = ground.forge.auto_merge(&pr.url, &ask(&ground.head)).await.unwrap();
        assert_eq!(answer, MergeAnswer::Refused(MergeRefusal::Unknown, "it is closed".into()));
    }
}

#[tokio::test]
async fn an_archived_repository_is_given_up() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let pr = ground.open(false).await;
        ground.server.state().archived = true;
        let error = ground.forge.auto_merge(&pr.url, &ask(&ground.head)).await.unwrap_err();
        assert!(error.to_string().contains("archived"), "{error}");
        assert_eq!(error.retry(), Retry::Never);
    }
}

/// GitHub computes it when it is first asked for.
#[tokio::test]
async fn what_github_does_not_know_yet_is_asked_again() {
    let ground = Ground::new(ForgeKind::GitHub).await;
    let pr = ground.open(false).await;
    let unknown = {
        let state = ground.server.state();
        let mut pull = state.shown(ForgeKind::GitHub, &state.pulls[0]);
        pull["mergeable_state"] = "unknown".into();
        pull["mergeable"] = serde_json::Value::Null;
        pull
    };
    ground.fault("GET", "/pulls/1", What::Answers(Answer::json(200, &unknown)));
    let error = ground.forge.auto_merge(&pr.url, &ask(&ground.head)).await.unwrap_err();
    assert!(matches!(&error, ForgeError::Wait { after: Some(after), .. } if after.0 == 10_000), "{error}");
    let answer = ground.forge.auto_merge(&pr.url, &ask(&ground.head)).await.unwrap();
    assert!(matches!(answer, MergeAnswer::Merged(Some(_))), "{answer:?}");
}
