//! The world with a forge before its origin: branches get pull requests.

use std::ops::{Deref, DerefMut};
use std::path::Path;

use sprintgate::domain::effect::Status;
use sprintgate::domain::forge::{ForgeHost, ForgeKind};
use sprintgate::domain::id::WorkerId;
use sprintgate::domain::remote::RemoteUrl;
use sprintgate::flow::wire::{CreateTask, JobAnswer, Reported};
use sprintgate::flow::{AddProduct, Handlers, Performed, RunStarted, StartSprint};
use sprintgate::forge::Forges;
use sqlx::Connection as _;
use tokio_util::sync::CancellationToken;

use super::world::World;
use crate::forge::ground::settings;
use crate::forge::server::{Fault, Pull, Server, What};
use crate::until::until;

/// The lease of an effect, in seconds.
const LEASE: i64 = 300;
/// How long a report waits where nobody opens what it waits for.
pub(crate) const SHORT: std::time::Duration = std::time::Duration::ZERO;

pub(crate) struct Forged {
    pub(crate) world: World,
    pub(crate) server: Server,
    pub(crate) kind: ForgeKind,
}

impl Deref for Forged {
    type Target = World;
    fn deref(&self) -> &World {
        &self.world
    }
}

impl DerefMut for Forged {
    fn deref_mut(&mut self) -> &mut World {
        &mut self.world
    }
}

impl Forged {
    /// With a pull request a story.
    pub(crate) async fn new(kind: ForgeKind) -> Self {
        Self::with(kind, AddProduct::default()).await
    }

    /// With a draft a run.
    pub(crate) async fn sprints(kind: ForgeKind) -> Self {
        Self::with(kind, AddProduct { pr_strategy: Some("SPRINT".into()), ..AddProduct::default() }).await
    }

    /// Of a product that makes pull requests; reports do not wait for them.
    pub(crate) async fn with(kind: ForgeKind, product: AddProduct) -> Self {
        Self::quiet(kind, AddProduct { auto_pr: true, ..product }).await
    }

    /// Of any product.
    pub(crate) async fn quiet(kind: ForgeKind, product: AddProduct) -> Self {
        let mut world = World::with(product).await;
        let server = Server::showing(&world.origin()).await;
        let forges = forges(&server, kind, &world.origin());
        world.app = world.app.clone().with_forges(forges).waiting_for_pull_requests(SHORT);
        Self { world, server, kind }
    }

    /// Tries every effect that is due, until none is.
    pub(crate) async fn perform(&self) -> Performed {
        self.tries(100).await
    }

    /// Tries what is due, so often at most.
    pub(crate) async fn tries(&self, limit: u32) -> Performed {
        let handlers = self.handlers();
        self.app.run_effects(&handlers, limit, &CancellationToken::new()).await.unwrap()
    }

    /// A process that dies after the forge has done what it was asked for by that request, and before it has answered; the
    /// forge's next answer to that request is another process's.
    pub(crate) async fn dies_at(&self, method: &'static str, path: &'static str) {
        let before = self.server.state().asked(method, path);
        self.server.state().faults.push(Fault { method, path, what: What::HangsAfter });
        let handlers = self.handlers();
        let gone = CancellationToken::new();
        let asked = until("the request", async || self.server.state().asked(method, path) > before);
        tokio::select! {
            ended = self.app.run_effects(&handlers, 100, &gone) => panic!("it was never asked: {ended:?}"),
            () = asked => {}
        }
        self.pass(LEASE + 1);
        assert_eq!(self.tries(0).await.expired, 1, "somebody else finds it");
        self.pass(3600);
    }

    /// The statuses of what a forge was asked for by that request, in order.
    pub(crate) fn answers(&self, method: &str, path: &str) -> Vec<u16> {
        let state = self.server.state();
        let asked = state.log.iter().filter(|(one, _)| one.method == method && one.path.ends_with(path));
        asked.map(|(_, status)| *status).collect()
    }

    /// Has every commit wait for a check that is required.
    pub(crate) fn checks_run(&self) {
        let mut state = self.server.state();
        (state.checked_always, state.protected) = (true, true);
    }

    /// Another task in the story of that job, and a run of its sprint.
    pub(crate) async fn goes_on(
        &self,
        run: &RunStarted,
        job: &JobAnswer,
        title: &str,
        plan: &str,
    ) -> RunStarted {
        let task = CreateTask {
            story_id: job.story.as_ref().unwrap().id.clone(),
            title: title.into(),
            priority: 1,
            implementation_plan: Some(plan.into()),
            ..CreateTask::default()
        };
        self.app.create_task(&self.person, task).await.unwrap();
        let sprint_id = Some(run.sprint_id.clone());
        let ask = StartSprint { product: "shop".into(), sprint_id, ..StartSprint::default() };
        self.app.start_sprint(&self.person, ask).await.unwrap()
    }

    pub(crate) fn handlers(&self) -> Handlers {
        self.app.effect_handlers(WorkerId::new("forger").unwrap())
    }

    /// Claims the next job, carries it out in that file and reports it.
    pub(crate) async fn carry(&self, file: &str) -> (JobAnswer, Reported) {
        let job = self.claim(&self.worker).await;
        let reported = self.carry_out(&self.worker, &job, file).await;
        (job, reported)
    }

    /// Every publication as `status head url`, in the order in which they were made: the first digits of the head, and the
    /// number of the pull request.
    pub(crate) async fn publications(&self) -> Vec<String> {
        let mut raw = self.raw().await;
        let rows: Vec<(String, Option<String>, Option<String>)> =
            sqlx::query_as("SELECT status, head_sha, pr_url FROM pull_requests ORDER BY created_at, id")
                .fetch_all(&mut raw)
                .await
                .unwrap();
        raw.close().await.unwrap();
        let number = |url: Option<String>| url.map_or(String::new(), |url| format!(" {}", last(&url)));
        rows.into_iter().map(|(status, _, url)| format!("{status}{}", number(url))).collect()
    }

    /// The kinds of effects that are not over, oldest first.
    pub(crate) async fn waiting(&self) -> Vec<String> {
        let mut waiting = Vec::new();
        for status in [Status::Pending, Status::Retry, Status::GaveUp] {
            let listed = self.app.list_effects(&self.person, Some(status), 100).await.unwrap();
            waiting.extend(listed.result.into_iter().rev().map(|effect| effect.kind));
        }
        waiting
    }

    /// The address of the pull request of that number, as it is stored.
    pub(crate) fn url(&self, number: u64) -> String {
        let word = if self.kind == ForgeKind::GitHub { "pull" } else { "pulls" };
        format!("https://{}/shop/basket/{word}/{number}", self.server.host(self.kind))
    }

    /// The only pull request there.
    pub(crate) fn pull(&self) -> Pull {
        let state = self.server.state();
        let [pull] = state.pulls.as_slice() else { panic!("{:?}", state.pulls) };
        pull.clone()
    }
}

/// The forge that stands before that repository.
pub(crate) fn forges(server: &Server, kind: ForgeKind, origin: &Path) -> Forges {
    let remote = RemoteUrl::new(origin.display().to_string()).unwrap();
    let host = ForgeHost::new(server.host(kind)).unwrap();
    let forges = Forges::new([settings(server, kind)]).unwrap();
    forges.standing_for(&remote, host, "shop/basket".parse().unwrap())
}

fn last(url: &str) -> &str {
    url.rsplit('/').next().unwrap()
}
