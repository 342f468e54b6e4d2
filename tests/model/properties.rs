//! What must always hold, and what must be reachable so that the model is not empty.

use sprintgate::domain::cascade;
use sprintgate::domain::eligibility::{self, NotClaimable};
use sprintgate::domain::gate::{Policy, weigh};
use sprintgate::domain::job::{ATTEMPTS_MAX, EndCause, Status};
use sprintgate::domain::run::{self, AnyRun};
use stateright::{Expectation, Property};

use super::calls::parses;
use super::job::Job;
use super::state::{Hold, State, Step, Worker, Wrong};
use super::world::World;

/// A property with the worlds that it is about.
pub(crate) struct Known {
    pub(crate) name: &'static str,
    expectation: Expectation,
    condition: fn(&World, &State) -> bool,
    applies: fn(&World) -> bool,
}

impl Known {
    /// Whether it is about this world.
    pub(crate) fn holds_in(&self, world: &World) -> bool {
        (self.applies)(world)
    }
    /// As the checker wants it.
    pub(crate) fn property(&self) -> Property<World> {
        Property { expectation: self.expectation.clone(), name: self.name, condition: self.condition }
    }
    /// Whether it must hold in every state.
    pub(crate) fn is_always(&self) -> bool {
        matches!(self.expectation, Expectation::Always)
    }
    /// Whether the state is what a trace leads to: one that violates it, or one that shows it can be reached.
    pub(crate) fn hit(&self, world: &World, state: &State) -> bool {
        (self.condition)(world, state) != self.is_always()
    }
}

const fn always(name: &'static str, condition: fn(&World, &State) -> bool) -> Known {
    Known { name, expectation: Expectation::Always, condition, applies: |_| true }
}

const fn sometimes(
    name: &'static str,
    applies: fn(&World) -> bool,
    condition: fn(&World, &State) -> bool,
) -> Known {
    Known { name, expectation: Expectation::Sometimes, condition, applies }
}

/// All properties.
pub(crate) const PROPERTIES: &[Known] = &[
    always("a job has one holder", one_holder),
    always("no DONE without proof", proven),
    always("what is DONE is on its branch", published),
    always("only legal edges", |_, state| !state.did(Wrong::IllegalEdge)),
    always("no write by a stale attempt", |_, state| !state.did(Wrong::StaleWrite)),
    always("at most three attempts", |_, state| {
        state.each().all(|(_, job)| u32::from(job.attempt) <= ATTEMPTS_MAX)
    }),
    always("a lease is renewed by its holder only", |_, state| !state.did(Wrong::ForeignRenewal)),
    always("no lease is cut short", |_, state| !state.did(Wrong::LeaseCutShort)),
    always("an attempt ends once", |_, state| !state.did(Wrong::EndedTwice)),
    always("attempts that are over have ended", ended),
    always("FAILED leaves no open sibling where it cascades", cascaded),
    always("a run that ended has no open job, and one that goes on has some", settled),
    always("every row parses", |_, state| {
        state.each().all(|(number, job)| parses(number, *job)) && AnyRun::try_from(state.run.row()).is_ok()
    }),
    always("only a run that hands out jobs has one claimed", |_, state| !state.did(Wrong::ClaimOfStoppedRun)),
    always("a branch has one job at work", one_a_branch),
    always("no claim before its time", |_, state| !state.did(Wrong::ClaimTooEarly)),
    always("the mark of the queue says what the guards say", marked),
    always("no job is stuck", not_stuck),
    always("a dead attempt never makes the holder's push fail", |_, state| !state.did(Wrong::RefusedByDead)),
    always("a person's commit stays on its branch", |_, state| !state.did(Wrong::PersonPushedAway)),
    sometimes("all DONE", |_| true, |_, state| state.each().all(|(_, job)| job.status == Status::Done)),
    sometimes(
        "FAILED after three attempts",
        |_| true,
        |_, state| {
            let spent = |job: &Job| job.status == Status::Failed && u32::from(job.attempt) == ATTEMPTS_MAX;
            state.each().any(|(_, job)| spent(job) && job.cause == Some(EndCause::Expired))
        },
    ),
    sometimes("a zombie beside the holder", |world| world.workers > 1 && world.jobs[0].1 < 2, zombie),
    sometimes(
        "a cascade over two siblings",
        |world| world.jobs.len() > 2,
        |_, state| {
            let swept = |job: &Job| job.cause == Some(EndCause::Cascade);
            state.each().filter(|(_, job)| swept(job)).count() == 2
        },
    ),
    sometimes(
        "a lost push is tried again",
        |world| world.workers > 1 && world.jobs[0].1 < 2,
        |_, state| holds_beside(state, |step| matches!(step, Step::Sends(_)), true),
    ),
    sometimes(
        "a cancelled job's commit stays on the branch",
        |world| world.cancels,
        |world, state| {
            let left = |(number, job): (u8, &Job)| {
                let tip = state.tips[world.branch(number)];
                job.cause == Some(EndCause::User) && tip.author().is_some_and(|(author, _)| author == number)
            };
            state.each().any(left)
        },
    ),
    sometimes(
        "the holder replaces what an earlier attempt of its job pushed",
        |world| world.workers > 1 && world.jobs[0].1 < 2,
        |_, state| replaces(state, |hold, author| hold.job == author),
    ),
    sometimes("the holder replaces what another job's attempt pushed", crowded, |_, state| {
        replaces(state, |hold, author| hold.job != author)
    }),
    sometimes(
        "a person's commit makes the holder's push fail",
        |world| world.meddles,
        |_, state| {
            let refused = |worker: &Worker| matches!(worker, Worker::Has(hold) if hold.step == Step::Refused && is_current(state, hold));
            state.workers.iter().any(refused)
        },
    ),
];

fn is_current(state: &State, hold: &Hold) -> bool {
    let job = state.job(hold.job);
    job.status.is_held() && job.attempt == hold.attempt
}

/// A holder is about to move its branch from a commit that it did not begin from, of such a job.
fn replaces(state: &State, of: fn(&Hold, u8) -> bool) -> bool {
    state.workers.iter().any(|worker| match worker {
        Worker::Has(hold @ Hold { step: Step::Sends(judged), .. }) if *judged != hold.base => {
            let author = judged.author().filter(|author| *author != (hold.job, hold.attempt));
            is_current(state, hold) && author.is_some_and(|(author, _)| of(hold, author))
        }
        _ => false,
    })
}

/// Two workers, and a branch with two jobs of which the first can be lost while its worker pushes.
fn crowded(world: &World) -> bool {
    let shared = world.jobs.iter().skip(1).any(|(branch, _)| *branch == world.jobs[0].0);
    world.workers > 1 && shared && (world.cancels || world.jobs[0].1 == 2)
}

fn holders(state: &State, number: u8, job: &Job) -> usize {
    let holds = |worker: &&Worker| matches!(worker, Worker::Has(hold) if hold.job == number && hold.attempt == job.attempt);
    if job.status.is_held() { state.workers.iter().filter(holds).count() } else { 0 }
}

fn one_holder(_: &World, state: &State) -> bool {
    let named = |number: u8, job: &Job| {
        (0..).zip(&state.workers).all(|(worker, knows)| match knows {
            Worker::Has(hold) if hold.job == number && hold.attempt == job.attempt => {
                job.worker == Some(worker) || !job.status.is_held()
            }
            _ => true,
        })
    };
    state.each().all(|(number, job)| holders(state, number, job) <= 1 && named(number, job))
}

fn proven(_: &World, state: &State) -> bool {
    state.each().filter(|(_, job)| job.status == Status::Done).all(|(number, job)| {
        let Some((commit, result)) = job.evidence else { return false };
        commit.author() == Some((number, job.attempt))
            && job.published == Some(commit)
            && weigh(Some(result), Policy::default(), None).is_ok()
    })
}

fn published(world: &World, state: &State) -> bool {
    let done = state.each().filter(|(_, job)| job.status == Status::Done);
    done.into_iter().all(|(number, job)| {
        job.published.is_some_and(|published| state.tips[world.branch(number)].has(published))
    })
}

fn ended(_: &World, state: &State) -> bool {
    state.each().all(|(number, job)| {
        let all = (1..=job.attempt).fold(0, |bits, n| bits | 1 << n);
        let open = if job.status.is_held() { 1 << job.attempt } else { 0 };
        state.ended[usize::from(number)] == all & !open
    })
}

fn cascaded(world: &World, state: &State) -> bool {
    let starts = |job: &Job| {
        let cause = job.cause.filter(|_| job.status == Status::Failed);
        cause.is_some_and(|cause| cascade::starts(cause, world.strict))
    };
    !state.each().any(|(_, job)| starts(job)) || state.each().all(|(_, job)| job.status.is_terminal())
}

fn settled(_: &World, state: &State) -> bool {
    state.run.status.is_terminal() == state.each().all(|(_, job)| job.status.is_terminal())
}

fn one_a_branch(world: &World, state: &State) -> bool {
    let mut seen = [false; super::state::JOBS];
    let held = state.each().filter(|(_, job)| job.status.is_held());
    held.into_iter().all(|(number, _)| !std::mem::replace(&mut seen[world.branch(number)], true))
}

/// What the guards of a claim say of a job, all of them.
fn check(world: &World, state: &State, number: u8, job: &Job) -> Result<(), NotClaimable> {
    eligibility::check(&world.facts(state, number, job))
}

/// A job that could be claimed is marked, and one that is marked could be claimed, or waits.
fn marked(world: &World, state: &State) -> bool {
    let mut queued = state.each().filter(|(_, job)| job.status == Status::Queued);
    queued.all(|(number, job)| match check(world, state, number, job) {
        Ok(()) => job.ready,
        Err(NotClaimable::Waits { .. }) => job.ready,
        Err(_) => !job.ready,
    })
}

/// Every open job has a step that leads on, without the help of its worker and without anybody's mercy.
fn not_stuck(world: &World, state: &State) -> bool {
    let moves = |number: u8, job: &Job| match job.status {
        Status::Done | Status::Failed | Status::Cancelled => true,
        Status::Claimed | Status::Running => job.lease == Some(true) || world.can_sweep(state, number),
        Status::Queued => match check(world, state, number, job) {
            Ok(()) => job.ready,
            // Time passes.
            Err(NotClaimable::Waits { .. }) => true,
            // The job ahead is open, and so has a step of its own.
            Err(NotClaimable::Behind { .. }) => true,
            Err(NotClaimable::RunHandsOutNone { run }) => run == run::Status::Paused,
            Err(_) => false,
        },
    };
    state.each().all(|(number, job)| moves(number, job))
}

fn zombie(_: &World, state: &State) -> bool {
    holds_beside(state, |_| true, false)
}

/// A worker whose attempt is over, at such a step, beside one that holds the same job now, at such a step too
/// where `both`.
fn holds_beside(state: &State, at: fn(&Step) -> bool, both: bool) -> bool {
    let holds = |job: u8, current: bool| {
        state.workers.iter().any(|worker| match worker {
            Worker::Has(hold) if hold.job == job && (at(&hold.step) || (current && !both)) => {
                (hold.attempt == state.job(job).attempt) == current && state.job(job).status.is_held()
            }
            _ => false,
        })
    };
    state.each().any(|(number, _)| holds(number, true) && holds(number, false))
}
