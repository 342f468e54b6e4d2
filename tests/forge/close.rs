//! Closing, comments and files.

use sprintgate::domain::pull_request::ForgeState;
use sprintgate::forge::ForgeError;

use super::ground::{Ground, KINDS};
use super::server::{Answer, What};

#[tokio::test]
async fn an_open_one_is_closed_once() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let pr = ground.open(false).await;
        for _ in 0..2 {
            assert_eq!(ground.forge.close(&pr.url).await.unwrap().state, ForgeState::Closed);
        }
        assert_eq!(ground.asked("PATCH", "/pulls/1"), 1);
    }
}

#[tokio::test]
async fn one_that_is_merged_stays_so_and_says_by_which_commit() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let pr = ground.open(false).await;
        let commit = ground.server.state().merge(0, "t", "m").unwrap();
        let closed = ground.forge.close(&pr.url).await.unwrap();
        assert_eq!(closed.state, ForgeState::Merged);
        assert_eq!(closed.merge.unwrap().as_str(), commit);
        assert_eq!(ground.asked("PATCH", "/pulls/1"), 0);
    }
}

/// It is merged between the look and the change: the refusal is looked into.
#[tokio::test]
async fn one_that_is_merged_meanwhile_is_not_called_closed() {
    for (kind, status) in KINDS.into_iter().zip([422, 412]) {
        let ground = Ground::new(kind).await;
        let pr = ground.open(false).await;
        ground.server.state().merge(0, "t", "m").unwrap();
        let open = ground.server.state().pulls[0].clone();
        let stale = super::server::Pull { merged: None, closed: false, ..open };
        let stale = ground.server.state().shown(kind, &stale);
        ground.fault("GET", "/pulls/1", What::Answers(Answer::json(200, &stale)));
        assert_eq!(ground.forge.close(&pr.url).await.unwrap().state, ForgeState::Merged);
        let log = &ground.server.state().log;
        assert!(log.iter().any(|(asked, got)| asked.method == "PATCH" && *got == status), "{kind}");
    }
}

#[tokio::test]
async fn a_comment_is_said_once_for_its_marker() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let pr = ground.open(false).await;
        ground.server.state().pulls[0].comments.extend((0..140).map(|n| format!("talk {n}")));
        for _ in 0..2 {
            ground.forge.comment(&pr.url, "sprintgate:closed:job-1", "Closed: @ann").await.unwrap();
        }
        ground.forge.comment(&pr.url, "sprintgate:closed:job-2", "Closed").await.unwrap();
        assert_eq!(ground.asked("POST", "/issues/1/comments"), 2);
        let said = ground.server.state().pulls[0].comments[140].clone();
        assert_eq!(said, "Closed: @ann\n\n<!-- sprintgate:closed:job-1 -->");

        // Said, but the answer was lost: it is there.
        ground.fault("POST", "/comments", What::ClosesAfter);
        let error = ground.forge.comment(&pr.url, "lost", "x").await.unwrap_err();
        assert!(matches!(error, ForgeError::Away { .. }), "{error}");
        ground.forge.comment(&pr.url, "lost", "x").await.unwrap();
        assert_eq!(ground.asked("POST", "/issues/1/comments"), 3);
    }
}

#[tokio::test]
async fn a_marker_cannot_end_its_comment() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let pr = ground.open(false).await;
        for marker in ["", "a--b", "x -->", "<b>", &"m".repeat(101)] {
            let error = ground.forge.comment(&pr.url, marker, "x").await.unwrap_err();
            assert!(matches!(error, ForgeError::Invalid { .. }), "{marker}: {error}");
        }
        assert_eq!(ground.asked("POST", "/comments"), 0);
    }
}

#[tokio::test]
async fn all_pages_of_files_are_read() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let files: Vec<String> = (0..130).map(|number| format!("f{number}")).collect();
        ground.server.state().repo.commit_all(super::ground::BRANCH, None, &files, "x\n");
        let pr = ground.open(false).await;
        let files = ground.forge.files(&pr.url).await.unwrap();
        assert_eq!(files.len(), 131);
        assert!(files.contains(&"basket".to_owned()) && files.contains(&"f129".to_owned()));
        let moved = serde_json::json!([{ "filename": "new", "previous_filename": ".github/old" }]);
        ground.fault("GET", "/files", What::Answers(Answer::json(200, &moved)));
        assert_eq!(ground.forge.files(&pr.url).await.unwrap(), [".github/old", "new"]);
    }
}
