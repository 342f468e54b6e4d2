//! Publications of branches.

use sprintgate::domain::pull_request::{self, ForgeState, Found, PullRequest};
use sprintgate::domain::run::PrStrategy;
use sprintgate::store::{Change, NewPullRequest, StoreError};

use super::super::ctx::{Ctx, commit, id, stamp};
use super::super::outbox::all_is_told;
use super::moved::{NOW, begin, in_state, moved};

#[tokio::test]
async fn pull_requests() {
    let ctx = Ctx::new().await;
    ctx.run("r").await;
    let mut tx = begin(&ctx).await;
    let unpublished = |name: &str| PullRequest {
        id: id(name),
        strategy: PrStrategy::Story,
        branch: id("feat/story-1"),
        state: pull_request::Unpublished,
    };
    let new = |name: &str| NewPullRequest {
        pull_request: unpublished(name),
        product: id("p"),
        run: Some(id("r")),
        story: Some(id("st")),
        repo_url: "https://example.org/shop.git".into(),
    };
    tx.add_pull_request(&new("a"), &stamp()).await.unwrap();
    let read = tx.pull_request(&id("a")).await.unwrap().unwrap();
    assert_eq!((read.row, read.product, read.run), (unpublished("a").into(), id("p"), Some(id("r"))));
    assert_eq!((read.story, read.repo_url.as_str()), (Some(id("st")), "https://example.org/shop.git"));
    macro_rules! moved_to {
        ($state:ident, $step:expr) => {
            in_state!(
                moved!(
                    tx,
                    pull_request,
                    Change::PullRequest,
                    pull_request::AnyPullRequest,
                    tx.pull_request(&id("a")).await.unwrap().unwrap().row,
                    $step
                ),
                pull_request::AnyPullRequest::$state
            )
        };
    }
    let found = Found {
        url: "https://example.org/p/1".into(),
        state: ForgeState::Open,
        draft: false,
        branch: "feat/story-1".into(),
    };
    let pushed = moved_to!(BranchPushed, unpublished("a").push(commit('a')).unwrap());
    let opened = moved_to!(PrOpened, pushed.open(found).unwrap());
    let paused = moved_to!(MergeConflictPaused, opened.conflict(&commit('a'), "it does not merge").unwrap());
    let opened = moved_to!(PrOpened, paused.resume_story().unwrap());
    let waiting = moved_to!(WaitingForChecks, opened.complete_story(&commit('a')).unwrap());
    let enabled = moved_to!(AutoMergeEnabled, waiting.accept_merge(&commit('a')).unwrap());
    let failed = moved_to!(ChecksFailed, enabled.fail_checks(&commit('a'), "a test failed").unwrap());
    let opened = moved_to!(PrOpened, failed.push(commit('b')).unwrap());
    tx.commit().await.unwrap();
    let mut tx = begin(&ctx).await;
    let error = tx.add_pull_request(&new("b"), &stamp()).await.unwrap_err();
    let key_of = "pull_requests.repo_url, pull_requests.branch";
    assert!(matches!(&error, StoreError::Duplicate { key } if key == key_of), "{error}");
    drop(tx);

    let mut tx = begin(&ctx).await;
    let change: pull_request::Change = opened.merge(Some(commit('c')), NOW).into();
    let row = change.row().clone();
    tx.apply(Change::PullRequest(change), &stamp()).await.unwrap();
    assert_eq!(tx.pull_request(&id("a")).await.unwrap().unwrap().row, row);
    // What was merged takes no further commit, so that the branch is published anew.
    tx.add_pull_request(&new("b"), &stamp()).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = begin(&ctx).await;
    let shop = "https://example.org/shop.git";
    for (repo, branch, limit, want) in [
        (shop, "feat/story-1", 9, &["b NONE", "a MERGED"][..]),
        (shop, "feat/story-1", 1, &["b NONE"]),
        (shop, "feat/story-2", 9, &[]),
        ("https://example.org/blog.git", "feat/story-1", 9, &[]),
    ] {
        let found = tx.pull_requests_of_branch(repo, branch, limit).await.unwrap();
        let found: Vec<String> = found.iter().map(|pr| format!("{} {}", pr.row.id, pr.row.status)).collect();
        assert_eq!(found, want, "{repo} {branch}");
    }
    tx.commit().await.unwrap();
    all_is_told(&ctx).await;
}
