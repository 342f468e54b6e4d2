//! What follows from a job's move, in one transaction and in the order of `src/flow`: the move, its task, the roll-up,
//! the cascade, the other runs that lost jobs, its own run.

use std::collections::BTreeSet;

use sprintgate::domain::backlog::pbi;
use sprintgate::domain::cascade::{self, Because, Sibling, Step, Tie};
use sprintgate::domain::id::TaskId;
use sprintgate::domain::job::{self, AnyJob, Status, Stop};
use sprintgate::domain::rollup::{self, Above, Picture, Rolled};
use sprintgate::domain::run::{self, AnyRun, Run, Verdict};
use sprintgate::domain::task;

use super::world::{Story, Who, World};

/// Why a run failed whose failed job left no words.
const NO_REASON: &str = "a job of the run failed";

pub(super) fn task_id(task: usize) -> TaskId {
    TaskId::new(format!("task{task}")).unwrap()
}

impl World {
    /// The job as its row says; every row that is decided upon is parsed first.
    pub(super) fn any(&self, job: usize) -> AnyJob {
        AnyJob::try_from(self.jobs[job].row.clone()).expect("every reachable row parses")
    }

    pub(super) fn any_run(&self, run: usize) -> AnyRun {
        AnyRun::try_from(self.runs[run].row.clone()).expect("every reachable row parses")
    }

    /// Writes a job's move and all that follows from it.
    pub(super) fn follow(&mut self, job: usize, change: &job::Change, who: &Who) {
        let failed = (change.after() == Status::Failed).then_some(change.row().end_cause).flatten();
        let error = failed.and(change.row().error.clone());
        self.apply_with_task(job, change, who);
        let mut at_once = false;
        let mut others = BTreeSet::new();
        if let (Some(cause), Some(pbi)) = (failed, self.pbi_of(job)) {
            at_once = cascade::starts(cause, self.cascade_on_infrastructure);
            if at_once {
                others = self.cascade_from(job, pbi);
            }
        }
        let own = self.jobs[job].run;
        for run in others.into_iter().filter(|run| Some(*run) != own) {
            self.settle(run, false, job, None);
        }
        if let Some(run) = own {
            self.settle(run, at_once, job, error.as_deref());
        }
    }

    fn apply_with_task(&mut self, job: usize, change: &job::Change, who: &Who) {
        self.apply_job(change, who);
        let Some(n) = self.jobs[job].task else { return };
        if let Some(follows) = task::follow(self.task_row(n), change) {
            self.apply_task(n, &follows, &Who::system());
            self.roll_up(self.tasks[n].story);
        }
    }

    /// Cancels the open siblings of a failed job; returns their runs.
    fn cascade_from(&mut self, failed: usize, pbi: usize) -> BTreeSet<usize> {
        let own = self.jobs[failed].run;
        let sibling = |n: usize| Sibling {
            job: self.jobs[n].row.id.clone(),
            status: self.jobs[n].row.status,
            attempt: self.jobs[n].row.attempt,
            held: self.jobs[n].row.status.is_held(),
            tie: Tie { item: self.pbi_of(n) == Some(pbi), run: own.is_some() && self.jobs[n].run == own },
            repo: None,
            branch: None,
            prs: Vec::new(),
        };
        // All other jobs, tied or not: the plan is to find out.
        let siblings: Vec<Sibling> = (0..self.jobs.len()).map(sibling).collect();
        let id = self.jobs[failed].row.id.clone();
        let mut runs = BTreeSet::new();
        for planned in cascade::plan(&sibling(failed), &siblings) {
            let Step::Cancel { job: sibling, because: why, .. } = planned.step else { continue };
            let stop = match why {
                Because::SameBacklogItem => Stop::by_cascade(id.clone()),
                Because::SameRun => Stop::by_run(Some(id.clone()), format!("job {id} of the run failed")),
            };
            let n = self.job_of(&sibling);
            assert!(self.cancel(n, stop, &Who::system()), "an open sibling can be cancelled");
            runs.extend(self.jobs[n].run);
        }
        runs
    }

    /// Cancels one job with what follows for its task; the caller settles the run. False when it has ended.
    pub(super) fn cancel(&mut self, job: usize, stop: Stop, who: &Who) -> bool {
        let now = self.now;
        let change: job::Change = match self.any(job) {
            AnyJob::Queued(queued) => queued.cancel(stop, now).into(),
            AnyJob::Claimed(claimed) => claimed.cancel(stop, now).into(),
            AnyJob::Running(running) => running.cancel(stop, now).into(),
            AnyJob::Done(_) | AnyJob::Failed(_) | AnyJob::Cancelled(_) => return false,
        };
        self.apply_with_task(job, &change, who);
        true
    }

    /// Derives what is above a task; by the system's hand, whoever caused it.
    pub(super) fn roll_up(&mut self, story: usize) {
        let (pbi, sprint) = (self.stories[story].pbi, self.stories[story].sprint);
        let others = |is_above: &dyn Fn(&Story) -> bool| {
            let all = self.stories.iter().enumerate();
            all.filter(|(n, other)| *n != story && is_above(other)).map(|(_, other)| other.status).collect()
        };
        let picture = Picture {
            story: self.stories[story].status,
            tasks: self.tasks.iter().filter(|task| task.story == story).map(|task| task.status).collect(),
            pbi: Above { now: self.pbis[pbi], others: others(&|other| other.pbi == pbi) },
            sprint: sprint.map(|sprint| Above {
                now: self.sprints[sprint],
                others: others(&|other| other.sprint == Some(sprint)),
            }),
            // A cascade comes between.
            run: None,
        };
        for rolled in rollup::roll_up(&picture) {
            match rolled {
                Rolled::Story(shift) => self.apply_story(story, &shift, &Who::system()),
                Rolled::Pbi(shift) => self.apply_pbi(pbi, &shift, &Who::system()),
                Rolled::Sprint(shift) => self.apply_sprint(sprint.unwrap(), &shift, &Who::system()),
                Rolled::Run(verdict) => panic!("{verdict:?} of a run that the picture does not have"),
            }
        }
    }

    /// Derives a backlog item that a person let go on.
    pub(super) fn roll_up_pbi(&mut self, pbi: usize) {
        let stories: Vec<_> = self.stories.iter().filter(|s| s.pbi == pbi).map(|s| s.status).collect();
        if let Some(shift) = pbi::derive(self.pbis[pbi], &stories) {
            self.apply_pbi(pbi, &shift, &Who::system());
        }
    }

    pub(super) fn task_row(&self, task: usize) -> task::Row {
        task::Row { id: task_id(task), status: self.tasks[task].status }
    }

    /// Ends a run whose jobs have all ended, or at once when a failure cascaded.
    pub(super) fn settle(&mut self, run: usize, at_once: bool, job: usize, error: Option<&str>) {
        let verdict = run::settle(self.tally(run), at_once);
        let failed = self.jobs.iter().find(|j| j.run == Some(run) && j.row.status == Status::Failed);
        let (reason, task) = match (verdict, error) {
            (Verdict::Fail, None) => (failed.and_then(|j| j.row.error.clone()), failed.and_then(|j| j.task)),
            (_, error) => (error.map(str::to_owned), self.jobs[job].task),
        };
        let reason = reason.unwrap_or_else(|| NO_REASON.to_owned());
        let end = End { verdict, reason, task, world: self };
        let change = match self.any_run(run) {
            AnyRun::Queued(run) => end.of(run),
            AnyRun::Running(run) => end.of(run),
            AnyRun::Paused(run) => end.of(run),
            AnyRun::Done(_) | AnyRun::Failed(_) | AnyRun::Cancelled(_) => None,
        };
        if let Some(change) = change {
            self.apply_run(&change, &Who::system());
        }
    }
}

struct End<'a> {
    verdict: Verdict,
    reason: String,
    task: Option<usize>,
    world: &'a World,
}

impl End<'_> {
    fn of<S: run::Live>(self, live: Run<S>) -> Option<run::Change> {
        let now = self.world.now;
        match self.verdict {
            Verdict::GoesOn => None,
            Verdict::Complete => Some(live.complete(now).into()),
            Verdict::Fail => Some(live.fail(&self.reason, self.task.map(task_id), now).into()),
            Verdict::Cancel => Some(live.cancel(now).into()),
        }
    }
}
