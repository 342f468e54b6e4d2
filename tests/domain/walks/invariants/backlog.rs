//! What people plan, and what is derived from it.

use sprintgate::domain::backlog::{pbi, sprint, story};
use sprintgate::domain::job::Kind;
use sprintgate::domain::task::Status;

use super::super::world::{Thing, World};
use super::table::hold;

/// Where a task stood when a transaction was over.
fn task_after(world: &World, task: usize, step: u32) -> Option<&'static str> {
    world.ledger.iter().rfind(|e| e.thing == Thing::Task(task) && e.step <= step).map(|e| e.to)
}

pub(super) fn i42(world: &World) -> Result<(), String> {
    for entry in &world.ledger {
        let Thing::Job(job) = entry.thing else { continue };
        let Some(task) = world.jobs[job].task else { continue };
        let after = task_after(world, task, entry.step);
        let follows = match (entry.event, entry.to) {
            (_, "DONE") => after == Some("DONE"),
            (_, "FAILED") => after == Some("FAILED"),
            // Nobody works on it now.
            (_, "CANCELLED") | ("release" | "expire", "QUEUED") => after == Some("TO_DO"),
            ("start", _) => matches!(after, Some("IN_PROGRESS")),
            _ => true,
        };
        hold(follows, || format!("task{task} is {after:?} after {entry:?}"))?;
    }
    Ok(())
}

pub(super) fn w07(world: &World) -> Result<(), String> {
    world.stories.iter().enumerate().try_for_each(|(n, it)| {
        let tasks: Vec<Status> = world.tasks.iter().filter(|t| t.story == n).map(|t| t.status).collect();
        let open = tasks.iter().filter(|t| !matches!(t, Status::Done | Status::Excluded)).count();
        let want = if tasks.contains(&Status::Failed) {
            story::Status::Failed
        } else if open == 0 && tasks.contains(&Status::Done) {
            story::Status::Done
        } else if it.sprint.is_some() {
            story::Status::InSprint
        } else {
            story::Status::Open
        };
        hold(it.status == want, || format!("story{n} is {} and not {want}: {tasks:?}", it.status))
    })
}

/// Whether one of the stories failed, and whether all there are were done.
fn picture(stories: &[story::Status]) -> (bool, bool) {
    let done = stories.iter().filter(|s| **s == story::Status::Done).count();
    (stories.contains(&story::Status::Failed), done > 0 && done == stories.len())
}

pub(super) fn w08(world: &World) -> Result<(), String> {
    world.pbis.iter().enumerate().try_for_each(|(n, is)| {
        let stories: Vec<_> = world.stories.iter().filter(|s| s.pbi == n).map(|s| s.status).collect();
        let want = match picture(&stories) {
            _ if *is == pbi::Status::Blocked => pbi::Status::Blocked,
            (true, _) => pbi::Status::Failed,
            (_, true) => pbi::Status::Done,
            _ => pbi::Status::Ready,
        };
        hold(*is == want, || format!("backlog item {n} is {is} and not {want}: {stories:?}"))
    })
}

pub(super) fn w09(world: &World) -> Result<(), String> {
    world.sprints.iter().enumerate().try_for_each(|(n, is)| {
        let stories: Vec<_> =
            world.stories.iter().filter(|s| s.sprint == Some(n)).map(|s| s.status).collect();
        let want = match picture(&stories) {
            _ if *is == sprint::Status::Archived => sprint::Status::Archived,
            (true, _) => sprint::Status::Failed,
            (_, true) => sprint::Status::Closed,
            _ => sprint::Status::Open,
        };
        hold(*is == want, || format!("sprint {n} is {is} and not {want}: {stories:?}"))
    })
}

pub(super) fn w10(world: &World) -> Result<(), String> {
    world.tasks.iter().enumerate().try_for_each(|(n, task)| {
        let jobs = world.jobs.iter().filter(|job| job.row.kind == Kind::TaskImplementation);
        let open = jobs.filter(|job| job.task == Some(n) && !job.row.status.is_terminal()).count();
        let ended = matches!(task.status, Status::Done | Status::Failed | Status::Excluded);
        hold(open <= usize::from(!ended), || format!("task{n} is {} with {open} open jobs", task.status))
    })
}
