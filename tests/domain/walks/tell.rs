//! Tells a walk in words, so that a reader sees what the law does.

use std::fmt::Write;

use super::act::{Act, Jump};
use super::world::{Entry, T0, Thing, World};

/// One step: what was tried, and what the ledger says of it, or why nothing happened.
pub(super) fn step(before: &World, after: &World, act: &Act, refused: Option<&'static str>) -> String {
    let mut text = format!("{:>8} s  {}", seconds(after), tried(act));
    match refused {
        Some(word) => write!(text, ": refused, {word}").unwrap(),
        None => {
            for entry in &after.ledger[before.ledger.len()..] {
                write!(text, "\n            {}", row(entry)).unwrap();
            }
        }
    }
    text
}

fn seconds(world: &World) -> String {
    let span = (world.now - T0).0;
    format!("{}.{:03}", span / 1000, span % 1000)
}

fn tried(act: &Act) -> String {
    match act {
        Act::Wait(Jump::Not) => "no time passes".to_owned(),
        Act::Wait(Jump::By(_)) => "time passes".to_owned(),
        Act::Wait(Jump::LeaseEnd(_, 0)) => "time passes to the very end of a lease".to_owned(),
        Act::Wait(Jump::LeaseEnd(..)) => "time passes beyond the end of a lease".to_owned(),
        Act::Wait(Jump::Due(_)) => "time passes to the end of a wait".to_owned(),
        Act::StartRun { sprint, batch: false } => format!("a person starts sprint{sprint}"),
        Act::StartRun { sprint, batch: true } => format!("a person starts sprint{sprint} as one batch"),
        Act::Claim { worker, .. } => format!("w{worker} asks for a job"),
        Act::Renew(_) => "a worker gives a sign of life".to_owned(),
        Act::Start(_) => "a worker reports running".to_owned(),
        Act::Verify { result, .. } => format!("a worker has its commit verified: {result}"),
        Act::Finish(_, how) => format!("a worker reports done ({:?})", how.proof),
        Act::Fail { push: false, .. } => "a worker reports failed".to_owned(),
        Act::Fail { push: true, .. } => "a push is rejected".to_owned(),
        Act::Skip { .. } => "a worker reports skipped".to_owned(),
        Act::Release(_) => "a runner gives its attempt back".to_owned(),
        Act::Expire(_) => "the server looks at a lease".to_owned(),
        Act::Sweep => "the server sweeps".to_owned(),
        Act::CancelJob(_) => "a person cancels a job".to_owned(),
        Act::Pause { conflict: true, .. } => "a pull request does not merge".to_owned(),
        Act::Pause { conflict: false, .. } => "the quota is used up".to_owned(),
        Act::Resume(_) => "a person resumes a run".to_owned(),
        Act::Supersede(_) => "a person has a run taken on by a new one".to_owned(),
        Act::CancelRun(_) => "a person cancels a run".to_owned(),
        Act::SetTask { to, .. } => format!("a person takes a task to {to}"),
        Act::EditTask { required, .. } => format!("a person writes a plan anew, and asks for {required}"),
        Act::Plan { story, sprint } => format!("a person plans story{story} for sprint{sprint}"),
        Act::Block(n) => format!("a person holds pbi{n} back"),
        Act::Unblock(n) => format!("a person lets pbi{n} go on"),
        Act::Archive(n) => format!("a person archives sprint{n}"),
    }
}

fn row(entry: &Entry) -> String {
    let name = match entry.thing {
        Thing::Job(n) => format!("job{n}"),
        Thing::Attempt(job, number) => format!("attempt {number} of job{job}"),
        Thing::Run(n) => format!("run{n}"),
        Thing::Task(n) => format!("task{n}"),
        Thing::Story(n) => format!("story{n}"),
        Thing::Pbi(n) => format!("pbi{n}"),
        Thing::Sprint(n) => format!("sprint{n}"),
    };
    let by = entry.who.token.as_ref().map_or(entry.who.kind.to_string(), |token| format!("agent {token}"));
    match entry.from {
        None => format!("{name} is born {} ({by})", entry.to),
        Some(from) => format!("{name}: {from} -{}-> {} ({by})", entry.event, entry.to),
    }
}
