//! No end without proof: evidence, waivers, what was published.

use sprintgate::domain::branch::BranchName;
use sprintgate::domain::commit::CommitId;
use sprintgate::domain::job::{EndCause, Kind, Status};
use sprintgate::domain::verify::VerifyResult;

use super::super::oracle::weigh;
use super::super::world::{Attempt, Job, World};
use super::ownership::each;
use super::table::hold;

fn attempt_of<'a>(world: &'a World, n: usize, job: &Job) -> Option<&'a Attempt> {
    world.attempts.iter().find(|attempt| (attempt.job, attempt.row.number) == (n, job.row.attempt))
}

fn of_code(job: &Job) -> bool {
    matches!(job.row.kind, Kind::TaskImplementation | Kind::SprintImplementation)
}

pub(super) fn i14(world: &World) -> Result<(), String> {
    each(world, |n, job| {
        let row = &job.row;
        if row.status != Status::Done || !of_code(job) || row.end_cause == Some(EndCause::Waived) {
            return true;
        }
        let frozen = attempt_of(world, n, job).map(|attempt| attempt.row.frozen.policy);
        let (Some(seen), Some(policy)) = (&row.evidence, frozen) else { return false };
        let length = row.summary.as_ref().map(|summary| summary.trim().chars().count());
        weigh(seen.result, policy, length).is_none()
    })
}

pub(super) fn i15(world: &World) -> Result<(), String> {
    each(world, |_, job| {
        let Some(published) = &job.row.publication else { return true };
        let verified = job.row.evidence.as_ref().map(|seen| &seen.commit);
        job.row.end_cause == Some(EndCause::Waived) || verified == Some(&published.commit)
    })
}

pub(super) fn i39(world: &World) -> Result<(), String> {
    each(world, |n, job| {
        let row = &job.row;
        let (Some(plan), Some(policy)) = (&row.plan, row.policy) else { return row.claimed_at.is_none() };
        attempt_of(world, n, job).is_some_and(|a| &a.row.frozen.plan == plan && a.row.frozen.policy == policy)
    })
}

pub(super) fn i43(world: &World) -> Result<(), String> {
    let jobs = world.jobs.iter().filter_map(|job| job.branch.as_ref());
    let runs = world.runs.iter().filter_map(|run| run.branch.as_ref());
    let pushes = world.pushes.iter().map(|push| &push.branch);
    for branch in jobs.chain(runs).chain(pushes) {
        hold(BranchName::new(branch.as_str()).is_ok(), || branch.clone())?;
        hold(branch.starts_with("feat/"), || branch.clone())?;
    }
    world
        .pushes
        .iter()
        .try_for_each(|push| hold(CommitId::new(push.commit.as_str()).is_ok(), || push.commit.clone()))
}

pub(super) fn i48(world: &World) -> Result<(), String> {
    each(world, |n, job| {
        let Some(published) = &job.row.publication else { return true };
        world.pushes.iter().any(|push| {
            push.job == n
                && push.repo == job.repo
                && Some(&push.branch) == job.branch.as_ref()
                && push.commit == published.commit.as_str()
        }) || job.branch.is_none()
    })
}

pub(super) fn w03(world: &World) -> Result<(), String> {
    each(world, |_, job| {
        let row = &job.row;
        let waived = row.end_cause == Some(EndCause::Waived);
        let reasoned = row.waive_reason.as_ref().is_some_and(|why| why.trim().chars().count() >= 10);
        waived == row.waived_by.is_some()
            && waived == row.waive_reason.is_some()
            && (!waived || (reasoned && row.status == Status::Done))
    })
}

pub(super) fn w04(world: &World) -> Result<(), String> {
    each(world, |n, job| {
        let Some(seen) = &job.row.evidence else { return true };
        let Some(attempt) = attempt_of(world, n, job) else { return false };
        attempt.evidence.as_ref() == Some(seen) && seen.at >= attempt.row.frozen.claimed_at
    })
}

pub(super) fn w19(world: &World) -> Result<(), String> {
    each(world, |_, job| {
        let row = &job.row;
        let changed = row.evidence.as_ref().is_some_and(|seen| seen.result != VerifyResult::Empty);
        let must =
            row.status == Status::Done && of_code(job) && changed && row.end_cause != Some(EndCause::Waived);
        !must || row.publication.is_some()
    })
}
