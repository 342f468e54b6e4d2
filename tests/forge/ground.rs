//! A forge with a branch to publish, and the client for it.

use std::sync::Arc;
use std::time::Duration;

use sprintgate::domain::branch::BranchName;
use sprintgate::domain::commit::CommitId;
use sprintgate::domain::credential::Credential;
use sprintgate::domain::forge::{ForgeHost, ForgeKind, PrUrl, RepoPath};
use sprintgate::forge::{FindPr, Forge, ForgeError, ForgeSettings, Forges, NewPr, Pr};

use super::server::{Fault, Pull, Server, What};

pub(crate) const KINDS: [ForgeKind; 2] = [ForgeKind::GitHub, ForgeKind::Forgejo];
/// The token; it must stand nowhere but in the header.
pub(crate) const CANARY: &str = "canary-t0ken";
pub(crate) const BRANCH: &str = "feat/story-1";

pub(crate) struct Ground {
    pub(crate) server: Server,
    pub(crate) forge: Arc<dyn Forge>,
    pub(crate) repo: RepoPath,
    pub(crate) branch: BranchName,
    pub(crate) head: CommitId,
}

impl Ground {
    /// With one commit on the branch.
    pub(crate) async fn new(kind: ForgeKind) -> Self {
        let server = Server::new().await;
        let forge = client(settings(&server, kind));
        let head = server.state().repo.commit(BRANCH, Some("trunk"), "basket", "1\n");
        let (repo, branch) = ("shop/basket".parse().unwrap(), BranchName::new(BRANCH).unwrap());
        Self { server, forge, repo, branch, head: CommitId::new(head).unwrap() }
    }

    pub(crate) fn kind(&self) -> ForgeKind {
        self.forge.kind()
    }

    pub(crate) fn url(&self, number: u64) -> PrUrl {
        PrUrl { host: self.forge.host().clone(), kind: self.kind(), repo: self.repo.clone(), number }
    }

    pub(crate) fn new_pr(&self, draft: bool) -> NewPr<'_> {
        let (repo, head) = (&self.repo, &self.branch);
        NewPr { repo, head, base: "trunk", title: "A better basket", body: "It holds more.", draft }
    }

    pub(crate) async fn open(&self, draft: bool) -> Pr {
        self.forge.open(&self.new_pr(draft)).await.unwrap()
    }

    pub(crate) async fn find(&self, any: bool) -> Result<Option<Pr>, ForgeError> {
        self.forge.find(&FindPr { repo: &self.repo, head: &self.branch, base: "trunk", any }).await
    }

    /// Puts a commit on the branch, as a push does.
    pub(crate) fn push(&self, text: &str) -> CommitId {
        CommitId::new(self.server.state().repo.commit(BRANCH, None, "basket", text)).unwrap()
    }

    /// A pull request of somebody else.
    pub(crate) fn other(&self, branch: &str) -> Pull {
        Pull { branch: branch.into(), base: "trunk".into(), title: "other".into(), ..Pull::default() }
    }

    pub(crate) fn fault(&self, method: &'static str, path: &'static str, what: What) {
        self.server.state().faults.push(Fault { method, path, what });
    }

    /// How often that was asked.
    pub(crate) fn asked(&self, method: &str, end: &str) -> usize {
        self.server.state().asked(method, end)
    }
}

/// Without pauses, so that tests need none.
pub(crate) fn settings(server: &Server, kind: ForgeKind) -> ForgeSettings {
    let host = server.host(kind);
    let path = if kind == ForgeKind::Forgejo { "/api/v1" } else { "" };
    ForgeSettings {
        host: ForgeHost::new(host).unwrap(),
        kind,
        api: format!("http://{host}{path}"),
        token: Credential::new(CANARY).unwrap(),
        ca_file: None,
        timeout: Duration::from_secs(20),
        gap: Duration::ZERO,
        pause: Duration::ZERO,
    }
}

pub(crate) fn client(settings: ForgeSettings) -> Arc<dyn Forge> {
    let (host, kind) = (settings.host.clone(), settings.kind);
    let repo = "shop/basket".parse().unwrap();
    Forges::new([settings]).unwrap().at(&PrUrl { host, kind, repo, number: 1 }).unwrap()
}

/// That the failure, shown in any way, holds no secret.
pub(crate) fn is_clean(error: &ForgeError) {
    let shown = format!("{error} {error:?} {}", error.code());
    assert!(!shown.contains(CANARY) && !shown.contains('\n'), "{shown}");
}
