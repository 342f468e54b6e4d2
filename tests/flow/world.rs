//! The world that the stories happen in: an origin, a clone, a database whose clock stands still until it is moved,
//! and people and workers with tokens.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sprintgate::domain::id::{JobId, WorkerId};
use sprintgate::flow::wire::*;
use sprintgate::flow::{AddProduct, FlowError, RunStarted, Session, Settings, Sprintgate, StartSprint};
use sprintgate::git::{Git, GitSettings};
use sprintgate::store::sqlite::Clock;
use sprintgate::store::{JobFilter, Secret, Store};
use sqlx::Connection as _;
use tokio_util::sync::CancellationToken;

use super::database::{Connection, Database, follows_the_ledger};

pub(crate) struct World {
    pub(crate) dir: tempfile::TempDir,
    /// Unless somebody else keeps it.
    database: Option<Database>,
    pub(crate) app: Sprintgate,
    pub(crate) clock: Arc<AtomicI64>,
    pub(crate) token: Secret,
    pub(crate) person: Session,
    pub(crate) worker: Session,
}

/// A plan of one backlog item; each story is a list of (title, plan, requirement).
pub(crate) fn plan(title: &str, stories: &[&[(&str, &str, &str)]]) -> String {
    let mut text = format!("---\npbi: {{title: {title}, priority: 1}}\nstories:\n");
    for (number, tasks) in stories.iter().enumerate() {
        text += &format!("- title: story {number}\n  priority: 1\n  tasks:\n");
        for (title, plan, required) in *tasks {
            text += &format!(
                "  - {{title: {title}, priority: 1, implementation_plan: \"{plan}\", verify_required: {required}}}\n"
            );
        }
    }
    text + "---\n"
}

pub(crate) fn sh(dir: &Path, line: &str) -> String {
    let out = Command::new("sh")
        .args(["-c", line])
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_NAME", "a")
        .env("GIT_AUTHOR_EMAIL", "a@example.org")
        .env("GIT_COMMITTER_NAME", "a")
        .env("GIT_COMMITTER_EMAIL", "a@example.org")
        .output()
        .expect("a shell");
    assert!(out.status.success(), "{line}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap().trim_end().to_owned()
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(AddProduct::default()).await
    }

    pub(crate) async fn with(product: AddProduct) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(1_800_000_000_000));
        let database = Database::new(dir.path()).await;
        let store = database.open(Clock::Manual(clock.clone())).await;
        Self { database: Some(database), ..Self::over(store, dir, clock, product).await }
    }

    /// On that database, which somebody else keeps.
    pub(crate) async fn over(
        store: Arc<dyn Store>,
        dir: tempfile::TempDir,
        clock: Arc<AtomicI64>,
        product: AddProduct,
    ) -> Self {
        let at = dir.path();
        sh(at, "git init -q --bare -b main origin.git && git clone -q origin.git clone 2>/dev/null");
        sh(
            &at.join("clone"),
            "git checkout -q -b main && mkdir src && echo one > src/a.rs && echo x > README.md \
             && git add -A && git commit -qm first && git push -q origin main",
        );
        let git = Git::new(GitSettings {
            worktree_root: at.join("worktrees"),
            vault_root: at.join("vault"),
            timeout: Duration::from_secs(60),
            credential_helper: None,
        })
        .unwrap();
        let url = at.join("origin.git").display().to_string();
        let settings =
            Settings { repo_roots: [("origin".to_owned(), at.join("clone"))].into(), ..Settings::default() };
        let app = Sprintgate::new(store, git, settings);
        let (_, token) = app.enrol("ann", "test").await.unwrap();
        let person = Session::person(Some(&token), WorkerId::new("desk").unwrap());
        let worker = Session::worker(Some(&token), WorkerId::new("w1").unwrap());
        let product = AddProduct { name: "shop".into(), repo_url: Some(url), ..product };
        app.add_product(&person, product).await.unwrap();
        Self { dir, database: None, app, clock, token, person, worker }
    }

    pub(crate) fn origin(&self) -> PathBuf {
        self.dir.path().join("origin.git")
    }

    pub(crate) fn clone_dir(&self) -> PathBuf {
        self.dir.path().join("clone")
    }

    /// Where the server keeps what it takes from the attempts.
    pub(crate) fn vault(&self) -> PathBuf {
        self.app.vault_of(&self.origin().display().to_string()).unwrap()
    }

    /// The database, opened once more.
    pub(crate) async fn store(&self) -> Arc<dyn Store> {
        self.database.as_ref().unwrap().open(Clock::Manual(self.clock.clone())).await
    }

    pub(crate) fn another_worker(&self, name: &str) -> Session {
        Session::worker(Some(&self.token), WorkerId::new(name).unwrap())
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    pub(crate) async fn import(&self, plan: &str) -> sprintgate::flow::Imported {
        self.app.import(&self.person, "shop", plan).await.unwrap()
    }

    pub(crate) async fn start(&self, pbis: &[&str]) -> Result<RunStarted, FlowError> {
        let pbis = pbis.iter().map(|code| (*code).to_owned()).collect();
        let ask = StartSprint { product: "shop".into(), pbis, ..StartSprint::default() };
        self.app.start_sprint(&self.person, ask).await
    }

    /// Imports a plan and starts a sprint of it.
    pub(crate) async fn begin(&self, stories: &[&[(&str, &str, &str)]]) -> RunStarted {
        let made = self.import(&plan("item", stories)).await;
        self.start(&[&made.pbi.code]).await.unwrap()
    }

    pub(crate) async fn wait(&self, session: &Session) -> Result<JobAnswer, FlowError> {
        let ask = WaitForJob { wait_seconds: Some(0), ..WaitForJob::default() };
        self.app.wait_for_job(session, ask, &CancellationToken::new()).await
    }

    pub(crate) async fn claim(&self, session: &Session) -> JobAnswer {
        let answer = self.wait(session).await.unwrap();
        assert_eq!(answer.status, "claimed", "{answer:?}");
        answer
    }

    /// Writes a file in the job's worktree and commits it.
    pub(crate) fn commit(&self, job: &JobAnswer, file: &str, text: &str) -> String {
        let tree = tree(job);
        std::fs::create_dir_all(tree.join(file).parent().unwrap()).unwrap();
        std::fs::write(tree.join(file), text).unwrap();
        sh(&tree, "git add -A && git commit -qm work && git rev-parse HEAD")
    }

    pub(crate) async fn verify(&self, session: &Session, job: &JobAnswer) -> Result<Verified, FlowError> {
        let task_id = job.task.as_ref().unwrap().id.clone();
        let ask = VerifyTask { task_id, attempt: job.attempt, worktree_path: job.worktree_path.clone() };
        self.app.verify_task_against_plan(session, ask).await
    }

    pub(crate) async fn report(
        &self,
        session: &Session,
        job: &JobAnswer,
        status: ReportStatus,
    ) -> Result<Reported, FlowError> {
        self.app.update_job_status(session, report(job, status)).await
    }

    pub(crate) async fn beat(&self, session: &Session, job: &JobAnswer) -> Result<Heartbeat, FlowError> {
        let ask = JobHeartbeat { job_id: job.job_id.clone().unwrap(), attempt: job.attempt };
        self.app.job_heartbeat(session, ask).await
    }

    /// Carries a job out as its plan says: changes `file`, verifies, reports done.
    pub(crate) async fn carry_out(&self, session: &Session, job: &JobAnswer, file: &str) -> Reported {
        self.commit(job, file, "changed\n");
        assert_eq!(self.verify(session, job).await.unwrap().result, "aligned");
        self.report(session, job, ReportStatus::Done).await.unwrap()
    }

    /// Every job as `code status`, in the order of their codes.
    pub(crate) async fn jobs(&self) -> Vec<String> {
        let mut jobs = self.app.list_jobs(&self.person, JobFilter::default()).await.unwrap();
        jobs.sort_by_key(|job| job.task_code.clone());
        jobs.into_iter()
            .map(|job| {
                let cause = job.end_cause.map(|cause| format!(" {cause}")).unwrap_or_default();
                format!("{} {}{cause}", job.task_code.unwrap(), job.status)
            })
            .collect()
    }

    pub(crate) async fn job(&self, id: &str) -> JobDetail {
        self.app.show_job(&self.person, id).await.unwrap()
    }

    /// The newest run with its sprint, stories and tasks in one line each.
    pub(crate) async fn board(&self) -> Vec<String> {
        let board = self.app.board(&self.person).await.unwrap();
        let run = &board.runs[0];
        let mut lines = vec![format!("run {} sprint {}", run.status, run.sprint_status)];
        for story in &run.stories {
            let tasks: Vec<String> = story.tasks.iter().map(|t| format!("{} {}", t.code, t.status)).collect();
            lines.push(format!("{} {}: {}", story.code, story.status, tasks.join(", ")));
        }
        lines
    }

    /// Nothing is left that the ledger, the law and the tables do not agree on.
    pub(crate) async fn sound(&self) {
        let report = self.app.audit_verify().await.unwrap();
        assert!(report.ok, "{:#?}", report.findings);
        let mut raw = self.raw().await;
        follows_the_ledger(&mut raw).await;
        raw.close().await.unwrap();
    }

    fn database(&self) -> &Database {
        self.database.as_ref().expect("a database of the story's own")
    }

    /// Somebody with a database tool.
    pub(crate) async fn raw(&self) -> Connection {
        self.database().connect().await
    }

    /// The store, as another process opens it.
    pub(crate) async fn another_store(&self) -> Arc<dyn Store> {
        self.database().open(Clock::Manual(self.clock.clone())).await
    }

    /// Returns when everything that was written can be read from the outbox, whatever is open elsewhere on the server.
    pub(crate) async fn settled(&self) {
        self.database().settled().await;
    }
}

pub(crate) fn report(job: &JobAnswer, status: ReportStatus) -> UpdateJobStatus {
    UpdateJobStatus {
        job_id: job.job_id.clone().unwrap(),
        status,
        attempt: job.attempt,
        branch: None,
        summary: None,
        error: None,
        model_id: None,
        input_tokens: None,
        output_tokens: None,
        cache_read_tokens: None,
        cache_write_tokens: None,
        request_id: None,
    }
}

pub(crate) fn tree(job: &JobAnswer) -> PathBuf {
    PathBuf::from(job.worktree_path.clone().unwrap())
}

pub(crate) fn id(job: &JobAnswer) -> JobId {
    JobId::new(job.job_id.clone().unwrap()).unwrap()
}

/// The code of a refusal.
pub(crate) fn code<T: std::fmt::Debug>(answer: Result<T, FlowError>) -> &'static str {
    answer.expect_err("a refusal").code()
}
