//! A runner's surroundings: the world of the stories with a short lease, and shells as agents.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sprintgate::domain::id::WorkerId;
use sprintgate::domain::time::Millis;
use sprintgate::flow::wire::JobDetail;
use sprintgate::flow::{Session, Settings, Sprintgate};
use sprintgate::git::{Git, GitSettings};
use sprintgate::runner::{Runner, RunnerError, RunnerReport, RunnerSettings};
use sprintgate::store::sqlite::{Clock, SqliteStore};
use tokio_util::sync::CancellationToken;

use crate::flow::world::{World, plan};
use crate::until::until;

pub(super) const PROGRAM: &str = env!("CARGO_BIN_EXE_sprintgate");

/// Longer than anything here takes.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);

pub(super) struct House {
    pub(super) world: World,
    pub(super) job: String,
    pub(super) task: String,
    pub(super) app: Sprintgate,
}

impl House {
    /// One job waits. The database's clock stands still, so no lease ends by itself, but it is renewed often.
    pub(super) async fn new() -> Self {
        let world = World::new().await;
        let made = world.import(&plan("item", &[&[("change a", "- `src/a.rs`: more", "ALIGNED")]])).await;
        let started = world.start(&[&made.pbi.code]).await.unwrap();
        let at = world.dir.path();
        let store = SqliteStore::open(&at.join("db"), Clock::Manual(world.clock.clone())).await.unwrap();
        let git = Git::new(GitSettings {
            worktree_root: at.join("worktrees"),
            vault_root: at.join("vault"),
            timeout: Duration::from_secs(60),
            credential_helper: None,
        })
        .unwrap();
        let settings = Settings {
            lease: Millis(3000),
            repo_roots: [("origin".to_owned(), at.join("clone"))].into(),
            ..Settings::default()
        };
        let app = Sprintgate::new(Arc::new(store), git, settings);
        Self { job: started.jobs[0].job_id.clone(), task: made.tasks[0].id.clone(), world, app }
    }

    pub(super) fn state(&self) -> PathBuf {
        self.world.dir.path().join("state")
    }

    /// A file that an agent writes to tell that it got so far.
    pub(super) fn sign(&self) -> PathBuf {
        self.world.dir.path().join("sign")
    }

    /// `{sign}` in the script is the sign's path.
    pub(super) fn settings(&self, script: &str) -> RunnerSettings {
        let script = script.replace("{sign}", &self.sign().display().to_string());
        let agent = vec!["sh".to_owned(), "-c".to_owned(), script];
        RunnerSettings {
            wait: Duration::ZERO,
            grace: Duration::from_secs(20),
            pause: Duration::from_millis(1),
            ..RunnerSettings::new(agent, PROGRAM.into(), self.state())
        }
    }

    pub(super) fn runner(&self, settings: RunnerSettings) -> Runner {
        let session = Session::worker(Some(&self.world.token), WorkerId::new("runner").unwrap());
        Runner::new(self.app.clone(), Arc::new(session), settings)
    }

    /// Runs one job with this script as the agent.
    pub(super) async fn once(&self, script: &str) -> RunnerReport {
        self.once_with(self.settings(script)).await.unwrap()
    }

    pub(super) async fn once_with(&self, settings: RunnerSettings) -> Result<RunnerReport, RunnerError> {
        let run = self.runner(settings);
        tokio::time::timeout(PATIENCE, run.run(true, CancellationToken::new())).await.expect("an end")
    }

    /// Runs one job, and does something as soon as its agent gave the sign.
    pub(super) async fn during<F: Future>(
        &self,
        settings: RunnerSettings,
        stop: CancellationToken,
        act: impl FnOnce(String) -> F,
    ) -> RunnerReport {
        let runner = self.runner(settings);
        let meanwhile = async { act(until_written(&self.sign()).await).await };
        let both = async { tokio::join!(runner.run(true, stop), meanwhile).0 };
        tokio::time::timeout(PATIENCE, both).await.expect("an end").unwrap()
    }

    pub(super) async fn detail(&self) -> JobDetail {
        self.world.job(&self.job).await
    }

    /// Why the job was given back last.
    pub(super) async fn why(&self) -> String {
        let detail = self.detail().await;
        let row = detail.history.iter().rfind(|row| row.event == "release").expect("given back");
        let facts: serde_json::Value = serde_json::from_str(&row.facts).unwrap();
        facts["why"].as_str().unwrap().to_owned()
    }

    pub(super) fn log(&self) -> PathBuf {
        self.state().join(format!("logs/{}-a1.log", self.job))
    }

    /// Nothing is left of an attempt but its log.
    pub(super) fn is_clean(&self) {
        let left = |folder: &Path| -> Vec<String> {
            let names = std::fs::read_dir(folder).unwrap();
            names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
        };
        assert_eq!(left(&self.state().join("jobs")), ["lock"]);
        assert!(left(&self.state().join("run")).is_empty());
        assert!(left(&self.world.dir.path().join("worktrees")).is_empty());
    }
}

/// The text of a file, as soon as it ends with a line break.
pub(super) async fn until_written(path: &Path) -> String {
    let read = || std::fs::read_to_string(path).unwrap_or_default();
    until("a sign", async || read().ends_with('\n')).await;
    read().trim().to_owned()
}

/// Whether the process is at work; one that waits to be buried is not.
pub(super) fn is_alive(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with(['Z', 'X']))
}

pub(super) async fn until_gone(pid: &str) {
    until("its end", async || !is_alive(pid)).await;
}
