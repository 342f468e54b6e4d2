//! Jobs about ideas, which nobody is handed yet: added and claimed past the tools, and what they ask for.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use sprintgate::domain::actor::Actor;
use sprintgate::domain::attempt::Attempt;
use sprintgate::domain::gate::Policy;
use sprintgate::domain::id::{IdeaId, JobId, ProductId, UserId, WorkerId};
use sprintgate::domain::job::{AnyJob, Claim, Kind, LEASE};
use sprintgate::domain::machine::Word;
use sprintgate::domain::worktree::Lock;
use sprintgate::flow::wire::{ProductTree, ReportStatus, UpdateJobStatus};
use sprintgate::flow::{AddProduct, FlowError, Session, Settings, Sprintgate};
use sprintgate::git::{Git, GitSettings};
use sprintgate::store::{NewIdea, NewJob, Secret, Stamp, Store};
use tokio::task::JoinHandle;

use super::world::World;
use crate::until::until;

/// The world, with one more connection to its database.
pub(super) struct Ideas {
    world: World,
    pub(super) store: Arc<dyn Store>,
}

impl Deref for Ideas {
    type Target = World;
    fn deref(&self) -> &World {
        &self.world
    }
}

impl Ideas {
    pub(super) async fn new() -> Self {
        let world = World::new().await;
        let store = world.another_store().await;
        Self { world, store }
    }

    /// A product with that repository, or none.
    pub(super) async fn product(&self, name: &str, repo_url: Option<String>) -> ProductId {
        let ask = AddProduct { name: name.into(), repo_url, ..AddProduct::default() };
        let made = self.app.add_product(&self.person, ask).await.unwrap();
        ProductId::new(made.id).unwrap()
    }

    /// The product that there is from the beginning.
    pub(super) async fn shop(&self) -> ProductId {
        let listed = self.app.list_products(&self.person).await.unwrap();
        let shop = listed.result.into_iter().find(|product| product.name == "shop").unwrap();
        ProductId::new(shop.id).unwrap()
    }

    /// A job about an idea of whoever has that token, claimed on that host.
    pub(super) async fn idea_job(
        &self,
        name: &str,
        token: &Secret,
        host: &str,
        product: &ProductId,
    ) -> JobId {
        let mut tx = self.store.begin().await.unwrap();
        let stamp = Stamp::of(Actor::System);
        let token = tx.token_by_hash(&token.hash()).await.unwrap().unwrap();
        let (job, idea) = (JobId::new(name).unwrap(), IdeaId::new(name).unwrap());
        let user: UserId = token.user.id;
        let new = NewIdea {
            id: idea.clone(),
            user: user.clone(),
            product: Some(product.clone()),
            code: format!("IDEA-{name}"),
            title: "A better basket".into(),
            description: None,
        };
        tx.add_idea(&new, &stamp).await.unwrap();
        let new = NewJob {
            id: job.clone(),
            user,
            product: product.clone(),
            task: None,
            idea: Some(idea),
            run: None,
            kind: Kind::IdeaGrill,
            sequence: 0,
            branch: None,
            repo_url: None,
            ready: false,
        };
        tx.add_job(&new, &stamp).await.unwrap();
        let AnyJob::Queued(queued) = AnyJob::try_from(tx.job(&job).await.unwrap().unwrap().row).unwrap()
        else {
            panic!("{job} is not queued")
        };
        let worker = WorkerId::new("w1").unwrap();
        let claim = Claim { token: token.id, worker, plan: String::new(), policy: Policy::default() };
        let step = queued.claim(claim, tx.now(), LEASE).unwrap();
        let attempt = Attempt::begun(&step, host.into(), None);
        tx.claim(step.into(), &attempt, &stamp).await.unwrap();
        tx.commit().await.unwrap();
        job
    }

    pub(super) async fn own_job(&self, name: &str, product: &ProductId) -> JobId {
        self.idea_job(name, &self.token, "localhost", product).await
    }

    pub(super) async fn trees(
        &self,
        job: &JobId,
        products: &[&ProductId],
    ) -> Result<Vec<ProductTree>, FlowError> {
        asked(&self.app, &self.worker, job, products).await
    }

    /// The same, by a task that waits for as long as it takes.
    pub(super) fn waits(
        &self,
        job: &JobId,
        products: &[&ProductId],
    ) -> JoinHandle<Result<Vec<ProductTree>, FlowError>> {
        let worker = self.another_worker("w1");
        let (app, job) = (self.app.clone(), job.clone());
        let products: Vec<ProductId> = products.iter().copied().cloned().collect();
        tokio::spawn(async move { app.product_trees(&worker, &job, 1, &products).await })
    }

    /// The job that holds the lock of a product, and until when in seconds from now.
    pub(super) async fn holder(&self, product: &ProductId) -> Option<(String, i64)> {
        let mut tx = self.store.read().await.unwrap();
        let holder = tx.lock_holder(&Lock::Product(product.clone())).await.unwrap();
        holder.map(|holder| (holder.job.to_string(), (holder.expires_at - tx.now()).0 / 1000))
    }

    /// Where the worktrees of a job's first attempt are.
    pub(super) async fn stands(&self, job: &JobId) -> Option<&'static str> {
        let mut tx = self.store.read().await.unwrap();
        tx.worktree(job, 1).await.unwrap().map(|row| row.status.word())
    }

    /// Returns when somebody waits for a lock.
    pub(super) async fn until_it_waits(&self, job: &JobId) {
        until("a wait for a lock", async || self.stands(job).await == Some("ACQUIRING_LOCK")).await;
    }

    /// The same program on another machine: its own connection, name and folders.
    pub(super) async fn another_host(&self) -> Sprintgate {
        let at = self.dir.path().join("elsewhere");
        let git = Git::new(GitSettings {
            worktree_root: at.join("worktrees"),
            vault_root: at.join("vault"),
            timeout: Duration::from_secs(60),
            credential_helper: None,
        })
        .unwrap();
        let settings = Settings { host: "elsewhere".into(), ..self.app.settings().clone() };
        Sprintgate::new(self.another_store().await, git, settings)
    }
}

pub(super) async fn asked(
    app: &Sprintgate,
    session: &Session,
    job: &JobId,
    products: &[&ProductId],
) -> Result<Vec<ProductTree>, FlowError> {
    let products: Vec<ProductId> = products.iter().copied().cloned().collect();
    app.product_trees(session, job, 1, &products).await
}

pub(super) fn failed(job: &JobId) -> UpdateJobStatus {
    UpdateJobStatus {
        job_id: job.to_string(),
        status: ReportStatus::Failed,
        attempt: Some(1),
        branch: None,
        summary: None,
        error: Some("the idea is not clear".into()),
        model_id: None,
        input_tokens: None,
        output_tokens: None,
        cache_read_tokens: None,
        cache_write_tokens: None,
        request_id: None,
    }
}
