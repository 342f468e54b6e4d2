//! A branch is held by one job at a time, of whatever run, process or host, and however its repository is spelled.

use std::sync::Arc;

use sprintgate::domain::attempt::Attempt;
use sprintgate::domain::eligibility::Holder;
use sprintgate::domain::gate::Policy;
use sprintgate::domain::id::{JobId, WorkerId};
use sprintgate::domain::job::{AnyJob, Claim, Failure, LEASE, Stop};
use sprintgate::store::sqlite::Clock;
use sprintgate::store::*;
use sqlx::Executor as _;
use tokio::task::JoinSet;

use super::ctx::{Ctx, id, job_of, new_run, stamp, task};
use super::database::{RULES_CAN_GO, ThatStore};
use super::raw::{attempt, connect};

/// Spellings of one repository.
const SHOP: [&str; 3] =
    ["https://example.org/shop.git", "git@Example.org:Shop.git", "ssh://git@example.org:22/shop/"];

impl Ctx {
    /// A job that is the first of its branch in its own run, as that run's mark says.
    async fn first_of(&self, name: &str, repo: &str, branch: &str) -> JobId {
        let mut tx = self.store.begin().await.unwrap();
        tx.add_task(&task(name), &stamp()).await.unwrap();
        let job = NewJob { branch: Some(branch.into()), repo_url: Some(repo.into()), ..job_of(name) };
        tx.add_job(&job, &stamp()).await.unwrap();
        tx.commit().await.unwrap();
        id(name)
    }

    async fn held_by(&self, job: &JobId) -> Option<String> {
        let record = self.record(job).await;
        let mut tx = self.store.read().await.unwrap();
        let facts = tx.claim_facts(&record, &record.user).await.unwrap();
        facts.branch_held_by.map(|holder| match holder {
            Holder::Yours(job) => job.to_string(),
            Holder::Somebody => "somebody else".into(),
        })
    }

    /// What can be claimed, as everybody is told who asks: whoever looks, claims or counts.
    async fn claimable(&self) -> Option<String> {
        let mut tx = self.store.begin().await.unwrap();
        let first = tx.first_claimable(&id("u"), None).await.unwrap();
        assert_eq!(tx.first_claimable(&id("u"), Some(&id("p"))).await.unwrap(), first);
        drop(tx);
        // Who only looks may see another one, for it notes no wait that has ended.
        let mut tx = self.store.read().await.unwrap();
        for product in [None, Some(&id("p"))] {
            let seen = tx.first_claimable(&id("u"), product).await.unwrap();
            assert_eq!(seen.is_some(), first.is_some());
        }
        assert_eq!(tx.any_claimable(&id("u")).await.unwrap(), first.is_some());
        first.map(|job| job.to_string())
    }
}

/// Claims it on that host.
async fn claim(store: &dyn Store, job: &JobId, worker: &str, host: &str) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    let AnyJob::Queued(queued) = AnyJob::try_from(tx.job(job).await?.unwrap().row).unwrap() else {
        panic!("{job} is not queued")
    };
    let worker: WorkerId = id(worker);
    let claim = Claim { token: id("t"), worker, plan: "change `a.rs`".into(), policy: Policy::default() };
    let step = queued.claim(claim, tx.now(), LEASE).unwrap();
    let attempt = Attempt::begun(&step, host.into(), None);
    tx.claim(step.into(), &attempt, &stamp()).await?;
    tx.commit().await
}

#[tokio::test]
async fn defect_075_whoever_ends_the_attempt_frees_its_branch() {
    let ctx = Ctx::new().await;
    let other = ctx.database.open(Clock::Manual(Arc::clone(&ctx.clock))).await;
    for (round, end) in ["finish", "fail", "cancel", "release", "expire"].into_iter().enumerate() {
        let branch = format!("feat/{end}");
        let holder = ctx.first_of(&format!("{end}-a"), SHOP[round % 3], &branch).await;
        let next = ctx.first_of(&format!("{end}-b"), SHOP[(round + 1) % 3], &branch).await;
        claim(&other, &holder, "w1", "there").await.unwrap();
        assert_eq!((ctx.claimable().await, ctx.held_by(&next).await), (None, Some(holder.to_string())));
        assert_eq!(ctx.held_by(&holder).await, None, "not by itself");
        match end {
            "finish" => {
                ctx.start(&holder).await;
                assert_eq!(ctx.claimable().await, None);
                ctx.finish(&holder).await;
            }
            "fail" => {
                ctx.start(&holder).await;
                ctx.fail(&holder, Failure::Reported("it does not compile".into())).await;
            }
            "cancel" => ctx.cancel(&holder, Stop::by_user("not needed")).await,
            "release" => ctx.release(&holder).await,
            _ => {
                ctx.pass(LEASE.0 + 1);
                ctx.expire(&holder).await;
            }
        }
        assert_eq!(ctx.held_by(&next).await, None, "{end}");
        ctx.pass(60_000);
        // What was given back comes first again; the other waits for it as it did before.
        let first = if ["release", "expire"].contains(&end) { &holder } else { &next };
        assert_eq!(ctx.claimable().await, Some(first.to_string()), "{end}");
        ctx.claim(first).await;
        assert_eq!(ctx.claimable().await, None);
        for job in [&holder, &next] {
            if !ctx.record(job).await.row.status.is_terminal() {
                ctx.cancel(job, Stop::by_user("the round is over")).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn defect_076_of_processes_that_claim_a_branch_at_once_one_gets_it() {
    let ctx = Arc::new(Ctx::new().await);
    for round in 0..8 {
        let branch = format!("feat/{round}");
        let mut claims = JoinSet::new();
        for (process, repo) in SHOP.into_iter().enumerate() {
            let job = ctx.first_of(&format!("j{round}-{process}"), repo, &branch).await;
            let store = ctx.database.open(Clock::Manual(Arc::clone(&ctx.clock))).await;
            claims.spawn(async move {
                match claim(&store, &job, &format!("w{process}"), "here").await {
                    Ok(()) => true,
                    // Asked again it would find the branch held.
                    Err(error) => {
                        assert!(error.is_retryable(), "{error}");
                        false
                    }
                }
            });
        }
        let got = claims.join_all().await;
        assert_eq!(got.into_iter().filter(|got| *got).count(), 1, "round {round}");
        assert_eq!(ctx.claimable().await, None);
    }
    let mut raw = connect(&ctx).await;
    let both = "UPDATE claude_jobs SET repo_key = 'other'";
    assert_eq!(attempt(&mut raw, both).await, Err("job: what it was made with never changes".into()));
}

#[tokio::test]
async fn defect_077_a_branch_that_another_host_holds_for_another_user_is_not_free() {
    let ctx = Ctx::new().await;
    ctx.person("v", "bob", "t2").await;
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_run(&new_run("r"), &stamp()).await.unwrap();
    tx.add_task(&task("theirs"), &stamp()).await.unwrap();
    let job = NewJob {
        user: id("v"),
        run: Some(id("r")),
        branch: Some("feat/x".into()),
        repo_url: Some(SHOP[1].into()),
        ..job_of("theirs")
    };
    tx.add_job(&job, &stamp()).await.unwrap();
    tx.commit().await.unwrap();
    let (theirs, mine) = (id("theirs"), ctx.first_of("mine", SHOP[0], "feat/x").await);
    let aside = ctx.first_of("aside", "https://example.org/blog.git", "feat/x").await;
    let path = ctx.first_of("path", "/Shop", "feat/x").await;
    claim(&ctx.store, &theirs, "w1", "there").await.unwrap();
    assert_eq!(
        (ctx.held_by(&mine).await.as_deref(), ctx.held_by(&aside).await),
        (Some("somebody else"), None)
    );
    // The same branch of another repository, and on this machine's disk, is another branch.
    for free in [&aside, &path] {
        assert_eq!(ctx.claimable().await, Some(free.to_string()));
        claim(&ctx.store, free, "w2", "here").await.unwrap();
    }
    assert_eq!(ctx.claimable().await, None);
    let error = claim(&ctx.store, &mine, "w2", "here").await.unwrap_err();
    assert!(matches!(&error, StoreError::Busy(_)), "{error}");
    assert_eq!(ctx.record(&mine).await.row.attempt, 0);
    let mut tx = ctx.store.read().await.unwrap();
    assert_eq!(tx.history("job", "mine", 9).await.unwrap().len(), 1, "only its birth");
    drop(tx);
    ctx.pass(LEASE.0 + 1);
    ctx.expire(&theirs).await;
    assert_eq!(ctx.claimable().await.as_deref(), Some("mine"));
}

/// Versions before 102 let jobs of different runs be held on one branch.
#[tokio::test]
async fn branches_that_an_older_version_let_two_jobs_hold_are_named_and_left_as_they_were() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    raw.execute("DROP INDEX one_held_job_per_branch").await.unwrap();
    raw.execute("DROP INDEX pull_requests_of_product").await.unwrap();
    raw.execute("ALTER TABLE pull_requests DROP COLUMN merged_head_sha").await.unwrap();
    raw.execute("ALTER TABLE products DROP COLUMN push_salvage").await.unwrap();
    raw.execute("ALTER TABLE products DROP COLUMN trailers").await.unwrap();
    raw.execute(RULES_CAN_GO).await.unwrap();
    raw.execute("DELETE FROM transition_rules WHERE event = 'withdraw'").await.unwrap();
    raw.execute("DELETE FROM _sqlx_migrations WHERE version >= 102").await.unwrap();
    for (name, repo, branch) in [
        ("a", SHOP[0], "feat/x"),
        ("b", SHOP[1], "feat/x"),
        ("c", SHOP[2], "feat/y"),
        ("d", "/srv/blog.git", "feat/x"),
    ] {
        let job = ctx.first_of(name, repo, branch).await;
        claim(&ctx.store, &job, name, "here").await.unwrap();
    }
    let error = ThatStore::open(&ctx.database.place(), Clock::Database).await.err().unwrap();
    let StoreError::Open { source, .. } = error else { panic!("{error}") };
    let why = source.to_string();
    assert!(
        why.starts_with(
            "more than one worker holds branch feat/x of example.org/shop by the jobs a and b; the schema that follows \
             version 101 has one held job a branch."
        ),
        "{why}"
    );
    // It does as it says, with the store that the older version has open.
    let job = id("b");
    ctx.cancel(&job, Stop::by_user("the other one goes on")).await;
    let newer = ctx.database.open(Clock::Manual(Arc::clone(&ctx.clock))).await;
    assert!(newer.schema_version().await.unwrap() >= 102);
    assert!(ctx.record(&id("a")).await.row.status.is_held());
}
