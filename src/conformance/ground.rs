//! What checks of the store stand on: people, a product, a sprint with a story, and a clock that stands still.

use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::failed::refused;
use super::shop::open;
use super::{Bench, Failed};
use crate::domain::actor::Actor;
use crate::domain::gate::Policy;
use crate::domain::id::BadId;
use crate::domain::job::Kind;
use crate::domain::run::PrStrategy;
use crate::flow::{Session, Sprintgate};
use crate::store::{
    NewJob, NewPbi, NewProduct, NewRun, NewSprint, NewStory, NewTask, NewToken, NewUser, Secret, Stamp,
    Store, TokenKind, Tx,
};

/// When checks begin, in milliseconds since 1970.
pub(super) const NOON: i64 = 1_800_000_000_000;
/// The repository of jobs.
pub(super) const REPO: &str = "https://example.org/shop.git";

/// A database with a user `u`, their token `t`, a product `p` with the item `b` and the story `st`.
pub(super) struct Ground {
    pub(super) bench: Arc<dyn Bench>,
    pub(super) store: Arc<dyn Store>,
}

/// Text as an id.
pub(super) fn id<I: FromStr<Err = BadId>>(text: &str) -> Result<I, Failed> {
    text.parse().map_err(refused)
}

/// The system did it.
pub(super) fn stamp() -> Stamp {
    Stamp::of(Actor::System)
}

impl Ground {
    pub(super) async fn new(bench: Arc<dyn Bench>) -> Result<Self, Failed> {
        let store = bench.open().await?;
        let mut tx = store.begin().await?;
        for user in ["u", "other"] {
            tx.add_user(&NewUser { id: id(user)?, username: user.to_owned(), is_demo: false }).await?;
        }
        tx.add_token(&token("t", "u")?).await?;
        tx.add_product(&product("p", "u")?).await?;
        tx.add_pbi(&pbi("b")?, &stamp()).await?;
        tx.add_sprint(&sprint("s")?, &stamp()).await?;
        tx.add_story(&story("st")?, &stamp()).await?;
        tx.commit().await?;
        Ok(Self { bench, store })
    }

    /// The use cases on its store.
    pub(super) fn process(&self) -> Result<Sprintgate, Failed> {
        open(Arc::clone(&self.store), self.bench.folder())
    }

    /// A worker with the user's token.
    pub(super) fn worker(name: &str) -> Result<Session, Failed> {
        Ok(Session::worker(Some(&Secret::shown("t")), id(name)?))
    }

    /// Lets time go by.
    pub(super) fn pass(&self, millis: i64) {
        self.bench.clock().fetch_add(millis, Ordering::SeqCst);
    }
}

pub(super) fn token(name: &str, user: &str) -> Result<NewToken, Failed> {
    Ok(NewToken {
        id: id(name)?,
        user: id(user)?,
        hash: Secret::shown(name).hash(),
        kind: TokenKind::Implementation,
        label: None,
        expires_at: None,
        scope: None,
    })
}

pub(super) fn product(name: &str, user: &str) -> Result<NewProduct, Failed> {
    Ok(NewProduct {
        id: id(name)?,
        user: id(user)?,
        name: format!("product {name}"),
        code: Some(name.to_uppercase()),
        description: None,
        repo_url: Some(REPO.to_owned()),
        definition_of_done: "tests pass".to_owned(),
        pr_strategy: PrStrategy::Story,
        cascade_on_infrastructure: false,
        auto_pr: false,
        push_salvage: false,
        trailers: false,
    })
}

pub(super) fn pbi(name: &str) -> Result<NewPbi, Failed> {
    Ok(NewPbi {
        id: id(name)?,
        product: id("p")?,
        code: format!("PBI-{name}"),
        title: "Basket".to_owned(),
        description: None,
        priority: 2,
        sort_order: None,
    })
}

pub(super) fn sprint(name: &str) -> Result<NewSprint, Failed> {
    Ok(NewSprint { id: id(name)?, product: id("p")?, code: format!("S-{name}"), goal: "sell".to_owned() })
}

pub(super) fn story(name: &str) -> Result<NewStory, Failed> {
    Ok(NewStory {
        id: id(name)?,
        pbi: id("b")?,
        product: id("p")?,
        sprint: Some(id("s")?),
        code: format!("ST-{name}"),
        title: "Put into basket".to_owned(),
        description: None,
        acceptance_criteria: None,
        priority: 2,
        sort_order: None,
    })
}

pub(super) fn task(name: &str) -> Result<NewTask, Failed> {
    Ok(NewTask {
        id: id(name)?,
        story: id("st")?,
        code: format!("T-{name}"),
        title: format!("task {name}"),
        description: None,
        implementation_plan: Some("change `a.rs`".to_owned()),
        priority: 2,
        sort_order: None,
        repo_url: None,
        policy: Policy::default(),
    })
}

pub(super) fn run(name: &str, sprint: &str) -> Result<NewRun, Failed> {
    Ok(NewRun {
        id: id(name)?,
        sprint: id(sprint)?,
        started_by: id("u")?,
        strategy: PrStrategy::Story,
        branch: None,
        previous: None,
    })
}

/// Where a job stands in the queue.
pub(super) struct Stand<'a> {
    pub(super) run: &'a str,
    pub(super) branch: &'a str,
    pub(super) sequence: i64,
    pub(super) ready: bool,
}

/// Adds a task and a queued job for it, of the same name.
pub(super) async fn add_job(
    tx: &mut dyn Tx,
    name: &str,
    user: &str,
    stand: &Stand<'_>,
) -> Result<(), Failed> {
    tx.add_task(&task(name)?, &stamp()).await?;
    let job = NewJob {
        id: id(name)?,
        user: id(user)?,
        product: id("p")?,
        task: Some(id(name)?),
        idea: None,
        run: Some(id(stand.run)?),
        kind: Kind::TaskImplementation,
        sequence: stand.sequence,
        branch: Some(stand.branch.to_owned()),
        repo_url: Some(REPO.to_owned()),
        ready: stand.ready,
    };
    Ok(tx.add_job(&job, &stamp()).await?)
}
