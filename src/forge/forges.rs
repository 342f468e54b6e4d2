//! The list of forges that the operator allows.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ask::Forge;
use super::error::{BadForge, ForgeError};
use super::forgejo::Forgejo;
use super::github::GitHub;
use super::http::Http;
use super::settings::ForgeSettings;
use crate::domain::forge::{ForgeHost, ForgeKind, PrUrl, RepoPath};
use crate::domain::remote::{RemoteUrl, Transport};

/// The forges that may be spoken to, by host; none is there of itself.
#[derive(Clone, Default)]
pub struct Forges {
    of: BTreeMap<ForgeHost, Arc<dyn Forge>>,
    standing: BTreeMap<String, (ForgeHost, RepoPath)>,
}

impl Forges {
    /// These and no others. Nothing is asked of them yet.
    ///
    /// # Errors
    /// [`BadForge`] for the first whose settings make no forge.
    pub fn new(settings: impl IntoIterator<Item = ForgeSettings>) -> Result<Self, BadForge> {
        let mut forges = Self::default();
        for one in settings {
            if forges.of.contains_key(&one.host) {
                return Err(BadForge::Twice { host: one.host });
            }
            let http = Http::new(&one)?;
            forges = forges.with(match one.kind {
                ForgeKind::GitHub => Arc::new(GitHub::new(http)),
                ForgeKind::Forgejo => Arc::new(Forgejo::new(http)),
            });
        }
        Ok(forges)
    }

    /// With this one, in place of another of its host.
    #[must_use]
    pub fn with(mut self, forge: Arc<dyn Forge>) -> Self {
        self.of.insert(forge.host().clone(), forge);
        self
    }

    /// With a remote whose address does not say its forge: a path, a mirror, or a name that only ssh knows.
    #[must_use]
    pub fn standing_for(mut self, remote: &RemoteUrl, host: ForgeHost, repo: RepoPath) -> Self {
        self.standing.insert(remote.repository(), (host, repo));
        self
    }

    /// The forge of a remote, and what the repository is called there; none when no listed host is meant. An address by
    /// ssh has a port of its own, so that it means a host that is listed once by that name.
    #[must_use]
    pub fn of(&self, url: &RemoteUrl) -> Option<(Arc<dyn Forge>, RepoPath)> {
        if let Some((host, repo)) = self.standing.get(&url.repository()) {
            return Some((self.of.get(host)?.clone(), repo.clone()));
        }
        let repo = RepoPath::of(url)?;
        let forge = match url.transport() {
            Transport::File => return None,
            Transport::Https | Transport::Http => self.of.get(&authority(url)?)?,
            Transport::Ssh => {
                let name = url.host()?.to_ascii_lowercase();
                let mut named = self.of.iter().filter(|(host, _)| host.name() == name);
                let (_, forge) = named.next()?;
                named.next().is_none().then_some(forge)?
            }
        };
        Some((forge.clone(), repo))
    }

    /// The forge of a pull request.
    ///
    /// # Errors
    /// [`ForgeError::NotAllowed`] when its host is not listed, or is listed as another kind.
    pub fn at(&self, pr: &PrUrl) -> Result<Arc<dyn Forge>, ForgeError> {
        let found = self.of.get(&pr.host).filter(|forge| forge.kind() == pr.kind);
        found.cloned().ok_or_else(|| ForgeError::NotAllowed { host: pr.host.clone() })
    }

    /// Whether none is listed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// The forges, in the order of their hosts.
    pub fn each(&self) -> impl Iterator<Item = &Arc<dyn Forge>> {
        self.of.values()
    }

    /// The hosts, in order.
    pub fn hosts(&self) -> impl Iterator<Item = &ForgeHost> {
        self.of.keys()
    }
}

impl std::fmt::Debug for Forges {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.of.keys()).finish()
    }
}

/// The host of an address of the web, with its port.
fn authority(url: &RemoteUrl) -> Option<ForgeHost> {
    let (_, rest) = url.as_str().split_once("://")?;
    let authority = rest.split('/').next()?;
    let host = authority.rsplit('@').next()?;
    ForgeHost::new(host).ok()
}
