//! Publications of branches.

use sprintgate::domain::branch::BranchName;
use sprintgate::domain::forge::{ForgeHost, PrUrl};
use sprintgate::domain::job::{self, Stop};
use sprintgate::domain::publication::Work;
use sprintgate::domain::pull_request::{self, ForgeState, Found, PullRequest};
use sprintgate::domain::remote::RemoteUrl;
use sprintgate::domain::run::PrStrategy;
use sprintgate::domain::time::Millis;
use sprintgate::store::{Change, EndedJob, NewJob, NewPullRequest, PullRequestRecord, Store, StoreError};

use super::super::ctx::{Ctx, commit, id, job_of, stamp, task};
use super::super::outbox::all_is_told;
use super::super::raw::connect;
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
    let key_of = "pull_requests.repo_key, pull_requests.branch";
    assert!(matches!(&error, StoreError::Duplicate { key } if key == key_of), "{error}");
    drop(tx);

    let mut tx = begin(&ctx).await;
    let change: pull_request::Change = opened.merge(Some(commit('c')), Some(commit('d')), NOW).into();
    let row = change.row().clone();
    tx.apply(Change::PullRequest(change), &stamp()).await.unwrap();
    assert_eq!(tx.pull_request(&id("a")).await.unwrap().unwrap().row, row);
    // What was merged takes no further commit, so that the branch is published anew.
    tx.add_pull_request(&new("b"), &stamp()).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = begin(&ctx).await;
    // However the address is spelled.
    for (repo, branch, limit, want, live) in [
        ("https://example.org/shop.git", "feat/story-1", 9, &["b NONE", "a MERGED"][..], Some("b")),
        ("git@Example.org:Shop.git", "feat/story-1", 1, &["b NONE"], Some("b")),
        ("https://example.org/shop", "feat/story-2", 9, &[], None),
        ("https://example.org/blog.git", "feat/story-1", 9, &[], None),
        ("/shop", "feat/story-1", 9, &[], None),
    ] {
        let (repo, branch) = (repo.parse().unwrap(), id(branch));
        let found = tx.pull_requests_of_branch(&repo, &branch, limit).await.unwrap();
        let found: Vec<String> = found.iter().map(|pr| format!("{} {}", pr.row.id, pr.row.status)).collect();
        assert_eq!(found, want, "{repo} {branch}");
        let found = tx.live_pull_request(&repo, &branch).await.unwrap();
        assert_eq!(found.map(|pr| pr.row.id.to_string()).as_deref(), live, "{repo} {branch}");
    }
    let ids =
        |found: Vec<PullRequestRecord>| found.iter().map(|pr| pr.row.id.to_string()).collect::<Vec<_>>();
    assert_eq!(ids(tx.live_pull_requests_of_stories(&[id("st"), id("other")]).await.unwrap()), ["b"]);
    assert_eq!(ids(tx.live_pull_requests_of_stories(&[]).await.unwrap()), Vec::<String>::new());
    let places = |branches: &[(&str, &str)]| -> Vec<(RemoteUrl, BranchName)> {
        branches.iter().map(|(repo, branch)| (repo.parse().unwrap(), id(branch))).collect()
    };
    for (branches, want) in [
        (
            &[("git@Example.org:Shop.git", "feat/story-1"), ("https://example.org/shop", "feat/story-2")][..],
            &["b"][..],
        ),
        (
            &[("https://example.org/blog.git", "feat/story-1"), ("https://example.org/shop", "feat/story-2")],
            &[],
        ),
        (&[], &[]),
    ] {
        assert_eq!(ids(tx.live_pull_requests_of_branches(&places(branches)).await.unwrap()), want);
    }
    assert_eq!(ids(tx.live_pull_requests_of_run(&id("r")).await.unwrap()), ["b"]);
    assert_eq!(ids(tx.live_pull_requests_of_run(&id("other")).await.unwrap()), Vec::<String>::new());
    tx.commit().await.unwrap();
    all_is_told(&ctx).await;
}

/// A publication with an open pull request.
async fn opened(ctx: &Ctx, name: &str, branch: &str) {
    let pull_request = PullRequest {
        id: id(name),
        strategy: PrStrategy::Story,
        branch: id(branch),
        state: pull_request::Unpublished,
    };
    let mut tx = begin(ctx).await;
    let new = NewPullRequest {
        pull_request: pull_request.clone(),
        product: id("p"),
        run: None,
        story: None,
        repo_url: SHOP.into(),
    };
    tx.add_pull_request(&new, &stamp()).await.unwrap();
    let pushed = pull_request.push(commit('a')).unwrap();
    let found = Found {
        url: format!("https://example.org/o/shop/pulls/{name}"),
        state: ForgeState::Open,
        draft: false,
        branch: branch.into(),
    };
    let opened = pushed.next().clone().open(found).unwrap();
    for change in [pull_request::Change::from(pushed), opened.into()] {
        tx.apply(Change::PullRequest(change), &stamp()).await.unwrap();
    }
    tx.commit().await.unwrap();
}

const SHOP: &str = "https://example.org/shop.git";

#[tokio::test]
async fn a_forge_is_asked_about_what_is_open_when_its_time_has_come() {
    let ctx = Ctx::new().await;
    for (name, branch) in [("a", "x"), ("b", "y"), ("c", "z")] {
        opened(&ctx, name, branch).await;
    }
    let (here, there) = (ForgeHost::github(), ForgeHost::new("git.example.org:3000").unwrap());
    let now = ctx.now();
    let due = async |host: &ForgeHost, limit| {
        let found = ctx.store.read().await.unwrap().due_polls(host, limit).await.unwrap();
        found.iter().map(|pr| (pr.row.id.to_string(), pr.poll_at.unwrap().0 - now.0)).collect::<Vec<_>>()
    };
    assert_eq!(due(&here, 9).await, []);
    let mut tx = begin(&ctx).await;
    for (name, host, wait) in [("a", &here, 20), ("b", &here, 10), ("c", &there, 0)] {
        assert!(tx.note_poll(&id(name), host, now + Millis(wait)).await.unwrap());
    }
    assert!(!tx.note_poll(&id("nobody"), &here, now).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!((due(&here, 9).await, due(&there, 9).await), (vec![], vec![("c".into(), 0)]));
    ctx.pass(20);
    assert_eq!(due(&here, 9).await, [("b".into(), 10), ("a".into(), 20)]);
    assert_eq!(due(&here, 1).await, [("b".into(), 10)]);

    // Asked, it waits again; what has ended is asked about no more.
    let mut tx = begin(&ctx).await;
    assert!(tx.note_poll(&id("b"), &here, now + Millis(1000)).await.unwrap());
    let row = tx.pull_request(&id("a")).await.unwrap().unwrap().row;
    let Ok(pull_request::AnyPullRequest::PrOpened(open)) = pull_request::AnyPullRequest::try_from(row) else {
        panic!("it is open")
    };
    let merged = open.merge(None, None, ctx.now()).into();
    tx.apply(Change::PullRequest(merged), &stamp()).await.unwrap();
    assert!(!tx.note_poll(&id("a"), &here, now).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(due(&here, 9).await, []);
    ctx.pass(1000);
    assert_eq!(due(&here, 9).await, [("b".into(), 1000)]);
}

#[tokio::test]
async fn the_work_on_a_branch_is_that_of_all_its_jobs_however_their_repository_is_spelled() {
    let ctx = Ctx::new().await;
    let (shop, branch): (RemoteUrl, BranchName) = (SHOP.parse().unwrap(), id("feat/x"));
    let url: PrUrl = "https://example.org/o/shop/pulls/7".parse().unwrap();
    let spelled = [("a", SHOP), ("b", "https://EXAMPLE.org/shop"), ("c", "https://example.org/blog")];
    for (name, repo) in spelled {
        let mut tx = begin(&ctx).await;
        tx.add_task(&task(name), &stamp()).await.unwrap();
        let job = NewJob { branch: Some("feat/x".into()), repo_url: Some(repo.into()), ..job_of(name) };
        tx.add_job(&job, &stamp()).await.unwrap();
        tx.commit().await.unwrap();
    }
    let work = async || ctx.store.read().await.unwrap().work_on(&shop, &branch).await.unwrap();
    assert_eq!(work().await, Work { open: 2, done: false, last_published: None });
    let noted = async || {
        let mut tx = begin(&ctx).await;
        let noted = tx.note_pr(&shop, &branch, &url).await.unwrap();
        tx.commit().await.unwrap();
        noted
    };
    assert_eq!(noted().await, 0, "nothing is done");
    ctx.claim(&id("a")).await;
    ctx.start(&id("a")).await;
    ctx.finish(&id("a")).await;
    assert_eq!(work().await, Work { open: 1, done: true, last_published: Some(commit('a')) });
    assert_eq!((noted().await, noted().await), (1, 0), "once");
    ctx.cancel(&id("b"), Stop::by_user("not needed")).await;
    assert_eq!(work().await, Work { open: 0, done: true, last_published: Some(commit('a')) });
    let mut raw = connect(&ctx).await;
    let urls: Vec<(String, Option<String>)> =
        sqlx::query_as("SELECT id, pr_url FROM claude_jobs ORDER BY id").fetch_all(&mut raw).await.unwrap();
    let url = Some(url.to_string());
    assert_eq!(urls, [("a".into(), url.clone()), ("b".into(), None), ("c".into(), None)]);
    let mut tx = ctx.store.read().await.unwrap();
    assert_eq!(tx.pr_of_job(&id("a")).await.unwrap(), url);
    assert_eq!(tx.pr_of_job(&id("b")).await.unwrap(), None);
    let done = tx.done_on(&shop, &branch, 9).await.unwrap();
    assert_eq!(done.iter().map(|job| job.row.id.as_str()).collect::<Vec<_>>(), ["a"]);
    assert!(tx.is_published(&shop, &branch, &commit('a')).await.unwrap());
    assert!(!tx.is_published(&shop, &branch, &commit('b')).await.unwrap(), "no job published it");
    let undone = tx.undone_on(&shop, &branch, 9).await.unwrap();
    let (status, cause) = (job::Status::Cancelled, Some(job::EndCause::User));
    assert_eq!(undone, [EndedJob { job: id("b"), status, cause }]);
    drop(tx);
    ctx.pass(1);
    let mut tx = begin(&ctx).await;
    tx.add_task(&task("d"), &stamp()).await.unwrap();
    let job = NewJob { branch: Some("feat/x".into()), repo_url: Some(SHOP.into()), ..job_of("d") };
    tx.add_job(&job, &stamp()).await.unwrap();
    assert_eq!(tx.undone_on(&shop, &branch, 9).await.unwrap(), [], "work began again");
}

#[tokio::test]
async fn defect_071_a_run_keeps_the_address_of_its_first_pull_request() {
    let ctx = Ctx::new().await;
    let run = ctx.run("r").await;
    let mut tx = begin(&ctx).await;
    assert_eq!(tx.run(&run).await.unwrap().unwrap().pr_url, None);
    for (number, noted) in [(1, true), (2, false)] {
        let url: PrUrl = format!("https://example.org/o/shop/pulls/{number}").parse().unwrap();
        assert_eq!(tx.note_run_pr(&run, &url).await.unwrap(), noted);
        let read = tx.run(&run).await.unwrap().unwrap().pr_url;
        assert_eq!(read.as_deref(), Some("https://example.org/o/shop/pulls/1"));
    }
    tx.commit().await.unwrap();
}
