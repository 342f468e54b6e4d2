//! `cascade plan`: what a failure of a job would do now, without doing it.

use std::collections::{BTreeMap, BTreeSet};

use super::cascade::{pbi_of, sibling};
use super::wire::{CascadePlan, CascadeStep};
use super::{FlowError, Session, Sprintgate};
use crate::domain::branch::BranchName;
use crate::domain::cascade::{self, Planned, PrState, PullRequest, Sibling, Step, Tie};
use crate::domain::id::{PbiId, RunId};
use crate::domain::job::Status;
use crate::domain::machine::Word;
use crate::domain::remote::RemoteUrl;
use crate::domain::time::Timestamp;
use crate::store::{JobRecord, Tx};

/// Jobs of a backlog item or a run, and publications of a branch, that are read.
const READ_MAX: u32 = 1000;

impl Sprintgate {
    /// What a failure of a job, reported by its worker, would do now. Nothing is changed. Of a job whose failure has
    /// cascaded: what there is to undo.
    ///
    /// # Errors
    /// `NOT_FOUND` for a job that is not the caller's.
    pub async fn plan_cascade(&self, session: &Session, job: &str) -> Result<CascadePlan, FlowError> {
        let mut tx = self.store.read().await?;
        let job = self.own_job(&mut *tx, session, job).await?;
        let (status, ended) = (job.row.status, job.row.status.is_terminal());
        let mut answer = CascadePlan {
            job_id: job.row.id.to_string(),
            status: status.word().to_owned(),
            end_cause: job.row.end_cause.map(|cause| cause.word().to_owned()),
            ended,
            complete: true,
            ..CascadePlan::default()
        };
        let Some(pbi) = pbi_of(&mut *tx, &job).await? else {
            "it belongs to no backlog item, so that its failure concerns no other job"
                .clone_into(&mut answer.verdict);
            return Ok(answer);
        };
        let since = cascaded_at(&mut *tx, &job).await?;
        answer.cascaded = since.is_some();
        answer.verdict = match (answer.cascaded, ended) {
            (true, _) => "it failed and its siblings were cancelled; besides, done by now or not".to_owned(),
            (false, true) => {
                format!("it is {status} and cannot fail any more; if it could, its failure would now")
            }
            (false, false) => "if its worker reported a failure now, that would".to_owned(),
        };
        let mut rows = Rows::default();
        rows.read(&mut *tx, &job, &pbi, since).await?;
        let mut plan = cascade::plan(&rows.seen(&job, Tie::default()), &rows.siblings());
        plan.retain(|planned| !rows.is_taken_up(&planned.step));
        answer.steps = plan.into_iter().map(step).collect();
        answer.complete = rows.complete;
        Ok(answer)
    }
}

/// When the job's failure cascaded; none when it has not failed, or failed alone.
async fn cascaded_at(tx: &mut dyn Tx, job: &JobRecord) -> Result<Option<Timestamp>, FlowError> {
    let (Status::Failed, Some(cause)) = (job.row.status, job.row.end_cause) else { return Ok(None) };
    let product = tx.product(&job.user, &job.product).await?;
    let cascades = cascade::starts(cause, product.is_some_and(|p| p.cascade_on_infrastructure));
    Ok(job.row.finished_at.filter(|_| cascades))
}

fn step(planned: Planned) -> CascadeStep {
    let by = match planned.step {
        Step::Cancel { .. } => "failure",
        Step::Stop { .. } => "worker",
        Step::RemoveWorktree { .. } => "tidy",
        Step::LookAtPullRequest { .. }
        | Step::ClosePullRequest { .. }
        | Step::RevertPullRequest { .. }
        | Step::DeleteBranch { .. } => "person",
    };
    CascadeStep { planned, by }
}

/// The repository and the branch, as a row names them.
type Place = (String, String);

/// What a plan is made of.
struct Rows {
    jobs: Vec<(JobRecord, Tie)>,
    prs: BTreeMap<Place, Vec<PullRequest>>,
    /// Branches that work began on again after the cascade: they are not deleted.
    taken_up: BTreeSet<Place>,
    complete: bool,
}

impl Default for Rows {
    fn default() -> Self {
        Self { jobs: Vec::new(), prs: BTreeMap::new(), taken_up: BTreeSet::new(), complete: true }
    }
}

impl Rows {
    /// Reads the jobs of the backlog item and of the run, and what else is open in runs of the backlog item, whose
    /// branches it may share. What came after the cascade at `since` has no part in it.
    async fn read(
        &mut self,
        tx: &mut dyn Tx,
        failed: &JobRecord,
        pbi: &PbiId,
        since: Option<Timestamp>,
    ) -> Result<(), FlowError> {
        let of_pbi = tx.jobs_of_pbi(pbi, READ_MAX).await?;
        let runs: BTreeSet<RunId> = of_pbi.iter().filter_map(|job| job.run.clone()).collect();
        self.take(of_pbi, Tie { item: true, run: false });
        if let Some(run) = &failed.run {
            let of_run = tx.jobs_of_run(run, READ_MAX).await?;
            self.take(of_run, Tie { item: false, run: true });
        }
        for run in runs.iter().filter(|run| Some(*run) != failed.run.as_ref()) {
            let open = tx.open_jobs_of_run(run, READ_MAX).await?;
            self.take(open, Tie::default());
        }
        let later =
            |job: &JobRecord| since.is_some_and(|at| !job.row.status.is_terminal() || job.created_at > at);
        let (new, jobs): (Vec<_>, Vec<_>) = std::mem::take(&mut self.jobs)
            .into_iter()
            .partition(|(job, tie)| *tie != Tie::default() && later(job));
        self.jobs = jobs;
        self.taken_up = new.iter().filter_map(|(job, _)| place(job)).collect();
        let mut places: BTreeSet<Place> = self.jobs.iter().filter_map(|(job, _)| place(job)).collect();
        places.extend(place(failed));
        for place in places {
            self.publications(tx, place, since).await?;
        }
        Ok(())
    }

    fn take(&mut self, jobs: Vec<JobRecord>, tie: Tie) {
        self.complete &= jobs.len() < READ_MAX as usize;
        self.jobs.extend(jobs.into_iter().map(|job| (job, tie)));
    }

    async fn publications(
        &mut self,
        tx: &mut dyn Tx,
        place: Place,
        since: Option<Timestamp>,
    ) -> Result<(), FlowError> {
        // What is no address or no branch has none.
        let (Ok(repo), Ok(branch)) = (RemoteUrl::new(&place.0), BranchName::new(&place.1)) else {
            return Ok(());
        };
        let records = tx.pull_requests_of_branch(&repo, &branch, READ_MAX).await?;
        self.complete &= records.len() < READ_MAX as usize;
        let mut prs = Vec::new();
        for record in records {
            if since.is_some_and(|at| record.created_at > at) {
                self.taken_up.insert(place.clone());
            } else if let (Some(state), Some(url)) = (PrState::of(record.row.status), record.row.url) {
                prs.push(PullRequest { url, state });
            }
        }
        self.prs.insert(place, prs);
        Ok(())
    }

    fn siblings(&self) -> Vec<Sibling> {
        self.jobs.iter().map(|(job, tie)| self.seen(job, *tie)).collect()
    }

    /// The job with the pull requests of its branch.
    fn seen(&self, job: &JobRecord, tie: Tie) -> Sibling {
        let prs = place(job).and_then(|place| self.prs.get(&place).cloned()).unwrap_or_default();
        Sibling { prs, ..sibling(job, tie) }
    }

    fn is_taken_up(&self, step: &Step) -> bool {
        let Step::DeleteBranch { repo, branch } = step else { return false };
        let same = |url: &str| RemoteUrl::new(url).is_ok_and(|url| url.repository() == repo.repository());
        self.taken_up.iter().any(|(url, name)| name == branch.as_str() && same(url))
    }
}

fn place(job: &JobRecord) -> Option<Place> {
    job.repo_url.clone().zip(job.branch.clone())
}
