//! Drafts: GitHub's mark, Forgejo's title.

use sprintgate::domain::forge::ForgeKind;

use super::ground::{Ground, KINDS};

#[tokio::test]
async fn a_draft_is_opened_made_ready_and_a_draft_again() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let pr = ground.open(true).await;
        assert!(pr.draft, "{kind}");
        let changes = |ground: &Ground| ground.asked("POST", "/graphql") + ground.asked("PATCH", "/pulls/1");
        for (draft, cost) in [(true, 0), (false, 1), (false, 1), (true, 2), (true, 2), (false, 3)] {
            ground.forge.set_draft(&pr.url, draft).await.unwrap();
            assert_eq!(ground.forge.get(&pr.url).await.unwrap().draft, draft);
            assert_eq!(changes(&ground), cost, "what is so already costs no change");
        }
        assert_eq!(ground.forge.get(&pr.url).await.unwrap().title, "A better basket");
    }
}

#[tokio::test]
async fn a_persons_title_stays_when_the_mark_goes() {
    let ground = Ground::new(ForgeKind::Forgejo).await;
    let pr = ground.open(true).await;
    ground.server.state().pulls[0].title = "[wip] A basket for two".into();
    ground.forge.set_draft(&pr.url, false).await.unwrap();
    assert_eq!(ground.server.state().pulls[0].title, "A basket for two");
}

#[tokio::test]
async fn where_there_are_no_drafts_it_is_opened_without_and_says_so() {
    let ground = Ground::new(ForgeKind::GitHub).await;
    ground.server.state().has_drafts = false;
    assert!(!ground.open(true).await.draft);
    assert_eq!(ground.server.state().pulls.len(), 1);
}

#[tokio::test]
async fn what_is_closed_is_left_alone() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let pr = ground.open(true).await;
        ground.server.state().pulls[0].closed = true;
        ground.forge.set_draft(&pr.url, false).await.unwrap();
        assert_eq!(ground.asked("POST", "/graphql") + ground.asked("PATCH", "/pulls/1"), 0);
    }
}
