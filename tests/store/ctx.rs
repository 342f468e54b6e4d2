//! A store in a database of its own, with a user, a token, a product and a clock that stands still.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use sprintgate::domain::actor::Actor;
use sprintgate::domain::attempt::Attempt;
use sprintgate::domain::commit::CommitId;
use sprintgate::domain::gate::{self, Evidence, Head, Policy};
use sprintgate::domain::id::*;
use sprintgate::domain::job::{self, AnyJob, Claim, Failure, Kind, LEASE, Publication, Stop};
use sprintgate::domain::run::PrStrategy;
use sprintgate::domain::time::Timestamp;
use sprintgate::domain::verify::VerifyResult;
use sprintgate::store::sqlite::Clock;
use sprintgate::store::*;

use super::database::{Database, ThatStore};

pub(super) const NOON: i64 = 1_800_000_000_000;

pub(super) struct Ctx {
    pub(super) database: Database,
    pub(super) clock: Arc<AtomicI64>,
    pub(super) store: ThatStore,
    /// Where worktrees would be made.
    pub(super) folder: tempfile::TempDir,
}

pub(super) fn id<I: TryFrom<String>>(text: &str) -> I {
    I::try_from(text.to_owned()).ok().expect("an id")
}

pub(super) fn stamp() -> Stamp {
    Stamp::of(Actor::System)
}

pub(super) fn commit(digit: char) -> CommitId {
    CommitId::new(digit.to_string().repeat(40)).unwrap()
}

fn product() -> NewProduct {
    NewProduct {
        id: id("p"),
        user: id("u"),
        name: "Shop".into(),
        code: Some("SHOP".into()),
        description: None,
        repo_url: Some("https://example.org/shop.git".into()),
        definition_of_done: "tests pass".into(),
        pr_strategy: PrStrategy::Story,
        cascade_on_infrastructure: false,
        auto_pr: false,
        push_salvage: false,
        trailers: false,
    }
}

impl Ctx {
    pub(super) async fn new() -> Self {
        let database = Database::new().await;
        let clock = Arc::new(AtomicI64::new(NOON));
        let store = database.open(Clock::Manual(Arc::clone(&clock))).await;
        let ctx = Self { database, clock, store, folder: tempfile::tempdir().unwrap() };
        ctx.people().await;
        ctx
    }

    pub(super) fn pass(&self, millis: i64) {
        self.clock.fetch_add(millis, Ordering::SeqCst);
    }

    /// A user with a token.
    pub(super) async fn person(&self, user: &str, name: &str, token: &str) {
        let mut tx = self.store.begin().await.unwrap();
        tx.add_user(&NewUser { id: id(user), username: name.into(), is_demo: false }).await.unwrap();
        let token = NewToken {
            id: id(token),
            user: id(user),
            hash: Secret::shown(token).hash(),
            kind: TokenKind::Implementation,
            label: None,
            expires_at: None,
            scope: None,
        };
        tx.add_token(&token).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Another product of the user, of the same repository.
    pub(super) async fn another_product(&self, name: &str) {
        let mut tx = self.store.begin().await.unwrap();
        let code = Some(name.to_uppercase());
        tx.add_product(&NewProduct { id: id(name), name: name.into(), code, ..product() }).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn people(&self) {
        self.person("u", "ann", "t").await;
        let mut tx = self.store.begin().await.unwrap();
        tx.add_product(&product()).await.unwrap();
        let pbi = NewPbi {
            id: id("b"),
            product: id("p"),
            code: "PBI-1".into(),
            title: "Basket".into(),
            description: None,
            priority: 2,
            sort_order: None,
        };
        tx.add_pbi(&pbi, &stamp()).await.unwrap();
        tx.add_sprint(
            &NewSprint { id: id("s"), product: id("p"), code: "S-1".into(), goal: "sell".into() },
            &stamp(),
        )
        .await
        .unwrap();
        let story = NewStory {
            id: id("st"),
            pbi: id("b"),
            product: id("p"),
            sprint: Some(id("s")),
            code: "ST-001".into(),
            title: "Put into basket".into(),
            description: None,
            acceptance_criteria: None,
            priority: 2,
            sort_order: None,
        };
        tx.add_story(&story, &stamp()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A task of the story, and a queued job for it without a run.
    pub(super) async fn job(&self, name: &str) -> JobId {
        let mut tx = self.store.begin().await.unwrap();
        tx.add_task(&task(name), &stamp()).await.unwrap();
        tx.add_job(&job_of(name), &stamp()).await.unwrap();
        tx.commit().await.unwrap();
        id(name)
    }

    pub(super) async fn record(&self, job: &JobId) -> JobRecord {
        self.store.read().await.unwrap().job(job).await.unwrap().unwrap()
    }

    /// Claims that very job; the attempt's number.
    pub(super) async fn claim(&self, job: &JobId) -> u32 {
        let mut tx = self.store.begin().await.unwrap();
        let number = claim(tx.as_mut(), job, "w1").await.unwrap();
        tx.commit().await.unwrap();
        number
    }

    pub(super) async fn apply(&self, change: impl Into<job::Change>) -> Result<(), StoreError> {
        let mut tx = self.store.begin().await.unwrap();
        tx.apply(Change::Job(change.into()), &stamp()).await?;
        tx.commit().await
    }

    pub(super) async fn start(&self, job: &JobId) {
        let AnyJob::Claimed(claimed) = self.any(job).await else { panic!("{job} is not claimed") };
        let attempt = claimed.attempt;
        self.apply(claimed.start(attempt, self.now(), LEASE).unwrap()).await.unwrap();
    }

    pub(super) async fn any(&self, job: &JobId) -> AnyJob {
        AnyJob::try_from(self.record(job).await.row).unwrap()
    }

    /// A run of the sprint.
    pub(super) async fn run(&self, name: &str) -> RunId {
        let mut tx = self.store.begin().await.unwrap();
        tx.add_run(&new_run(name), &stamp()).await.unwrap();
        tx.commit().await.unwrap();
        id(name)
    }

    /// Cancels it, wherever it is.
    pub(super) async fn cancel(&self, job: &JobId, why: Stop) {
        let now = self.now();
        let change: job::Change = match self.any(job).await {
            AnyJob::Queued(job) => job.cancel(why, now).into(),
            AnyJob::Claimed(job) => job.cancel(why, now).into(),
            AnyJob::Running(job) => job.cancel(why, now).into(),
            other => panic!("{job} is {}", other.status()),
        };
        self.apply(change).await.unwrap();
    }

    /// Lets a running job fail.
    pub(super) async fn fail(&self, job: &JobId, why: Failure) {
        let AnyJob::Running(running) = self.any(job).await else { panic!("{job} is not running") };
        let attempt = running.attempt;
        self.apply(running.fail(attempt, why, self.now()).unwrap()).await.unwrap();
    }

    /// Takes a claimed job from its worker.
    pub(super) async fn expire(&self, job: &JobId) {
        let AnyJob::Claimed(claimed) = self.any(job).await else { panic!("{job} is not claimed") };
        self.apply(claimed.expire(self.now()).unwrap()).await.unwrap();
    }

    /// Gives a claimed job back.
    pub(super) async fn release(&self, job: &JobId) {
        let AnyJob::Claimed(claimed) = self.any(job).await else { panic!("{job} is not claimed") };
        let attempt = claimed.attempt;
        self.apply(claimed.release(attempt, "no repository", self.now()).unwrap()).await.unwrap();
    }

    pub(super) fn now(&self) -> Timestamp {
        Timestamp(self.clock.load(Ordering::SeqCst))
    }

    /// Verifies a running job and finishes it.
    pub(super) async fn finish(&self, job: &JobId) {
        let attempt = self.record(job).await.row.attempt;
        let seen = Evidence { result: VerifyResult::Aligned, commit: commit('a'), at: self.now() };
        let mut tx = self.store.begin().await.unwrap();
        let noted = Verification { evidence: seen.clone(), reasoning: "all of it".into() };
        assert!(tx.note_verdict(job, attempt, &noted).await.unwrap());
        tx.commit().await.unwrap();
        let AnyJob::Running(running) = self.any(job).await else { panic!("{job} is not running") };
        let head = Head { commit: commit('a'), dirty: 0 };
        let published = Publication { commit: commit('a'), at: self.now() };
        let passed = gate::judge(job, attempt, Some(&seen), Policy::default(), None, &head).unwrap();
        self.apply(running.finish(attempt, passed, Some(published), None, self.now()).unwrap())
            .await
            .unwrap();
    }
}

pub(super) fn task(name: &str) -> NewTask {
    NewTask {
        id: id(name),
        story: id("st"),
        code: format!("T-{name}"),
        title: format!("task {name}"),
        description: None,
        implementation_plan: Some("change `a.rs`".into()),
        priority: 2,
        sort_order: None,
        repo_url: None,
        policy: Policy::default(),
    }
}

pub(super) fn job_of(name: &str) -> NewJob {
    NewJob {
        id: id(name),
        user: id("u"),
        product: id("p"),
        task: Some(id(name)),
        idea: None,
        run: None,
        kind: Kind::TaskImplementation,
        sequence: 0,
        branch: None,
        repo_url: None,
        ready: true,
    }
}

pub(super) fn idea(name: &str) -> NewIdea {
    NewIdea {
        id: id(name),
        user: id("u"),
        product: Some(id("p")),
        code: format!("IDEA-{name}"),
        title: "A better basket".into(),
        description: None,
    }
}

pub(super) fn new_run(name: &str) -> NewRun {
    NewRun {
        id: id(name),
        sprint: id("s"),
        started_by: id("u"),
        strategy: PrStrategy::Story,
        branch: None,
        previous: None,
    }
}

/// What a claim is made of: the move, and the attempt it makes.
pub(super) async fn claim(tx: &mut dyn Tx, job: &JobId, worker: &str) -> Result<u32, StoreError> {
    claim_by(tx, job, worker, Policy::default()).await
}

/// Claims it by a policy of its own.
pub(super) async fn claim_by(
    tx: &mut dyn Tx,
    job: &JobId,
    worker: &str,
    policy: Policy,
) -> Result<u32, StoreError> {
    let AnyJob::Queued(queued) = AnyJob::try_from(tx.job(job).await?.unwrap().row).unwrap() else {
        panic!("{job} is not queued")
    };
    let claim = Claim { token: id("t"), worker: id(worker), plan: "change `a.rs`".into(), policy };
    let step = queued.claim(claim, tx.now(), LEASE).unwrap();
    let attempt = Attempt::begun(&step, "here".into(), None);
    tx.apply(Change::Job(step.into()), &stamp()).await?;
    tx.add_attempt(&attempt, &stamp()).await?;
    Ok(attempt.number)
}
