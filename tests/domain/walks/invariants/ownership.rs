//! Who holds a job, since when and until when, and what a row may hold.

use std::collections::BTreeSet;

use sprintgate::domain::attempt;
use sprintgate::domain::backoff;
use sprintgate::domain::job::{self, ATTEMPTS_MAX, AnyJob, EndCause, Kind, LEASE, Row, Status};
use sprintgate::domain::run::{self, AnyRun};

use super::super::world::{Job, Thing, World};
use super::table::hold;

/// Checks every job.
pub(super) fn each(world: &World, holds: impl Fn(usize, &Job) -> bool) -> Result<(), String> {
    world.jobs.iter().enumerate().try_for_each(|(n, job)| hold(holds(n, job), || format!("{:?}", job.row)))
}

pub(super) fn i01(world: &World) -> Result<(), String> {
    each(world, |_, job| {
        let row = &job.row;
        let owned = row.token.is_some() && row.worker.is_some() && row.lease_until.is_some();
        !row.status.is_held() || (owned && row.claimed_at.is_some() && row.attempt >= 1)
    })
}

pub(super) fn i02(world: &World) -> Result<(), String> {
    each(world, |_, job| {
        let row = &job.row;
        let owned = row.token.is_some() || row.worker.is_some() || row.lease_until.is_some();
        let timed = row.claimed_at.is_some() || row.started_at.is_some() || row.finished_at.is_some();
        let briefed = row.plan.is_some() || row.policy.is_some() || row.base.is_some();
        let shown = row.evidence.is_some() || row.publication.is_some() || row.summary.is_some();
        row.status != Status::Queued || !(owned || timed || briefed || shown)
    })
}

pub(super) fn i03(world: &World) -> Result<(), String> {
    each(world, |_, job| {
        let row = &job.row;
        let owned = row.token.is_some() || row.worker.is_some() || row.lease_until.is_some();
        !row.status.is_terminal() || (!owned && row.finished_at.is_some())
    })
}

pub(super) fn i04(world: &World) -> Result<(), String> {
    each(world, |_, job| {
        let row = &job.row;
        row.status != Status::Running || (row.started_at.is_some() && row.started_at >= row.claimed_at)
    })
}

pub(super) fn i10(world: &World) -> Result<(), String> {
    each(world, |n, job| {
        let claims = world.ledger.iter().filter(|e| e.thing == Thing::Job(n) && e.event == "claim").count();
        let numbers: Vec<u32> = world.attempts.iter().filter(|a| a.job == n).map(|a| a.row.number).collect();
        claims == job.row.attempt as usize && numbers == (1..=job.row.attempt).collect::<Vec<_>>()
    })
}

pub(super) fn i11(world: &World) -> Result<(), String> {
    each(world, |n, job| {
        let all = world.attempts.iter();
        let held: Vec<_> = all.filter(|a| a.job == n && a.row.status == attempt::Status::Held).collect();
        match held.as_slice() {
            [] => !job.row.status.is_held(),
            [one] => {
                job.row.status.is_held()
                    && one.row.number == job.row.attempt
                    && Some(&one.row.frozen.token) == job.row.token.as_ref()
                    && Some(&one.row.frozen.worker) == job.row.worker.as_ref()
            }
            _ => false,
        }
    })
}

pub(super) fn i13(world: &World) -> Result<(), String> {
    each(world, |_, job| job.row.attempt <= ATTEMPTS_MAX)
}

pub(super) fn i36(world: &World) -> Result<(), String> {
    each(world, |_, job| {
        let row = &job.row;
        let times: Vec<_> = [row.claimed_at, row.started_at, row.finished_at].into_iter().flatten().collect();
        let leased = row.lease_until.is_none_or(|until| until <= world.now + LEASE);
        times.is_sorted() && times.iter().all(|at| *at <= world.now) && leased
    })
}

pub(super) fn i40(world: &World) -> Result<(), String> {
    each(world, |_, job| match job.row.kind {
        Kind::TaskImplementation => job.task.is_some() && job.run.is_some() && job.branch.is_some(),
        Kind::SprintImplementation => job.task.is_none() && job.run.is_some() && job.branch.is_some(),
        _ => job.task.is_none() && job.run.is_none() && job.branch.is_none(),
    })
}

/// The row that the typed form gives back.
fn again(row: &Row) -> Option<Row> {
    Some(match AnyJob::try_from(row.clone()).ok()? {
        AnyJob::Queued(job) => job.into(),
        AnyJob::Claimed(job) => job.into(),
        AnyJob::Running(job) => job.into(),
        AnyJob::Done(job) => job.into(),
        AnyJob::Failed(job) => job.into(),
        AnyJob::Cancelled(job) => job.into(),
    })
}

fn run_again(row: &run::Row) -> Option<run::Row> {
    Some(match AnyRun::try_from(row.clone()).ok()? {
        AnyRun::Queued(run) => run.into(),
        AnyRun::Running(run) => run.into(),
        AnyRun::Paused(run) => run.into(),
        AnyRun::Done(run) => run.into(),
        AnyRun::Failed(run) => run.into(),
        AnyRun::Cancelled(run) => run.into(),
    })
}

pub(super) fn w01(world: &World) -> Result<(), String> {
    each(world, |_, job| again(&job.row).as_ref() == Some(&job.row))?;
    let mut runs = world.runs.iter();
    runs.try_for_each(|run| hold(run_again(&run.row).as_ref() == Some(&run.row), || format!("{:?}", run.row)))
}

pub(super) fn w02(world: &World) -> Result<(), String> {
    each(world, |_, job| job.row.status.is_terminal() == job.row.end_cause.is_some())
}

pub(super) fn w05(world: &World) -> Result<(), String> {
    each(world, |_, job| {
        let unwell = matches!(job.row.status, Status::Failed | Status::Cancelled);
        unwell == job.row.error.is_some()
    })
}

pub(super) fn w06(world: &World) -> Result<(), String> {
    use EndCause::{Cascade, Expired, Finished, GivenBack, Push, Reported, Run, Skipped, User, Waived};
    each(world, |_, job| {
        let Some(cause) = job.row.end_cause else { return true };
        match job.row.status {
            Status::Done => matches!(cause, Finished | Waived),
            Status::Failed => matches!(cause, Reported | Expired | GivenBack | Push),
            Status::Cancelled => matches!(cause, User | Cascade | Run | Skipped),
            Status::Queued | Status::Claimed | Status::Running => false,
        }
    })
}

pub(super) fn w11(world: &World) -> Result<(), String> {
    let mut held = BTreeSet::new();
    let mut jobs = world.jobs.iter().filter(|job| job.row.status.is_held() && job.branch.is_some());
    jobs.try_for_each(|job| hold(held.insert((&job.repo, &job.branch)), || format!("{:?} twice", job.branch)))
}

pub(super) fn w15(world: &World) -> Result<(), String> {
    world.attempts.iter().try_for_each(|attempt| {
        let row = &attempt.row;
        let held = row.status == attempt::Status::Held;
        let ended = row.ended_at.is_none_or(|at| row.frozen.claimed_at <= at && at <= world.now);
        hold(held == row.ended_at.is_none() && ended, || format!("{row:?}"))
    })
}

pub(super) fn w17(world: &World) -> Result<(), String> {
    each(world, |n, job| {
        let last = world.ledger.iter().rfind(|e| e.thing == Thing::Job(n));
        match last {
            Some(last) if last.to == "QUEUED" && last.event == "release" => {
                job.row.not_before == Some(last.at + backoff::after(job.row.attempt))
            }
            Some(last) if last.to == "QUEUED" => job.row.not_before == Some(last.at),
            _ => job.row.status != job::Status::Queued && job.row.not_before.is_none(),
        }
    })
}
