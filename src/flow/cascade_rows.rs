//! The rows that the failure of a job concerns: what its plan is made of.

use std::collections::{BTreeMap, BTreeSet};

use super::FlowError;
use super::cascade::sibling;
use crate::domain::branch::BranchName;
use crate::domain::cascade::{Planned, PrState, PullRequest, Sibling, Step, Tie, plan};
use crate::domain::id::{PbiId, RunId};
use crate::domain::remote::RemoteUrl;
use crate::domain::time::Timestamp;
use crate::store::{JobRecord, PullRequestRecord, Tx};

/// Jobs of a backlog item or a run, and publications of their branches, that are read.
const READ_MAX: u32 = 1000;

/// A repository by its key, and a branch.
type Place = (String, BranchName);

/// What a plan is made of.
pub(super) struct CascadeRows {
    jobs: Vec<(JobRecord, Tie)>,
    /// Their publications that have a pull request.
    publications: Vec<PullRequestRecord>,
    /// Branches that hold something on the remote, as far as rows know.
    published: BTreeSet<Place>,
    /// Branches that work began on again after the cascade: they are not deleted.
    taken_up: BTreeSet<Place>,
    /// Every row was read; else there are too many.
    pub(super) complete: bool,
}

impl CascadeRows {
    /// Reads the jobs of the backlog item and of the run, what else is open in runs of the backlog item, whose
    /// branches it may share, and the publications of all these branches. What came after the cascade at `since` has no
    /// part in it.
    pub(super) async fn read(
        tx: &mut dyn Tx,
        failed: &JobRecord,
        pbi: &PbiId,
        since: Option<Timestamp>,
    ) -> Result<Self, FlowError> {
        let mut rows = Self {
            jobs: Vec::new(),
            publications: Vec::new(),
            published: BTreeSet::new(),
            taken_up: BTreeSet::new(),
            complete: true,
        };
        let of_pbi = tx.jobs_of_pbi(pbi, READ_MAX).await?;
        let runs: BTreeSet<RunId> = of_pbi.iter().filter_map(|job| job.run.clone()).collect();
        rows.take(of_pbi, Tie { item: true, run: false });
        if let Some(run) = &failed.run {
            let of_run = tx.jobs_of_run(run, READ_MAX).await?;
            rows.take(of_run, Tie { item: false, run: true });
        }
        for run in runs.iter().filter(|run| Some(*run) != failed.run.as_ref()) {
            let open = tx.open_jobs_of_run(run, READ_MAX).await?;
            rows.take(open, Tie::default());
        }
        let later =
            |job: &JobRecord| since.is_some_and(|at| !job.row.status.is_terminal() || job.created_at > at);
        let (new, jobs): (Vec<_>, Vec<_>) = std::mem::take(&mut rows.jobs)
            .into_iter()
            .partition(|(job, tie)| *tie != Tie::default() && later(job));
        rows.taken_up = new.iter().filter_map(|(job, _)| place(job)).collect();
        let published = jobs.iter().filter(|(job, _)| job.row.publication.is_some());
        rows.published = published.filter_map(|(job, _)| place(job)).collect();
        rows.jobs = jobs;
        rows.publications(tx, failed, since).await?;
        Ok(rows)
    }

    fn take(&mut self, jobs: Vec<JobRecord>, tie: Tie) {
        self.complete &= jobs.len() < READ_MAX as usize;
        self.jobs.extend(jobs.into_iter().map(|job| (job, tie)));
    }

    async fn publications(
        &mut self,
        tx: &mut dyn Tx,
        failed: &JobRecord,
        since: Option<Timestamp>,
    ) -> Result<(), FlowError> {
        let jobs = self.jobs.iter().map(|(job, _)| job).chain([failed]);
        let branches: BTreeMap<Place, RemoteUrl> = jobs.filter_map(branch).collect();
        let branches: Vec<(RemoteUrl, BranchName)> =
            branches.into_iter().map(|((_, branch), repo)| (repo, branch)).collect();
        let records = tx.pull_requests_of_branches(&branches, READ_MAX).await?;
        self.complete &= records.len() < READ_MAX as usize;
        for record in records {
            let Some(place) = place_of(&record) else { continue };
            if since.is_some_and(|at| record.created_at > at) {
                self.taken_up.insert(place);
            } else {
                self.published.insert(place);
                self.publications.push(record);
            }
        }
        Ok(())
    }

    /// What the failure of the job comes to.
    pub(super) fn plan(&self, failed: &JobRecord) -> Vec<Planned> {
        let siblings: Vec<Sibling> = self.jobs.iter().map(|(job, tie)| self.seen(job, *tie)).collect();
        let mut plan = plan(&self.seen(failed, Tie::default()), &siblings);
        plan.retain(|planned| !self.is_in(&self.taken_up, &planned.step));
        plan
    }

    /// The job with the pull requests of its branch.
    fn seen(&self, job: &JobRecord, tie: Tie) -> Sibling {
        let of_branch = place(job);
        let same = |record: &&PullRequestRecord| of_branch.is_some() && place_of(record) == of_branch;
        let pr = |record: &PullRequestRecord| {
            Some(PullRequest { state: PrState::of(record.row.status)?, url: record.row.url.clone()? })
        };
        let prs = self.publications.iter().filter(same).filter_map(pr).collect();
        Sibling { prs, ..sibling(job, tie) }
    }

    /// The publication with that pull request.
    pub(super) fn publication(&self, url: &str) -> Option<&PullRequestRecord> {
        self.publications.iter().find(|record| record.row.url.as_deref() == Some(url))
    }

    /// Whether the step is about the pull request of a branch that work began on again after the cascade.
    pub(super) fn is_taken_up(&self, step: &Step) -> bool {
        let (Step::ClosePullRequest { url, .. } | Step::RevertPullRequest { url }) = step else {
            return false;
        };
        self.publication(url).and_then(place_of).is_some_and(|place| self.taken_up.contains(&place))
    }

    /// Whether the step deletes a branch on which something was published.
    pub(super) fn deletes_something(&self, step: &Step) -> bool {
        self.is_in(&self.published, step)
    }

    fn is_in(&self, places: &BTreeSet<Place>, step: &Step) -> bool {
        let Step::DeleteBranch { repo, branch } = step else { return false };
        places.contains(&(repo.key(), branch.clone()))
    }

    /// The jobs, without the failed one.
    pub(super) fn jobs(&self) -> impl Iterator<Item = &JobRecord> {
        self.jobs.iter().map(|(job, _)| job)
    }
}

/// The branch of a job; none when what it names is no address or no branch.
fn branch(job: &JobRecord) -> Option<(Place, RemoteUrl)> {
    let repo = RemoteUrl::new(job.repo_url.as_deref()?).ok()?;
    let branch = BranchName::new(job.branch.as_deref()?).ok()?;
    Some(((repo.key(), branch), repo))
}

fn place(job: &JobRecord) -> Option<Place> {
    branch(job).map(|(place, _)| place)
}

fn place_of(record: &PullRequestRecord) -> Option<Place> {
    let repo = RemoteUrl::new(&record.repo_url).ok()?;
    Some((repo.key(), record.row.branch.clone()))
}
