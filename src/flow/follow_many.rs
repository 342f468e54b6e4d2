//! What follows from the moves of many jobs, in the same transaction: the same as of one, in a few statements for all.

use std::collections::{BTreeMap, BTreeSet};

use super::FlowError;
use super::effects::worktrees_go;
use super::follow::because;
use super::publish::branches_ended;
use super::roll_up::{roll_up, settle_run};
use super::worktrees::locks_go;
use crate::domain::id::{JobId, RunId, StoryId, UserId};
use crate::domain::job::{Change as JobChange, Status};
use crate::domain::machine::Word;
use crate::domain::{rollup, task};
use crate::forge::Forges;
use crate::store::{Change, JobRecord, RunBranch, Stamp, TaskOfJob, Tx};

/// A job whose move is decided.
pub(super) struct Moved {
    /// As it was read, under its lock.
    pub(super) job: JobRecord,
    pub(super) change: JobChange,
    pub(super) stamp: Stamp,
}

/// Applies moves of different jobs, moves their tasks, rolls up, and lets the next job of each branch go on. What a
/// failure cancels and what becomes of the runs is the caller's.
pub(super) async fn apply_all(tx: &mut dyn Tx, forges: &Forges, moved: &[Moved]) -> Result<(), FlowError> {
    let moves: Vec<(Change, Stamp)> =
        moved.iter().map(|moved| (Change::Job(moved.change.clone()), moved.stamp.clone())).collect();
    tx.apply_all(&moves).await?;
    worktrees_go(tx, moved).await?;
    for Moved { job, change, .. } in moved {
        locks_go(tx, job, change).await?;
    }
    tasks_follow(tx, forges, moved).await?;
    let ended = moved.iter().filter(|moved| moved.change.after().is_terminal());
    let branches: BTreeSet<RunBranch> = ended.filter_map(|moved| branch_of(&moved.job)).collect();
    tx.ready_next_of(&Vec::from_iter(branches)).await?;
    branches_ended(forges, tx, given_up(moved)).await
}

/// The branches whose jobs failed or were cancelled, each once.
fn given_up(moved: &[Moved]) -> BTreeMap<(&str, &str), Stamp> {
    let mut branches = BTreeMap::new();
    for Moved { job, change, .. } in moved {
        let (Status::Failed | Status::Cancelled, Some(repo), Some(branch)) =
            (change.after(), &job.repo_url, &job.branch)
        else {
            continue;
        };
        branches.insert((repo.as_str(), branch.as_str()), because(job, change.event().word()));
    }
    branches
}

fn branch_of(job: &JobRecord) -> Option<RunBranch> {
    let place = job.repo_url.clone().zip(job.branch.clone());
    job.run.clone().zip(place).map(|(run, (repo_url, branch))| RunBranch { run, repo_url, branch })
}

/// Each story is derived once, from all of its tasks.
async fn tasks_follow(tx: &mut dyn Tx, forges: &Forges, moved: &[Moved]) -> Result<(), FlowError> {
    let with_task: Vec<JobId> =
        moved.iter().filter(|moved| moved.job.task.is_some()).map(|moved| moved.job.row.id.clone()).collect();
    if with_task.is_empty() {
        return Ok(());
    }
    let tasks = tx.tasks_of_jobs(&with_task).await?;
    let tasks: BTreeMap<&JobId, &TaskOfJob> = tasks.iter().map(|task| (&task.job, task)).collect();
    let mut follows = Vec::new();
    let mut stories: BTreeMap<&StoryId, (&UserId, Stamp)> = BTreeMap::new();
    for Moved { job, change, .. } in moved {
        let Some(task) = tasks.get(&job.row.id) else { continue };
        let Some(follow) = task::follow(task.row.clone(), change) else { continue };
        let because = because(job, change.event().word());
        if !rollup::weigh_the_same(follow.before(), follow.after()) {
            stories.insert(&task.story, (&job.user, because.clone()));
        }
        follows.push((Change::Task(follow), because));
    }
    tx.apply_all(&follows).await?;
    for (story, (user, because)) in stories {
        roll_up(tx, forges, user, story, &because).await?;
    }
    Ok(())
}

/// Settles the runs whose jobs ended, each once, as its last one ended.
pub(super) async fn settle_runs(tx: &mut dyn Tx, forges: &Forges, moved: &[Moved]) -> Result<(), FlowError> {
    let ended = moved.iter().filter(|moved| moved.change.after().is_terminal());
    let last: BTreeMap<&RunId, &Moved> =
        ended.filter_map(|moved| Some((moved.job.run.as_ref()?, moved))).collect();
    for (run, Moved { job, change, .. }) in last {
        let failed = change.row().status == Status::Failed;
        settle_run(tx, forges, run, false, job, change.row().error.as_deref().filter(|_| failed)).await?;
    }
    Ok(())
}
