//! Runs, their jobs, and what a failure does to its siblings.

use sprintgate::domain::eligibility::{self, NotClaimable};
use sprintgate::domain::job::{EndCause, Status};
use sprintgate::domain::run;

use super::super::world::{Job, Thing, World};
use super::ownership::each;
use super::table::hold;

fn each_run(world: &World, holds: impl Fn(usize, &run::Row) -> bool) -> Result<(), String> {
    let mut runs = world.runs.iter().enumerate();
    runs.try_for_each(|(n, run)| hold(holds(n, &run.row), || format!("{run:?}: {:?}", world.tally(n))))
}

fn cascades(world: &World, job: &Job) -> bool {
    match job.row.end_cause {
        Some(EndCause::Reported) => true,
        Some(EndCause::Expired | EndCause::GivenBack | EndCause::Push) => world.cascade_on_infrastructure,
        _ => false,
    }
}

/// The transaction in which a job came to this status.
fn step_to(world: &World, job: usize, status: &str) -> Option<u32> {
    world.ledger.iter().find(|e| e.thing == Thing::Job(job) && e.to == status).map(|e| e.step)
}

pub(super) fn i16(world: &World) -> Result<(), String> {
    each(world, |_, job| {
        let row = &job.row;
        let by_failed = row.caused_by.as_ref().is_some_and(|id| {
            world.jobs.iter().any(|other| &other.row.id == id && other.row.status == Status::Failed)
        });
        match (row.status, row.end_cause) {
            (Status::Cancelled, Some(EndCause::Cascade)) => by_failed,
            (Status::Cancelled, Some(EndCause::Run)) => row.caused_by.is_none() || by_failed,
            (Status::Cancelled, cause) => cause.is_some() && row.caused_by.is_none(),
            _ => row.caused_by.is_none(),
        }
    })
}

pub(super) fn i17(world: &World) -> Result<(), String> {
    for (n, failed) in world.jobs.iter().enumerate() {
        let Some(pbi) = world.pbi_of(n) else { continue };
        if failed.row.status != Status::Failed || !cascades(world, failed) {
            continue;
        }
        let Some(step) = step_to(world, n, "FAILED") else { continue };
        for (m, sibling) in world.jobs.iter().enumerate() {
            let related =
                world.pbi_of(m) == Some(pbi) || (sibling.run.is_some() && sibling.run == failed.run);
            let older = step_to(world, m, "QUEUED").is_some_and(|born| born < step);
            let open = !sibling.row.status.is_terminal();
            hold(!(related && older && open), || format!("job{m} survived the failure of job{n}"))?;
        }
    }
    Ok(())
}

pub(super) fn i18(world: &World) -> Result<(), String> {
    each_run(world, |n, row| {
        let tally = world.tally(n);
        let mut rows = world.ledger.iter();
        let last = rows.rfind(|e| e.thing == Thing::Run(n)).map(|e| e.event);
        match row.status {
            run::Status::Done => (tally.open, tally.failed, tally.cancelled) == (0, 0, 0),
            run::Status::Failed => tally.failed > 0,
            // A person's word ends a run whatever its jobs did.
            run::Status::Cancelled => tally.cancelled > 0 || matches!(last, Some("cancel" | "supersede")),
            run::Status::Queued | run::Status::Running | run::Status::Paused => true,
        }
    })
}

pub(super) fn i19(world: &World) -> Result<(), String> {
    each_run(world, |n, row| row.finished_at.is_none() || world.tally(n).open == 0)
}

pub(super) fn i20(world: &World) -> Result<(), String> {
    each_run(world, |n, row| row.finished_at.is_some() || world.tally(n).open > 0)
}

pub(super) fn i21(world: &World) -> Result<(), String> {
    each(world, |_, job| {
        let run = job.run.map(|run| world.runs[run].row.status);
        let goes_on = |status| matches!(status, run::Status::Running | run::Status::Paused);
        !job.row.status.is_held() || run.is_none_or(goes_on)
    })
}

pub(super) fn i28(world: &World) -> Result<(), String> {
    (0..world.sprints.len()).try_for_each(|sprint| {
        let live = world.runs.iter().filter(|r| r.sprint == sprint && !r.row.status.is_terminal()).count();
        hold(live <= 1, || format!("sprint {sprint} has {live} live runs"))
    })
}

pub(super) fn i41(world: &World) -> Result<(), String> {
    each(world, |n, job| {
        if job.row.status != Status::Queued {
            return true;
        }
        match eligibility::check(&world.facts(n)) {
            Ok(()) => true,
            // A guard that names something which will pass.
            Err(NotClaimable::RunHandsOutNone { run }) => run == run::Status::Paused,
            Err(NotClaimable::Behind { ahead: id }) => {
                world.jobs.iter().any(|j| j.row.id == id && !j.row.status.is_terminal() && j.run == job.run)
            }
            Err(NotClaimable::BranchHeld { by }) => {
                world.jobs.iter().any(|j| j.row.id == by && j.row.status.is_held())
            }
            Err(NotClaimable::Waits { until, .. }) => until > world.now,
            Err(_) => false,
        }
    })
}

pub(super) fn w12(world: &World) -> Result<(), String> {
    for (at, claim) in world.ledger.iter().enumerate() {
        let (Thing::Job(job), "claim") = (claim.thing, claim.event) else { continue };
        let Some(run) = world.jobs[job].run else { continue };
        let then = world.ledger[..at].iter().rfind(|e| e.thing == Thing::Run(run)).map(|e| e.to);
        hold(matches!(then, Some("QUEUED" | "RUNNING")), || format!("{claim:?} in a run that was {then:?}"))?;
    }
    Ok(())
}

pub(super) fn w13(world: &World) -> Result<(), String> {
    each_run(world, |_, row| (row.status == run::Status::Paused) == row.pause.is_some())
}
