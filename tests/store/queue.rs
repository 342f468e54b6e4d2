//! The queue: order, branches, runs that pause, waits, leases, counts.

use sprintgate::domain::id::{JobId, RunId};
use sprintgate::domain::job::{LEASE, Status, Stop};
use sprintgate::domain::run::{AnyRun, Pause, PrStrategy, Tally};
use sprintgate::domain::time::Timestamp;
use sprintgate::store::*;

use super::ctx::{Ctx, id, job_of, stamp, task};

const REPO: &str = "https://example.org/shop.git";

impl Ctx {
    /// A job of the run on a branch, ready when it is the first.
    async fn job_of_run(&self, name: &str, run: &RunId, branch: &str, sequence: i64, ready: bool) -> JobId {
        let mut tx = self.store.begin().await.unwrap();
        tx.add_task(&task(name), &stamp()).await.unwrap();
        let mut job = job_of(name);
        job.run = Some(run.clone());
        job.branch = Some(branch.into());
        job.repo_url = Some(REPO.into());
        job.sequence = sequence;
        job.ready = ready;
        tx.add_job(&job, &stamp()).await.unwrap();
        tx.commit().await.unwrap();
        id(name)
    }

    async fn first(&self) -> Option<String> {
        let mut tx = self.store.begin().await.unwrap();
        let first = tx.first_claimable(&id("u"), None).await.unwrap();
        let of_product = tx.first_claimable(&id("u"), Some(&id("p"))).await.unwrap();
        assert_eq!(first, of_product);
        assert_eq!(tx.first_claimable(&id("u"), Some(&id("other"))).await.unwrap(), None);
        drop(tx);
        let mut tx = self.store.read().await.unwrap();
        assert_eq!(first, tx.first_claimable(&id("u"), None).await.unwrap());
        first.map(|id| id.to_string())
    }

    async fn change_run(&self, run: &RunId, with: impl FnOnce(AnyRun) -> sprintgate::domain::run::Change) {
        let mut tx = self.store.begin().await.unwrap();
        let record = tx.run(run).await.unwrap().unwrap();
        let change = with(AnyRun::try_from(record.row).unwrap());
        tx.apply(Change::Run(change), &stamp()).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn oldest_first_then_sequence_then_id() {
    let ctx = Ctx::new().await;
    let run = ctx.run("r").await;
    ctx.job_of_run("c", &run, "c", 2, true).await;
    ctx.job_of_run("b", &run, "b", 1, true).await;
    ctx.job_of_run("a", &run, "a", 1, true).await;
    ctx.pass(-5);
    ctx.job("old").await;
    ctx.pass(5);
    for expected in ["old", "a", "b", "c"] {
        assert_eq!(ctx.first().await.as_deref(), Some(expected));
        ctx.claim(&id(expected)).await;
    }
    assert_eq!(ctx.first().await, None);
}

#[tokio::test]
async fn jobs_of_a_branch_go_one_after_the_other() {
    let ctx = Ctx::new().await;
    let run = ctx.run("r").await;
    let one = ctx.job_of_run("one", &run, "x", 1, true).await;
    let two = ctx.job_of_run("two", &run, "x", 2, false).await;
    let three = ctx.job_of_run("three", &run, "x", 3, false).await;
    ctx.job_of_run("aside", &run, "y", 4, true).await;
    let ahead = async |job: &JobId| {
        let record = ctx.record(job).await;
        let facts = ctx.store.read().await.unwrap().claim_facts(&record, &record.user).await.unwrap();
        facts.ahead.map(|id| id.to_string())
    };
    assert_eq!(ahead(&one).await, None);
    assert_eq!(ahead(&three).await.as_deref(), Some("one"));
    ctx.claim(&one).await;
    assert_eq!(ctx.first().await.as_deref(), Some("aside"));

    let next = async || {
        let mut tx = ctx.store.begin().await.unwrap();
        tx.ready_next(&run, REPO, "x").await.unwrap();
        tx.commit().await.unwrap();
    };
    next().await;
    assert!(!ctx.record(&two).await.ready, "the first is still held");
    ctx.start(&one).await;
    ctx.finish(&one).await;
    next().await;
    next().await;
    assert!(ctx.record(&two).await.ready);
    assert!(!ctx.record(&three).await.ready);
    ctx.cancel(&two, Stop::by_user("not needed")).await;
    assert_eq!(ahead(&three).await, None);
    next().await;
    assert!(ctx.record(&three).await.ready);
}

#[tokio::test]
async fn a_paused_run_hands_out_nothing_and_goes_on_where_it_was() {
    let ctx = Ctx::new().await;
    let run = ctx.run("r").await;
    let one = ctx.job_of_run("one", &run, "x", 1, true).await;
    let two = ctx.job_of_run("two", &run, "x", 2, false).await;
    let held = ctx.job_of_run("held", &run, "y", 3, true).await;
    let behind = ctx.job_of_run("behind", &run, "y", 4, false).await;
    ctx.claim(&held).await;
    let now = ctx.now();
    ctx.change_run(&run, |run| match run {
        AnyRun::Queued(run) => run.claim_first(now).into(),
        other => panic!("{other:?}"),
    })
    .await;
    ctx.change_run(&run, |run| match run {
        AnyRun::Running(run) => run.pause(quota(now)).into(),
        other => panic!("{other:?}"),
    })
    .await;
    assert_eq!(ctx.first().await, None);
    // What comes back while the run is paused, and what is asked to be ready, waits as well.
    ctx.pass(LEASE.0 + 1);
    ctx.expire(&held).await;
    let mut tx = ctx.store.begin().await.unwrap();
    tx.ready_next(&run, REPO, "x").await.unwrap();
    let paused = tx.run(&run).await.unwrap().unwrap();
    assert_eq!(paused.row.pause, Some(quota(now)));
    assert_eq!(tx.live_run(&id("s")).await.unwrap(), Some(paused));
    tx.commit().await.unwrap();
    assert_eq!(ctx.first().await, None);

    ctx.change_run(&run, |run| match run {
        AnyRun::Paused(run) => run.resume().into(),
        other => panic!("{other:?}"),
    })
    .await;
    for (job, ready) in [(&one, true), (&two, false), (&held, true), (&behind, false)] {
        assert_eq!(ctx.record(job).await.ready, ready, "{job}");
    }
    assert_eq!(ctx.first().await.as_deref(), Some("one"));
}

#[tokio::test]
async fn a_job_that_was_given_back_waits_and_is_clean() {
    let ctx = Ctx::new().await;
    let job = ctx.job("j").await;
    ctx.claim(&job).await;
    let mut tx = ctx.store.begin().await.unwrap();
    let base = super::ctx::commit('b');
    assert!(tx.note_base(&job, 1, &base, None, LEASE).await.unwrap());
    let used = Usage { model_id: Some("m".into()), input_tokens: Some(5), ..Usage::default() };
    tx.note_usage(&job, 1, &used).await.unwrap();
    tx.note_usage(&job, 1, &Usage { output_tokens: Some(7), ..Usage::default() }).await.unwrap();
    tx.note_usage(&job, 2, &Usage { output_tokens: Some(9), ..Usage::default() }).await.unwrap();
    tx.commit().await.unwrap();
    let usage = ctx.record(&job).await.usage;
    assert_eq!((usage.input_tokens, usage.output_tokens), (Some(5), Some(7)));

    ctx.release(&job).await;
    let due = ctx.now().0 + 10_000;
    assert_eq!(ctx.first().await, None);
    let mut tx = ctx.store.read().await.unwrap();
    assert_eq!(tx.next_due(&id("u"), None).await.unwrap().map(|t| t.0), Some(due));
    let left = tx.remaining(&id("u")).await.unwrap();
    assert_eq!((left[0].open, left[0].claimable), (1, 0));
    drop(tx);
    ctx.pass(10_000);
    assert_eq!(ctx.first().await.as_deref(), Some("j"));
    let record = ctx.record(&job).await;
    assert_eq!((record.row.base, record.row.evidence, record.row.plan), (None, None, None));
    assert_eq!(ctx.claim(&job).await, 2);
    assert_eq!(ctx.record(&job).await.usage, Usage::default());
    let mut tx = ctx.store.read().await.unwrap();
    let attempts = tx.attempts(&job).await.unwrap();
    assert_eq!(attempts.iter().map(|a| a.row.status.to_string()).collect::<Vec<_>>(), ["GIVEN_BACK", "HELD"]);
    assert_eq!(attempts[0].base, Some(base));
    assert_eq!(tx.held_by(&id("t"), 9).await.unwrap(), attempts[1..]);
}

/// Who waits for one product sleeps until a job of that one can be claimed.
#[tokio::test]
async fn when_the_next_wait_ends_is_said_of_one_product_or_of_all() {
    let ctx = Ctx::new().await;
    let mut tx = ctx.store.begin().await.unwrap();
    let product = NewProduct {
        id: id("q"),
        user: id("u"),
        name: "Bar".into(),
        code: None,
        description: None,
        repo_url: None,
        definition_of_done: "tests pass".into(),
        pr_strategy: PrStrategy::Story,
        cascade_on_infrastructure: false,
        auto_pr: false,
        push_salvage: false,
        trailers: false,
    };
    tx.add_product(&product).await.unwrap();
    tx.commit().await.unwrap();
    for (name, product, wait) in [("a", "p", 0), ("b", "p", 3000), ("c", "q", 1000)] {
        ctx.pass(wait);
        let mut tx = ctx.store.begin().await.unwrap();
        tx.add_task(&task(name), &stamp()).await.unwrap();
        tx.add_job(&NewJob { product: id(product), ..job_of(name) }, &stamp()).await.unwrap();
        tx.commit().await.unwrap();
        let job = id(name);
        ctx.claim(&job).await;
        ctx.release(&job).await;
    }
    let first = super::ctx::NOON + 10_000;
    let mut tx = ctx.store.read().await.unwrap();
    for (product, due) in [(None, first), (Some("p"), first), (Some("q"), first + 4000)] {
        let product = product.map(id);
        let next = tx.next_due(&id("u"), product.as_ref()).await.unwrap();
        assert_eq!(next.map(|at| at.0), Some(due), "{product:?}");
    }
    assert_eq!(tx.next_due(&id("u"), Some(&id("r"))).await.unwrap(), None);
}

#[tokio::test]
async fn leases_that_ran_out_are_listed_oldest_first() {
    let ctx = Ctx::new().await;
    for name in ["a", "b", "c"] {
        let job = ctx.job(name).await;
        ctx.claim(&job).await;
        ctx.pass(1000);
    }
    let stale = async |after: i64, limit: u32| {
        let now = sprintgate::domain::time::Timestamp(super::ctx::NOON + LEASE.0 + after);
        let found = ctx.store.read().await.unwrap().stale(now, limit).await.unwrap();
        found.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert!(stale(0, 9).await.is_empty(), "a lease that ends now still runs");
    assert_eq!(stale(1, 9).await, ["a"]);
    assert_eq!(stale(9000, 2).await, ["a", "b"]);
    let mut tx = ctx.store.begin().await.unwrap();
    assert!(tx.renew(&id("a"), 1, LEASE).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(stale(9000, 9).await, ["b", "c", "a"]);
    ctx.start(&id("b")).await;
    ctx.finish(&id("b")).await;
    assert_eq!(stale(9000, 9).await, ["c", "a"]);
}

#[tokio::test]
async fn a_cancelled_holder_gets_a_stop_order_that_is_confirmed_once() {
    let ctx = Ctx::new().await;
    let (held, queued) = (ctx.job("held").await, ctx.job("queued").await);
    ctx.claim(&held).await;
    ctx.start(&held).await;
    ctx.cancel(&held, Stop::by_user("not needed")).await;
    ctx.cancel(&queued, Stop::by_user("not needed")).await;
    assert_eq!(ctx.record(&queued).await.stop, None);
    let order = ctx.record(&held).await.stop.unwrap();
    assert_eq!((order.at, order.confirmed), (ctx.now(), None));
    ctx.pass(5);
    let mut tx = ctx.store.begin().await.unwrap();
    assert!(!tx.confirm_stop(&queued, 0, Confirmation::Confirmed).await.unwrap());
    assert!(!tx.confirm_stop(&held, 2, Confirmation::Confirmed).await.unwrap());
    assert!(tx.confirm_stop(&held, 1, Confirmation::Forced).await.unwrap());
    assert!(!tx.confirm_stop(&held, 1, Confirmation::Confirmed).await.unwrap());
    tx.commit().await.unwrap();
    let order = ctx.record(&held).await.stop.unwrap();
    assert_eq!(order.confirmed, Some((ctx.now(), Confirmation::Forced)));
}

#[tokio::test]
async fn a_run_counts_its_jobs_and_lists_are_newest_first() {
    let ctx = Ctx::new().await;
    let run = ctx.run("r").await;
    for (n, name) in ["a", "b", "c", "d", "e"].into_iter().enumerate() {
        ctx.job_of_run(name, &run, name, i64::try_from(n).unwrap(), true).await;
        ctx.pass(1);
    }
    for name in ["a", "b"] {
        ctx.claim(&id(name)).await;
    }
    ctx.start(&id("a")).await;
    ctx.finish(&id("a")).await;
    let sprintgate::domain::job::AnyJob::Claimed(b) = ctx.any(&id("b")).await else { panic!() };
    ctx.apply(b.skip(1, "nothing to do here", ctx.now()).unwrap()).await.unwrap();
    ctx.cancel(&id("c"), Stop::by_user("not needed")).await;
    let mut tx = ctx.store.read().await.unwrap();
    let tally = Tally { open: 2, done: 1, failed: 0, skipped: 1, cancelled: 1 };
    assert_eq!(tx.tally(&run).await.unwrap(), tally);
    let names = |jobs: Vec<JobRecord>| jobs.iter().map(|j| j.row.id.to_string()).collect::<Vec<_>>();
    let all = JobFilter::default();
    assert_eq!(names(tx.jobs(&id("u"), &all).await.unwrap()), ["e", "d", "c", "b", "a"]);
    let some = JobFilter { run: Some(run.clone()), status: Some(Status::Cancelled), ..JobFilter::default() };
    assert_eq!(names(tx.jobs(&id("u"), &some).await.unwrap()), ["c", "b"]);
    let two = JobFilter { product: Some(id("p")), limit: 2, ..JobFilter::default() };
    assert_eq!(names(tx.jobs(&id("u"), &two).await.unwrap()), ["e", "d"]);
    assert!(tx.jobs(&id("v"), &two).await.unwrap().is_empty());
    assert_eq!(names(tx.open_jobs_of_run(&run, 9).await.unwrap()), ["d", "e"]);
    assert_eq!(names(tx.open_jobs_of_pbi(&id("b"), 9).await.unwrap()), ["d", "e"]);
    assert_eq!(names(tx.jobs_of_run(&run, 9).await.unwrap()), ["e", "d", "c", "b", "a"]);
    assert_eq!(names(tx.jobs_of_run(&run, 2).await.unwrap()), ["e", "d"]);
    assert_eq!(names(tx.jobs_of_pbi(&id("b"), 9).await.unwrap()), ["a", "b", "c", "d", "e"]);
    assert_eq!(tx.jobs_of_pbi(&id("b"), 2).await.unwrap().len(), 2);
    assert!(tx.jobs_of_pbi(&id("other"), 9).await.unwrap().is_empty());
    assert!(tx.open_job_of_task(&id("a")).await.unwrap().is_none());
    assert!(tx.open_job_of_task(&id("d")).await.unwrap().is_some());
}

fn quota(now: Timestamp) -> Pause {
    Pause::QuotaDepleted { last_completed: None, resume_instructions: "resume it".into(), paused_at: now }
}
