//! What checks of the use cases stand on: a user with a product, sprints of it, and several processes at work.

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::failed::{refused, same, there};
use super::ground::id;
use super::repository;
use super::worker::{self, Held};
use super::{Bench, Failed};
use crate::domain::backlog::{pbi, sprint, story};
use crate::domain::commit::CommitId;
use crate::domain::gate::Head;
use crate::domain::id::{SprintId, UserId};
use crate::domain::job::{Row, Status};
use crate::flow::wire::{JobAnswer, ReportStatus, TaskBrief, UpdateJobStatus, VerifyTask, WaitForJob};
use crate::flow::{AddProduct, FlowError, RunStarted, Session, Settings, Sprintgate, StartSprint};
use crate::git::{Git, GitSettings};
use crate::store::{JobFilter, Secret, Store, TokenKind};

/// The product.
const PRODUCT: &str = "shop";
/// Processes at work.
const PROCESSES: usize = 3;

/// A user with a product, and processes that work on it.
pub(super) struct Shop {
    pub(super) bench: Arc<dyn Bench>,
    pub(super) store: Arc<dyn Store>,
    processes: Vec<Sprintgate>,
    secret: Secret,
    pub(super) user: UserId,
}

/// Opens the use cases on a store, with git in that folder.
pub(super) fn open(store: Arc<dyn Store>, folder: &Path) -> Result<Sprintgate, Failed> {
    let git = GitSettings {
        worktree_root: folder.join("worktrees"),
        vault_root: folder.join("vaults"),
        timeout: Duration::from_secs(60),
        credential_helper: None,
    };
    let git = Git::new(git).map_err(FlowError::from)?;
    let clones = [("origin".to_owned(), repository::clone(folder))];
    Ok(Sprintgate::new(store, git, Settings { repo_roots: clones.into(), ..Settings::default() }))
}

impl Shop {
    pub(super) async fn new(bench: Arc<dyn Bench>) -> Result<Self, Failed> {
        let store = bench.open().await?;
        bench.watch().await?;
        let mut processes = Vec::new();
        for _ in 0..PROCESSES {
            processes.push(open(bench.open().await?, bench.folder())?);
        }
        let app = there("a process", processes.first())?;
        let (user, secret) = app.enrol("ann", "selftest").await?;
        let person = Session::person(Some(&secret), id("desk")?);
        let repo_url = Some(repository::remote(bench.folder()).display().to_string());
        let product = AddProduct { name: PRODUCT.to_owned(), repo_url, ..AddProduct::default() };
        app.add_product(&person, product).await?;
        let token = there("the token", store.read().await?.token_by_hash(&secret.hash()).await?)?;
        same("the token's kind", token.kind, TokenKind::Implementation)?;
        Ok(Self { bench, store, processes, secret, user: user.id })
    }

    /// One of the processes, by any number.
    pub(super) fn process(&self, number: usize) -> Result<Sprintgate, Failed> {
        let place = number % PROCESSES;
        Ok(there("a process", self.processes.get(place))?.clone())
    }

    pub(super) fn person(&self) -> Result<Session, Failed> {
        Ok(Session::person(Some(&self.secret), id("desk")?))
    }

    pub(super) fn worker(&self, name: &str) -> Result<Session, Failed> {
        Ok(Session::worker(Some(&self.secret), id(name)?))
    }

    /// Lets time go by.
    pub(super) fn pass(&self, millis: i64) {
        self.bench.clock().fetch_add(millis, Ordering::SeqCst);
    }

    /// Imports an item with so many stories of so many tasks each; its code.
    pub(super) async fn import(&self, stories: usize, tasks: usize) -> Result<String, Failed> {
        Ok(self.process(0)?.import(&self.person()?, PRODUCT, &plan(stories, tasks)).await?.pbi.code)
    }

    /// The same, and starts a sprint of it.
    pub(super) async fn begin(&self, stories: usize, tasks: usize) -> Result<RunStarted, Failed> {
        let pbis = vec![self.import(stories, tasks).await?];
        let ask = StartSprint { product: PRODUCT.to_owned(), pbis, ..StartSprint::default() };
        Ok(self.process(0)?.start_sprint(&self.person()?, ask).await?)
    }

    /// The same with one story, whose first job is claimed.
    pub(super) async fn begin_one(&self, tasks: usize) -> Result<Held, Failed> {
        self.begin(1, tasks).await?;
        there("a job", self.claim(1).await?.pop())
    }

    /// Claims a job as workers do, with its worktree.
    pub(super) async fn claim_and_prepare(&self, request_id: Option<String>) -> Result<JobAnswer, Failed> {
        let ask = WaitForJob { wait_seconds: Some(0), request_id, ..WaitForJob::default() };
        let gone = CancellationToken::new();
        Ok(self.process(0)?.wait_for_job(&self.worker("w")?, ask, &gone).await?)
    }

    /// Begins a sprint with one job, which is claimed and whose work is committed.
    pub(super) async fn worked(&self) -> Result<Worked, Failed> {
        self.begin(1, 1).await?;
        let answer = self.claim_and_prepare(None).await?;
        let worktree = there("a worktree", answer.worktree_path.clone())?;
        repository::work(Path::new(&worktree)).await?;
        let commit = CommitId::new(repository::head(Path::new(&worktree)).await?).map_err(refused)?;
        let attempt = there("an attempt", answer.attempt.and_then(|number| u32::try_from(number).ok()))?;
        let held = Held { job: id(&there("a job", answer.job_id)?)?, attempt };
        Ok(Worked { held, task: answer.task, head: Head { commit, dirty: 0 } })
    }

    /// Cancels every job that is open.
    pub(super) async fn clear(&self) -> Result<(), Failed> {
        let (app, person) = (self.process(0)?, self.person()?);
        for status in [Status::Queued, Status::Claimed, Status::Running] {
            let filter = JobFilter { status: Some(status), limit: 1000, ..JobFilter::default() };
            let open = self.store.read().await?.jobs(&self.user, &filter).await?;
            for job in open {
                app.cancel_job(&person, job.row.id.as_str(), None).await?;
            }
        }
        Ok(())
    }

    /// The id of the product.
    pub(super) async fn product(&self) -> Result<String, Failed> {
        let product = self.store.read().await?.product_named(&self.user, PRODUCT).await?;
        Ok(there("the product", product)?.id.to_string())
    }

    /// The tasks of a sprint, story by story.
    pub(super) async fn tasks(&self, sprint_id: &str) -> Result<Vec<String>, Failed> {
        let mut tx = self.store.read().await?;
        let mut tasks = Vec::new();
        for story in tx.stories_of(&id(sprint_id)?).await? {
            tasks.extend(tx.tasks_of(&story.id).await?.into_iter().map(|task| task.id.to_string()));
        }
        Ok(tasks)
    }

    /// Claims at most so many jobs.
    pub(super) async fn claim(&self, jobs: usize) -> Result<Vec<Held>, Failed> {
        let (app, session) = (self.process(0)?, self.worker("w")?);
        let mut held = Vec::new();
        while held.len() < jobs {
            let claimed = worker::claim_next(&app, &session).await?;
            match claimed {
                Some(one) => held.push(one),
                None => break,
            }
        }
        Ok(held)
    }

    /// The jobs of a run: id, status and end.
    pub(super) async fn jobs(&self, run: &str) -> Result<Vec<(String, String, String)>, Failed> {
        let filter = JobFilter { run: Some(id(run)?), limit: 1000, ..JobFilter::default() };
        let jobs = self.store.read().await?.jobs(&self.user, &filter).await?;
        let line = |row: Row| {
            (
                row.id.to_string(),
                row.status.to_string(),
                row.end_cause.map_or(String::new(), |end| end.to_string()),
            )
        };
        Ok(jobs.into_iter().map(|job| line(job.row)).collect())
    }

    /// Where the run is.
    pub(super) async fn run(&self, run: &str) -> Result<String, Failed> {
        let record = self.store.read().await?.run(&id(run)?).await?;
        Ok(there("the run", record)?.row.status.to_string())
    }

    /// Everything above the tasks of a sprint is what lies beneath it; the statuses, from the sprint down to the tasks.
    pub(super) async fn levels(&self, sprint_id: &str) -> Result<Vec<String>, Failed> {
        let id: SprintId = id(sprint_id)?;
        let mut tx = self.store.read().await?;
        let now = there("the sprint", tx.sprint(&self.user, &id).await?)?.status;
        let stories = tx.stories_of(&id).await?;
        let statuses: Vec<_> = stories.iter().map(|story| story.status).collect();
        same("what the sprint has to change to", sprint::derive(now, &statuses), None)?;
        let mut levels = vec![format!("sprint {now}")];
        for story in &stories {
            let under: Vec<_> =
                tx.stories_under(&story.pbi).await?.iter().map(|story| story.status).collect();
            let item = there("the item", tx.pbi_status(&story.pbi).await?)?;
            same("what the item has to change to", pbi::derive(item, &under), None)?;
            let tasks = tx.task_statuses(&story.id).await?;
            same("what the story has to change to", story::derive(story.status, &tasks, true), None)?;
            let mut tasks: Vec<String> = tasks.iter().map(ToString::to_string).collect();
            tasks.sort_unstable();
            levels.push(format!("item {item}, story {}: {}", story.status, tasks.join(" ")));
        }
        Ok(levels)
    }

    /// Ledger, law and tables agree; how many rows the ledger has.
    pub(super) async fn sound(&self) -> Result<u64, Failed> {
        let report = self.process(0)?.audit_verify().await?;
        same("what the ledger's check finds", report.findings, Vec::<String>::new())?;
        Ok(report.rows)
    }
}

/// An attempt that has committed its work.
pub(super) struct Worked {
    pub(super) held: Held,
    task: Option<TaskBrief>,
    pub(super) head: Head,
}

impl Worked {
    /// What it asks to have its work judged.
    pub(super) fn verify(&self) -> Result<VerifyTask, Failed> {
        let task_id = there("the task", self.task.as_ref())?.id.clone();
        Ok(VerifyTask { task_id, attempt: Some(i64::from(self.held.attempt)), worktree_path: None })
    }
}

/// A plan of one item.
pub(super) fn plan(stories: usize, tasks: usize) -> String {
    let task = "  - {title: t, priority: 1, implementation_plan: \"- `src/a.rs`\", verify_required: ANY}\n";
    let story = format!("- title: s\n  priority: 1\n  tasks:\n{}", task.repeat(tasks));
    format!("---\npbi: {{title: item, priority: 1}}\nstories:\n{}---\n", story.repeat(stories))
}

/// A report on a held job.
pub(super) fn report(held: &Held, status: ReportStatus, request: Option<&str>) -> UpdateJobStatus {
    UpdateJobStatus {
        job_id: held.job.to_string(),
        status,
        attempt: Some(i64::from(held.attempt)),
        branch: None,
        summary: None,
        error: Some("there was nothing to do".to_owned()),
        model_id: None,
        input_tokens: None,
        output_tokens: None,
        cache_read_tokens: None,
        cache_write_tokens: None,
        request_id: request.map(str::to_owned),
    }
}

/// The code of an answer: `ok`, or that of its refusal. An id that is none cannot come from here.
pub(super) fn code<T>(answer: &Result<T, FlowError>) -> &'static str {
    answer.as_ref().map_or_else(FlowError::code, |_| "ok")
}

/// A call that is to be made at once with others.
pub(super) type Call<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// What ran at once; a panic of one of them is the check's own fault.
pub(super) async fn together<T: Send + 'static>(all: Vec<Call<T>>) -> Result<Vec<T>, Failed> {
    let gate = Arc::new(tokio::sync::Barrier::new(all.len()));
    let mut tasks = tokio::task::JoinSet::new();
    for (place, one) in all.into_iter().enumerate() {
        let gate = Arc::clone(&gate);
        tasks.spawn(async move {
            gate.wait().await;
            (place, one.await)
        });
    }
    let mut answers = Vec::new();
    while let Some(answer) = tasks.join_next().await {
        answers.push(answer.map_err(refused)?);
    }
    answers.sort_by_key(|(place, _)| *place);
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
}
