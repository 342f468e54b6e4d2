//! The domain's functions, asked for a decision. They are pure, so an answer is remembered and asked for once.

use std::cell::RefCell;
use std::collections::HashMap;

use sprintgate::domain::gate::{self, Head, Passed, Policy};
use sprintgate::domain::job::{
    AnyJob, Change, Claim, Failure, Held, Job as Typed, Kind, LEASE, Publication, Queued, Stop,
};
use sprintgate::domain::time::{Millis, Timestamp};

use super::job::{Commit, Job, NOW, id_of, token_id, worker_id};
use super::state::Decided;

/// What is asked of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Call {
    /// `forged`: it is claimed as if it waited, wherever it is. `early`: its wait is taken for over.
    Claim {
        worker: u8,
        token: u8,
        forged: bool,
        early: bool,
    },
    Start {
        attempt: u8,
    },
    /// `first`: the attempt is taken for the first one.
    Release {
        attempt: u8,
        first: bool,
    },
    Expire {
        first: bool,
    },
    Finish {
        attempt: u8,
        head: Commit,
        asks_head: bool,
        asks_publication: bool,
    },
    Fail {
        attempt: u8,
        push: bool,
    },
    Skip {
        attempt: u8,
    },
    CancelByPerson,
    CancelByCascade {
        failed: u8,
    },
    CancelByRun {
        failed: u8,
    },
}

/// What the domain says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Step(Decided),
    /// The gate is shut.
    Shut,
    /// The move is refused, or there is none from here.
    No,
}

impl Answer {
    /// The step, if there is one.
    pub(crate) fn step(self) -> Option<Decided> {
        match self {
            Self::Step(decided) => Some(decided),
            Self::Shut | Self::No => None,
        }
    }
}

thread_local! {
    static KNOWN: RefCell<HashMap<(u8, Job, Call), Answer>> = RefCell::default();
    static HELD: RefCell<HashMap<(u8, Job, u8), bool>> = RefCell::default();
    static PARSED: RefCell<HashMap<(u8, Job), bool>> = RefCell::default();
}

/// Asks the domain for the move that `call` names, of the job as it was seen.
pub(crate) fn decide(job: u8, seen: Job, call: Call) -> Answer {
    let known = KNOWN.with_borrow(|known| known.get(&(job, seen, call)).copied());
    known.unwrap_or_else(|| {
        let answer = ask(job, seen, call);
        KNOWN.with_borrow_mut(|known| known.insert((job, seen, call), answer));
        answer
    })
}

/// Whether the row is one that a move could have written.
pub(crate) fn parses(job: u8, seen: Job) -> bool {
    let known = PARSED.with_borrow(|known| known.get(&(job, seen)).copied());
    known.unwrap_or_else(|| {
        let parses = AnyJob::try_from(seen.row(job)).is_ok();
        PARSED.with_borrow_mut(|known| known.insert((job, seen), parses));
        parses
    })
}

/// Whether the attempt holds the job, by the domain's fence.
pub(crate) fn holds(job: u8, seen: Job, attempt: u8) -> bool {
    if !seen.status.is_held() {
        return false;
    }
    let known = HELD.with_borrow(|known| known.get(&(job, seen, attempt)).copied());
    known.unwrap_or_else(|| {
        let holds = held(job, seen, attempt);
        HELD.with_borrow_mut(|known| known.insert((job, seen, attempt), holds));
        holds
    })
}

fn held(job: u8, seen: Job, attempt: u8) -> bool {
    let attempt = u32::from(attempt);
    match AnyJob::try_from(seen.row(job)) {
        Ok(AnyJob::Claimed(held)) => held.held_by(attempt).is_ok(),
        Ok(AnyJob::Running(held)) => held.held_by(attempt).is_ok(),
        _ => false,
    }
}

/// Whether the gate opens for the worktree at `head`.
pub(crate) fn opens(job: u8, seen: Job, attempt: u8, head: Commit, asks_head: bool) -> bool {
    proof(job, &seen, attempt, head, asks_head).is_some()
}

/// The gate's proof for the worktree at `head`, or nothing while it stays shut.
fn proof(job: u8, seen: &Job, attempt: u8, head: Commit, asks_head: bool) -> Option<Passed> {
    let row = seen.row(job);
    let told = row.evidence.as_ref().filter(|_| !asks_head).map(|seen| seen.commit.clone());
    let head = Head { commit: told.unwrap_or_else(|| head.id()), dirty: 0 };
    let policy = row.policy.unwrap_or_default();
    gate::judge(&id_of(job), u32::from(attempt), row.evidence.as_ref(), policy, None, &head).ok()
}

fn ask(job: u8, seen: Job, call: Call) -> Answer {
    let Ok(any) = AnyJob::try_from(seen.row(job)) else { return Answer::No };
    let change = match any {
        AnyJob::Queued(queued) => of_queued(queued, call),
        AnyJob::Claimed(claimed) => match call {
            Call::Start { attempt } => claimed.start(u32::from(attempt), NOW, LEASE).ok().map(Change::from),
            Call::Claim { forged: true, .. } => of_queued(forged(claimed.attempt, job), call),
            Call::Finish { .. } => return finish(claimed, job, &seen, call),
            _ => of_held(claimed, call),
        },
        AnyJob::Running(running) => match call {
            Call::Claim { forged: true, .. } => of_queued(forged(running.attempt, job), call),
            Call::Finish { .. } => return finish(running, job, &seen, call),
            _ => of_held(running, call),
        },
        AnyJob::Done(_) | AnyJob::Failed(_) | AnyJob::Cancelled(_) => None,
    };
    change.map_or(Answer::No, |change| Answer::Step(decided(&change, &seen)))
}

fn decided(change: &Change, seen: &Job) -> Decided {
    let mut next = Job::pack(change.row(), seen.ready);
    let mut attempt_before = u8::try_from(change.attempt_before()).unwrap();
    if seen.attempt != attempt_before {
        // The move was told that it is the first attempt.
        (next.attempt, attempt_before) = (seen.attempt, seen.attempt);
    }
    // A forged claim is written over what was seen.
    Decided { from: seen.status, event: change.event(), attempt_before, next }
}

fn forged(attempt: u32, job: u8) -> Typed<Queued> {
    let state = Queued { not_before: Timestamp::default() };
    Typed { id: id_of(job), kind: Kind::TaskImplementation, attempt, state }
}

fn of_queued(job: Typed<Queued>, call: Call) -> Option<Change> {
    match call {
        Call::Claim { worker, token, early, .. } => {
            let claim = Claim {
                token: token_id(token),
                worker: worker_id(worker),
                plan: "a plan".into(),
                policy: Policy::default(),
            };
            let now = if early { NOW + Millis::minutes(60) } else { NOW };
            job.claim(claim, now, LEASE).ok().map(Change::from)
        }
        _ => stop(call).map(|why| job.cancel(why, NOW).into()),
    }
}

fn stop(call: Call) -> Option<Stop> {
    match call {
        Call::CancelByPerson => Some(Stop::by_user("a person wants it")),
        Call::CancelByCascade { failed } => Some(Stop::by_cascade(id_of(failed))),
        Call::CancelByRun { failed } => Some(Stop::by_run(Some(id_of(failed)), "another job failed")),
        _ => None,
    }
}

fn of_held<S: Held>(job: Typed<S>, call: Call) -> Option<Change> {
    match call {
        Call::Release { attempt, first } => {
            let (job, attempt) = if first { (Typed { attempt: 1, ..job }, 1) } else { (job, attempt) };
            job.release(u32::from(attempt), "no agent", NOW).ok().map(Change::from)
        }
        Call::Expire { first } => {
            let job = if first { Typed { attempt: 1, ..job } } else { job };
            job.expire(NOW).ok().map(Change::from)
        }
        Call::Fail { attempt, push } => {
            let words = "it does not work".to_owned();
            let why = if push { Failure::Push(words) } else { Failure::Reported(words) };
            job.fail(u32::from(attempt), why, NOW).ok().map(Change::from)
        }
        Call::Skip { attempt } => {
            job.skip(u32::from(attempt), "there is nothing to do", NOW).ok().map(Change::from)
        }
        _ => stop(call).map(|why| job.cancel(why, NOW).into()),
    }
}

fn finish<S: Held>(held: Typed<S>, job: u8, seen: &Job, call: Call) -> Answer {
    let Call::Finish { attempt, head, asks_head, asks_publication } = call else { return Answer::No };
    if held.held_by(u32::from(attempt)).is_err() {
        return Answer::No;
    }
    let Some(proof) = proof(job, seen, attempt, head, asks_head) else { return Answer::Shut };
    let told = seen.evidence.map(|(commit, _)| commit).filter(|_| !asks_publication);
    let publication = Publication { commit: told.unwrap_or(head).id(), at: NOW };
    match held.finish(u32::from(attempt), proof, Some(publication), None, NOW) {
        Ok(step) => {
            let decided = decided(&step.into(), seen);
            let next = Job { published: Some(head), ..decided.next };
            Answer::Step(Decided { next, ..decided })
        }
        Err(_) => Answer::No,
    }
}
