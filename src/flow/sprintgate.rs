//! The one struct that holds the adapters. Every use case is a method on it, in a file named by its verb.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;

use super::lines::Lines;
use super::readying::Readies;
use super::renewals::Renewals;
use crate::domain::id::UserId;
use crate::domain::job::LEASE;
use crate::domain::time::Millis;
use crate::forge::Forges;
use crate::git::{Git, Place};
use crate::store::Store;

/// How long a report waits for the pull request of its job (defect 69).
const PR_WAIT: Duration = Duration::from_secs(10);

/// What differs between machines and set-ups.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long a claim lasts without a sign of life.
    pub lease: Millis,
    /// The name of this machine; worktrees belong to the host that claimed.
    pub host: String,
    /// Clones on this machine: by repository name or by product id.
    pub repo_roots: BTreeMap<String, PathBuf>,
    /// Where clones are looked for by name last; `~/Projects` in the original.
    pub projects: Option<PathBuf>,
    /// How long a report waits for a pull request that is on its way.
    pub pr_wait: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lease: LEASE,
            host: "localhost".to_owned(),
            repo_roots: BTreeMap::new(),
            projects: None,
            pr_wait: PR_WAIT,
        }
    }
}

/// Everything that Sprintgate can do, over one database and one machine's git.
#[derive(Clone)]
pub struct Sprintgate {
    pub(super) store: Arc<dyn Store>,
    pub(super) git: Arc<Git>,
    pub(super) forges: Arc<Forges>,
    pub(super) readies: Option<Arc<dyn Readies>>,
    pub(super) settings: Arc<Settings>,
    /// Who waits for jobs of a user, of one product or of all.
    pub(super) lines: Arc<Lines<(UserId, Option<String>)>>,
    /// Who has the worktree of an attempt made.
    pub(super) makings: Arc<Lines<Place>>,
    pub(super) renewals: Arc<Renewals>,
    /// Held by the wait that tidies up.
    pub(super) tidying: Arc<Mutex<()>>,
}

impl Sprintgate {
    /// Wires the adapters together.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, git: Git, settings: Settings) -> Self {
        Self {
            store,
            git: Arc::new(git),
            forges: Arc::default(),
            readies: None,
            settings: Arc::new(settings),
            lines: Arc::default(),
            makings: Arc::default(),
            renewals: Arc::default(),
            tidying: Arc::default(),
        }
    }

    /// With these forges, in place of none: branches of their repositories get pull requests, where the product wants
    /// them.
    #[must_use]
    pub fn with_forges(self, forges: Forges) -> Self {
        Self { forges: Arc::new(forges), ..self }
    }

    /// With another time that a report waits for the pull request of its job.
    #[must_use]
    pub fn waiting_for_pull_requests(self, time: Duration) -> Self {
        let settings = Settings { pr_wait: time, ..Settings::clone(&self.settings) };
        Self { settings: Arc::new(settings), ..self }
    }

    /// With what makes new worktrees ready before an agent gets them.
    #[must_use]
    pub fn with_readies(self, readies: Arc<dyn Readies>) -> Self {
        Self { readies: Some(readies), ..self }
    }

    /// The forges that may be spoken to.
    #[must_use]
    pub fn forges(&self) -> &Forges {
        &self.forges
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}
