//! Merging: when checks pass, at once, and only the commit that was asked for.

use sprintgate::domain::commit::CommitId;
use sprintgate::domain::forge::{ForgeKind, MergeAnswer};
use sprintgate::domain::pull_request::ForgeState;
use sprintgate::forge::{ForgeError, MergeAsk};

use super::ground::{BRANCH, Ground, KINDS};

pub(crate) fn ask(head: &CommitId) -> MergeAsk<'_> {
    MergeAsk { head, title: "A better basket (#1)", message: "It holds more." }
}

/// The subject of the newest commit of the base.
fn subject(ground: &Ground) -> String {
    ground.server.state().repo.git(&["log", "-1", "--format=%s", "trunk"]).unwrap()
}

/// A base that waits for a check.
pub(crate) fn wait_for_check(ground: &Ground) {
    let mut state = ground.server.state();
    state.protected = true;
    state.check(ground.head.as_str(), "build", true, "pending");
}

#[tokio::test]
async fn it_is_merged_when_its_checks_pass() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        wait_for_check(&ground);
        let pr = ground.open(false).await;
        for _ in 0..2 {
            let answer = ground.forge.auto_merge(&pr.url, &ask(&ground.head)).await.unwrap();
            assert_eq!(answer, MergeAnswer::Scheduled, "{kind}");
            assert!(ground.server.state().pulls[0].scheduled.is_some());
        }
        assert_eq!(ground.forge.get(&pr.url).await.unwrap().auto_merge, kind == ForgeKind::GitHub);
        ground.server.state().check(ground.head.as_str(), "build", true, "success");
        let merged = ground.forge.get(&pr.url).await.unwrap();
        assert_eq!(merged.state, ForgeState::Merged);
        assert_eq!(merged.merge.as_ref().unwrap().as_str(), ground.server.state().repo.tip("trunk").unwrap());
        assert_eq!(subject(&ground), "A better basket (#1)");
        let again = ground.forge.auto_merge(&pr.url, &ask(&ground.head)).await.unwrap();
        assert_eq!(again, MergeAnswer::Merged(merged.merge));
    }
}

#[tokio::test]
async fn with_nothing_to_wait_for_it_is_merged_at_once() {
    for kind in KINDS {
        for protected in [false, true] {
            let ground = Ground::new(kind).await;
            ground.server.state().protected = protected;
            let pr = ground.open(false).await;
            let answer = ground.forge.auto_merge(&pr.url, &ask(&ground.head)).await.unwrap();
            let tip = ground.server.state().repo.tip("trunk").unwrap();
            assert_eq!(answer, MergeAnswer::Merged(Some(CommitId::new(tip).unwrap())), "{kind}");
            assert_eq!(subject(&ground), "A better basket (#1)");
        }
    }
}

#[tokio::test]
async fn another_commit_than_the_asked_one_is_not_merged() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let pr = ground.open(false).await;
        let trunk = ground.server.state().repo.tip("trunk");
        let moved = ground.push("2\n");
        let answer = ground.forge.auto_merge(&pr.url, &ask(&ground.head)).await.unwrap();
        assert_eq!(answer, MergeAnswer::HeadMoved(Some(moved)));
        assert_eq!(ground.server.state().repo.tip("trunk"), trunk);
    }
}

/// A push between the look and the request. GitHub notices; Forgejo schedules it, and so it is withdrawn.
#[tokio::test]
async fn a_push_while_it_is_scheduled_leaves_nothing_scheduled() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        wait_for_check(&ground);
        let pr = ground.open(false).await;
        let trunk = ground.server.state().repo.tip("trunk");
        {
            let mut state = ground.server.state();
            // The next commit is the child of this one, and has a check of the same name.
            state.pushed_meanwhile = Some(BRANCH.to_owned());
            state.checked_always = true;
        }
        let answer = ground.forge.auto_merge(&pr.url, &ask(&ground.head)).await.unwrap();
        let tip = ground.server.state().repo.tip(BRANCH).unwrap();
        assert_ne!(tip, ground.head.as_str());
        assert_eq!(answer, MergeAnswer::HeadMoved(Some(CommitId::new(tip).unwrap())), "{kind}");
        let state = ground.server.state();
        assert!(state.pulls[0].scheduled.is_none(), "{kind}");
        assert_eq!(state.repo.tip("trunk"), trunk);
        let withdrawn = state.asked("DELETE", "/pulls/1/merge");
        assert_eq!(withdrawn, usize::from(kind == ForgeKind::Forgejo));
    }
}

/// What an earlier commit was to be merged with does not stay.
#[tokio::test]
async fn an_earlier_schedule_gives_way_to_the_new_words() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        wait_for_check(&ground);
        let pr = ground.open(false).await;
        ground.server.state().pulls[0].scheduled = Some(("old".into(), "words".into()));
        let answer = ground.forge.auto_merge(&pr.url, &ask(&ground.head)).await.unwrap();
        assert_eq!(answer, MergeAnswer::Scheduled);
        let scheduled = ground.server.state().pulls[0].scheduled.clone().unwrap();
        assert_eq!(scheduled, ("A better basket (#1)".into(), "It holds more.".into()));
    }
}

#[tokio::test]
async fn a_schedule_is_withdrawn_and_none_is_no_error() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        wait_for_check(&ground);
        let pr = ground.open(false).await;
        ground.forge.auto_merge(&pr.url, &ask(&ground.head)).await.unwrap();
        for _ in 0..2 {
            ground.forge.withdraw(&pr.url).await.unwrap();
            assert!(ground.server.state().pulls[0].scheduled.is_none());
        }
        let trunk = ground.server.state().repo.tip("trunk");
        ground.server.state().check(ground.head.as_str(), "build", true, "success");
        assert_eq!(ground.server.state().repo.tip("trunk"), trunk);
        let error = ground.forge.withdraw(&ground.url(9)).await.unwrap_err();
        assert!(matches!(error, ForgeError::NotFound { .. }), "{error}");
    }
}

/// What was to be ready did not last: it is made ready, and asked again.
#[tokio::test]
async fn a_draft_is_made_ready_and_asked_again() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let pr = ground.open(true).await;
        let error = ground.forge.auto_merge(&pr.url, &ask(&ground.head)).await.unwrap_err();
        assert!(matches!(error, ForgeError::Wait { .. }), "{error}");
        assert!(!ground.forge.get(&pr.url).await.unwrap().draft);
        let answer = ground.forge.auto_merge(&pr.url, &ask(&ground.head)).await.unwrap();
        assert!(matches!(answer, MergeAnswer::Merged(Some(_))), "{answer:?}");
    }
}
