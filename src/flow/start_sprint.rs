//! Starts a sprint run: checks everything first, then hands out a job a task, in order, on branches that are decided
//! here once and for all.

use std::collections::{BTreeMap, HashSet};

use super::jobs::line_of;
use super::products::find_product;
use super::publish::work_begins;
use super::roll_up::roll_up;
use super::wire::JobLine;
use super::{Caller, FlowError, Session, Sprintgate, fresh, text};
use crate::domain::backlog::{pbi, story};
use crate::domain::branch::{self, BranchName};
use crate::domain::id::{JobId, RunId, SprintId};
use crate::domain::job::Kind;
use crate::domain::preflight;
use crate::domain::remote::RemoteUrl;
use crate::domain::run::PrStrategy;
use crate::forge::Forges;
use crate::store::{
    CodeKind, JobRecord, NewJob, NewRun, NewSprint, Of, Product, ScopeTask, Sprint, Stamp, Task, Tx,
};

/// Characters of a sprint's goal (`original` 3.31).
const GOAL_MAX: usize = 500;

/// Jobs that are read at a time.
const READ_MAX: usize = 500;

/// Which sprint to start.
#[derive(Debug, Clone, Default)]
pub struct StartSprint {
    /// Name, code or id of the product.
    pub product: String,
    /// An existing sprint; a new one is made when absent.
    pub sprint_id: Option<String>,
    /// Codes of backlog items whose open stories a new sprint takes; all READY ones when empty.
    pub pbis: Vec<String>,
    /// The goal of a new sprint.
    pub goal: Option<String>,
}

/// A run that was started.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RunStarted {
    /// The sprint.
    pub sprint_id: String,
    /// Its code.
    pub sprint_code: String,
    /// The run.
    pub sprint_run_id: String,
    /// Its jobs, in order.
    pub jobs: Vec<JobLine>,
}

impl Sprintgate {
    /// Starts a run of a sprint, in one transaction: with blockers nothing is made, not even the sprint.
    ///
    /// # Errors
    /// `RUN_BLOCKED` with everything that stands in the way.
    pub async fn start_sprint(&self, session: &Session, ask: StartSprint) -> Result<RunStarted, FlowError> {
        text::maybe("goal", ask.goal.as_deref(), GOAL_MAX)?;
        self.again(|| async {
            let mut tx = self.store.begin().await?;
            let caller = self.caller(&mut *tx, session).await?;
            caller.may("start sprints")?;
            let product = find_product(&mut *tx, &caller, &ask.product).await?;
            tx.hold(Of::Product(&product.id), Some(caller.user())).await?;
            let sprint = match &ask.sprint_id {
                Some(given) => {
                    let id: SprintId = text::id("sprint_id", given)?;
                    let sprint = tx.sprint(caller.user(), &id).await?;
                    let sprint = sprint.filter(|sprint| sprint.product == product.id);
                    sprint.ok_or_else(|| FlowError::not_found("sprint", given))?
                }
                None => new_sprint(&mut *tx, &self.forges, &caller, &product, &ask).await?,
            };
            let scope = tx.scope(&sprint.id).await?;
            check(&mut *tx, &product, &sprint, &scope).await?;
            let run: RunId = fresh::id();
            let branch = (product.pr_strategy == PrStrategy::Sprint)
                .then(|| BranchName::run(&run).as_str().to_owned());
            let stamp = Stamp::of(caller.actor());
            let new = NewRun {
                id: run.clone(),
                sprint: sprint.id.clone(),
                started_by: caller.user().clone(),
                strategy: product.pr_strategy,
                branch,
                previous: None,
            };
            tx.add_run(&new, &stamp).await?;
            let jobs = hand_out(&mut *tx, &self.forges, &caller, &product, &run, scope).await?;
            let lines = lines(&mut *tx, &jobs).await?;
            tx.commit().await?;
            Ok(RunStarted {
                sprint_id: sprint.id.to_string(),
                sprint_code: sprint.code,
                sprint_run_id: run.to_string(),
                jobs: lines,
            })
        })
        .await
    }
}

/// Makes a sprint of the open stories of the named backlog items, or of all that are READY.
async fn new_sprint(
    tx: &mut dyn Tx,
    forges: &Forges,
    caller: &Caller,
    product: &Product,
    ask: &StartSprint,
) -> Result<Sprint, FlowError> {
    let items = tx.pbis_of(&product.id).await?;
    if let Some(code) = ask.pbis.iter().find(|code| !items.iter().any(|item| &&item.code == code)) {
        return Err(FlowError::not_found("backlog item", code));
    }
    let taken = items.into_iter().filter(|item| match ask.pbis.is_empty() {
        true => item.status == pbi::Status::Ready,
        false => ask.pbis.contains(&item.code),
    });
    let number = tx.next_number(&product.id, CodeKind::Sprint).await?;
    let goal = ask.goal.clone().unwrap_or_else(|| format!("Sprint {number} of {}", product.name));
    let sprint = NewSprint {
        id: fresh::id(),
        product: product.id.clone(),
        code: format!("S-{}-{number}", fresh::day(tx.now())),
        goal,
    };
    let stamp = Stamp::of(caller.actor());
    let sprint = tx.add_sprint(&sprint, &stamp).await?;
    for item in taken {
        for story in tx.stories_under(&item.id).await? {
            if story.status == story::Status::Open && story.sprint.is_none() {
                tx.plan_story(&story.id, &sprint.id).await?;
                roll_up(tx, forges, caller.user(), &story.id, &stamp).await?;
            }
        }
    }
    Ok(sprint)
}

async fn check(
    tx: &mut dyn Tx,
    product: &Product,
    sprint: &Sprint,
    scope: &[ScopeTask],
) -> Result<(), FlowError> {
    let live = tx.live_run(&sprint.id).await?.map(|run| run.row.id.to_string());
    let tasks: Vec<preflight::Task<'_>> = scope
        .iter()
        .map(|item| preflight::Task {
            code: &item.task.code,
            title: &item.task.title,
            plan: item.task.implementation_plan.as_deref(),
            repo_url: item.task.repo_url.as_deref(),
            pbi_code: &item.pbi_code,
            pbi_status: item.pbi_status,
        })
        .collect();
    let read = preflight::Sprint {
        code: &sprint.code,
        status: sprint.status,
        live_run: live.as_deref(),
        strategy: product.pr_strategy,
        repo_url: product.repo_url.as_deref(),
    };
    let blockers = preflight::blockers(&read, &tasks);
    if blockers.is_empty() { Ok(()) } else { Err(FlowError::Blocked { blockers }) }
}

/// Adds a job a task. The first of each branch is ready; the others wait for the one before them.
async fn hand_out(
    tx: &mut dyn Tx,
    forges: &Forges,
    caller: &Caller,
    product: &Product,
    run: &RunId,
    scope: Vec<ScopeTask>,
) -> Result<Vec<(JobId, Task)>, FlowError> {
    let stamp = Stamp::of(caller.actor());
    let (mut seen, mut branches) = (HashSet::new(), Vec::new());
    let (mut new, mut jobs) = (Vec::with_capacity(scope.len()), Vec::with_capacity(scope.len()));
    for (sequence, item) in (0..).zip(scope) {
        let (id, kind) = (fresh::id(), Kind::TaskImplementation);
        let repo_url = item.task.repo_url.clone().or_else(|| product.repo_url.clone());
        // Names go by ids, so no sibling has to be asked, and the remote is asked when the job is prepared.
        let ask = branch::Ask {
            job: &id,
            kind,
            repo: None,
            story: Some(&item.story.id),
            run: Some((run, product.pr_strategy)),
            resumed: None,
        };
        let branch = branch::choose(&ask, &[], None).branch;
        let ready = seen.insert((repo_url.clone(), branch.as_str().to_owned()));
        let repo = repo_url.as_deref().filter(|_| ready).and_then(|url| RemoteUrl::new(url).ok());
        branches.extend(repo.map(|repo| (repo, branch.clone())));
        let job = NewJob {
            id,
            user: caller.user().clone(),
            product: product.id.clone(),
            task: Some(item.task.id.clone()),
            idea: None,
            run: Some(run.clone()),
            kind,
            sequence,
            branch: Some(branch.as_str().to_owned()),
            repo_url,
            ready,
        };
        jobs.push((job.id.clone(), item.task));
        new.push(job);
    }
    tx.add_jobs(&new, &stamp).await?;
    work_begins(forges, tx, &product.id, &branches, &stamp).await?;
    Ok(jobs)
}

/// The jobs as they are now, in their order.
async fn lines(tx: &mut dyn Tx, jobs: &[(JobId, Task)]) -> Result<Vec<JobLine>, FlowError> {
    let mut lines = Vec::with_capacity(jobs.len());
    for some in jobs.chunks(READ_MAX) {
        let records = tx.jobs_by_id(&some.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>()).await?;
        let mut records: BTreeMap<JobId, JobRecord> =
            records.into_iter().map(|record| (record.row.id.clone(), record)).collect();
        for (id, task) in some {
            let record = records.remove(id).ok_or_else(|| FlowError::not_found("job", id.as_str()))?;
            lines.push(line_of(record, Some(task)));
        }
    }
    Ok(lines)
}
