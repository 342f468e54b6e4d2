//! How an act must end, written a second time and by hand: nothing here asks a typed move, a table or the gate.

use sprintgate::domain::backlog::{pbi, sprint, story};
use sprintgate::domain::gate::{Policy, Required};
use sprintgate::domain::job::{Kind, Row, Status};
use sprintgate::domain::run::{self, PauseReason, PrStrategy};
use sprintgate::domain::task;
use sprintgate::domain::verify::VerifyResult;

use super::act::{Act, Finish, GivenFor, Pick, Proof, Published, Speaking, Voice, prepares, verified};
use super::runs::RUNS_MAX;
use super::world::World;

/// The refusal that an act must meet; nothing when it must be accepted.
pub(super) fn refusal(world: &World, act: &Act) -> Option<&'static str> {
    match *act {
        Act::Wait(_) | Act::Sweep | Act::EditTask { .. } => None,
        Act::Claim { job, .. } => claim(world, job),
        Act::Renew(by) | Act::Verify { by, .. } => spoken(world, by.of(world), |_, _| None),
        Act::Fail { by, .. } | Act::Release(by) => spoken(world, by.of(world), |_, _| None),
        Act::Start(by) => {
            let speaking = by.among(world, prepares);
            let running = speaking.as_ref().is_some_and(|s| world.jobs[s.job].row.status == Status::Running);
            let said = spoken(world, speaking, |_, _| None);
            if running && said != Some("voice") { Some("illegal") } else { said }
        }
        Act::Skip { by, reasoned } => {
            spoken(world, by.of(world), |world, job| match (world.jobs[job].row.kind, reasoned) {
                (Kind::TaskImplementation, true) => None,
                (Kind::TaskImplementation, false) => Some("no_reason"),
                _ => Some("not_skippable"),
            })
        }
        Act::Finish(by, how) => {
            let speaking = by.among(world, verified);
            let shut = speaking.as_ref().and_then(|s| gate(world, s.job, how));
            match spoken(world, speaking, |world, job| proof(&world.jobs[job].row, how)) {
                // The gate is asked before the attempt's number is.
                Some(said @ ("nothing" | "voice" | "illegal")) => Some(said),
                said => shut.or(said),
            }
        }
        Act::Expire(pick) => {
            let stale = |row: &Row| row.lease_until.is_some_and(|at| at < world.now);
            let Some(job) = pick.of(&world.jobs, |_, job| stale(&job.row)) else { return Some("nothing") };
            let row = &world.jobs[job].row;
            match row.lease_until {
                None => Some("illegal"),
                Some(_) if !stale(row) => Some("lease_runs"),
                Some(_) => None,
            }
        }
        Act::CancelJob(pick) => {
            let open = |job: &super::world::Job| job.row.finished_at.is_none();
            let job = pick.of(&world.jobs, |_, job| open(job));
            job.map_or(Some("nothing"), |job| unless(open(&world.jobs[job]), "illegal"))
        }
        Act::Pause { run, .. } => in_run(world, run, &[run::Status::Running]).err(),
        Act::Resume(pick) => in_run(world, pick, &[run::Status::Paused]).err(),
        Act::Supersede(pick) => match in_run(world, pick, &[run::Status::Paused]) {
            Err(word) => Some(word),
            Ok(run) => {
                let pause = world.runs[run].row.pause.as_ref().map(|pause| pause.reason());
                let depleted = pause == Some(PauseReason::QuotaDepleted);
                unless(depleted && world.runs[run].strategy == PrStrategy::SprintBatch, "resumes_in_place")
            }
        },
        Act::CancelRun(pick) => {
            in_run(world, pick, &[run::Status::Queued, run::Status::Running, run::Status::Paused]).err()
        }
        Act::StartRun { sprint, .. } => start(world, sprint),
        Act::SetTask { task, to } => {
            let fits = |n: usize, from: task::Status| {
                from != to && edge(from, to) && world.open_job_of_task(n).is_none()
            };
            let n = task.of(&world.tasks, |n, task| fits(n, task.status));
            let n = n.expect("every world has tasks");
            let from = world.tasks[n].status;
            let ends = [task::Status::Done, task::Status::Failed, task::Status::Excluded].contains(&to);
            match ends && world.open_job_of_task(n).is_some() {
                true => Some("task_held"),
                false => unless(from == to || edge(from, to), "illegal"),
            }
        }
        Act::Plan { story, .. } => {
            let story = &world.stories[story % world.stories.len()];
            unless(story.sprint.is_none() && story.status == story::Status::Open, "illegal")
        }
        Act::Block(n) => unless(world.pbis[n] != pbi::Status::Blocked, "illegal"),
        Act::Unblock(n) => unless(world.pbis[n] == pbi::Status::Blocked, "illegal"),
        Act::Archive(n) => unless(world.sprints[n] != sprint::Status::Archived, "illegal"),
    }
}

fn unless(accepted: bool, word: &'static str) -> Option<&'static str> {
    if accepted { None } else { Some(word) }
}

/// A person moves a task anywhere from where work can go on, and back to TO_DO from where it ended.
fn edge(from: task::Status, to: task::Status) -> bool {
    use task::Status::{Done, Excluded, Failed, InProgress, Review, ToDo};
    match from {
        ToDo | InProgress | Review => from != to,
        Done | Failed | Excluded => to == ToDo,
    }
}

fn claim(world: &World, pick: Pick) -> Option<&'static str> {
    let job = pick.of(&world.jobs, |n, _| guard(world, n).is_none());
    job.map_or(Some("nothing"), |job| guard(world, job))
}

/// The first guard of a claim that does not hold.
pub(super) fn guard(world: &World, n: usize) -> Option<&'static str> {
    let job = &world.jobs[n];
    let run = job.run.map(|run| &world.runs[run].row);
    let waits = job.row.not_before.is_some_and(|at| at > world.now);
    if job.row.finished_at.is_some() {
        Some("not_ended")
    } else if job.row.lease_until.is_some() {
        Some("not_held")
    } else if run.is_some_and(|run| run.pause.is_some() || run.finished_at.is_some()) {
        Some("run_hands_out_jobs")
    } else if world.ahead_of(n).is_some() {
        Some("first_on_branch")
    } else if world.held_beside(n).is_some() {
        Some("branch_is_free")
    } else {
        unless(!waits, "time_has_come")
    }
}

/// What every act of an attempt meets, in order: nobody there, a foreign token, an unheld job, a dead number; the
/// rest is the act's own.
fn spoken(
    world: &World,
    speaking: Option<Speaking>,
    own: impl FnOnce(&World, usize) -> Option<&'static str>,
) -> Option<&'static str> {
    let Some(Speaking { job, number, voice, .. }) = speaking else { return Some("nothing") };
    let row = &world.jobs[job].row;
    if voice == Voice::Foreign {
        Some("voice")
    } else if row.lease_until.is_none() {
        Some("illegal")
    } else if row.attempt != number {
        Some("lease_lost")
    } else {
        own(world, job)
    }
}

/// Whether the gate opens, for the policy that was frozen.
fn gate(world: &World, job: usize, how: Finish) -> Option<&'static str> {
    let row = &world.jobs[job].row;
    let code = [Kind::TaskImplementation, Kind::SprintImplementation].contains(&row.kind);
    match how.proof {
        Proof::Waive { reasoned } => return unless(reasoned, "waived_without_reason"),
        Proof::Exempt => return unless(!code, "not_exempt"),
        Proof::Judge => {}
    }
    let Some(seen) = &row.evidence else { return Some("not_verified") };
    if let Some(word) = weigh(seen.result, row.policy.unwrap_or_default(), how.summary) {
        Some(word)
    } else if how.moved_on {
        Some("stale")
    } else {
        unless(how.dirty == 0, "dirty")
    }
}

/// The gate's matrix.
pub(super) fn weigh(result: VerifyResult, policy: Policy, summary: Option<usize>) -> Option<&'static str> {
    match (result, policy.required) {
        (VerifyResult::Aligned, _) => None,
        (VerifyResult::Empty, _) => unless(policy.verify_only, "empty"),
        (VerifyResult::Partial | VerifyResult::Divergent, Required::Any) => None,
        (VerifyResult::Partial | VerifyResult::Divergent, Required::Aligned) => Some("not_aligned"),
        (VerifyResult::Partial | VerifyResult::Divergent, Required::AlignedOrPartial) => {
            unless(summary.is_some_and(|length| length >= 20), "unexplained")
        }
    }
}

/// Whether the proof is the right one, and what is published is what it is about.
fn proof(row: &Row, how: Finish) -> Option<&'static str> {
    if how.given_for != GivenFor::ThisAttempt {
        return Some("foreign_proof");
    }
    // A sprint job is judged by its tasks, one without code by none: only a task's job has a verdict of its own.
    if row.kind != Kind::TaskImplementation && how.proof == Proof::Judge {
        return Some("wrong_gate");
    }
    match (how.proof, how.published) {
        (Proof::Waive { .. }, _) | (Proof::Exempt, None) | (Proof::Judge, Some(Published::Verified)) => None,
        (Proof::Judge, None) => {
            // Of the commit that it set out from, nothing is left to publish.
            let changed = row.evidence.as_ref().is_some_and(|seen| {
                seen.result != VerifyResult::Empty && row.base.as_ref() != Some(&seen.commit)
            });
            let code = [Kind::TaskImplementation, Kind::SprintImplementation].contains(&row.kind);
            unless(!(code && changed), "unpublished")
        }
        // Nothing was verified that could be published.
        (Proof::Exempt, Some(_)) | (Proof::Judge, Some(Published::Other)) => Some("unverified_publication"),
    }
}

fn in_run(world: &World, pick: Pick, fit: &[run::Status]) -> Result<usize, &'static str> {
    let run = pick.of(&world.runs, |_, run| fit.contains(&run.row.status)).ok_or("nothing")?;
    if fit.contains(&world.runs[run].row.status) { Ok(run) } else { Err("illegal") }
}

fn start(world: &World, sprint: usize) -> Option<&'static str> {
    if world.runs.len() >= RUNS_MAX {
        return Some("nothing");
    }
    let live = world.runs.iter().any(|run| run.sprint == sprint && run.row.finished_at.is_none());
    let scope = world.scope(sprint);
    let held_back = scope.iter().any(|task| {
        let pbi = world.pbis[world.stories[world.tasks[*task].story].pbi];
        matches!(pbi, pbi::Status::Blocked | pbi::Status::Failed)
    });
    let starts = world.sprints[sprint] == sprint::Status::Open && !live && !scope.is_empty() && !held_back;
    unless(starts, "blocked")
}
