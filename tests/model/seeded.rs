//! Each guard of the shell taken away once: the property that then breaks, and the shortest way there, which stands
//! in `docs/model.md`. Where two guards stand behind each other, either one suffices, and it takes both to see it.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::graph::Graph;
use super::properties::PROPERTIES;
use super::world::{Broken::*, *};

/// What is taken away, what breaks, and in how many steps.
type Seed = (fn() -> World, Broken, &'static str, usize);

fn plain() -> World {
    World::of(2, &[(0, 0)]).plain()
}

fn two_on_a_branch() -> World {
    World::of(2, &[(0, 0), (0, 0)]).plain()
}

fn second_and_last() -> World {
    World::of(2, &[(0, 1), (0, 2)]).plain()
}

/// The first job has its last attempt, the second one all three.
fn last_and_fresh() -> World {
    World { cancels: false, ..World::of(2, &[(0, 2), (0, 0)]).plain() }
}

fn last_attempt() -> World {
    World::of(1, &[(0, 2)]).plain()
}

fn with_pauses() -> World {
    World { pauses: true, ..plain() }
}

fn with_second_commits() -> World {
    World { again: true, ..plain() }
}

fn with_a_person() -> World {
    World { meddles: true, ..plain() }
}

const SEEDS: &[Seed] = &[
    (plain, NoStatusGuard, "only legal edges", 5),
    (plain, NoStatusGuard, "an attempt ends once", 5),
    (plain, NoAttemptGuard, "no write by a stale attempt", 8),
    (plain, NoGuard, "a job has one holder", 4),
    (plain, NoFence, "no write by a stale attempt", 8),
    (plain, TokenFence, "no write by a stale attempt", 8),
    (plain, LeaseNotAsked, "no lease is cut short", 3),
    (plain, SweepDecidesEarly, "no lease is cut short", 6),
    (plain, NoSweeper, "no job is stuck", 3),
    (with_second_commits, ProofUnbound, "no DONE without proof", 10),
    (plain, VerdictOutlivesAttempt, "every row parses", 6),
    (plain, VerdictByJob, "no write by a stale attempt", 5),
    (plain, RenewalByJob, "a lease is renewed by its holder only", 4),
    (plain, RenewalByJob, "every row parses", 4),
    (two_on_a_branch, CascadeApart, "FAILED leaves no open sibling where it cascades", 5),
    (plain, SettleApart, "a run that ended has no open job, and one that goes on has some", 1),
    (with_pauses, RunNotAsked, "only a run that hands out jobs has one claimed", 7),
    (two_on_a_branch, BranchNotAsked, "a branch has one job at work", 4),
    (plain, HolderNotAsked, "attempts that are over have ended", 4),
    (plain, WaitNotAsked, "no claim before its time", 6),
    (last_attempt, AttemptsUnbounded, "at most three attempts", 7),
    (plain, SentNotNoted, "a dead attempt never makes the holder's push fail", 15),
    (two_on_a_branch, OthersNotAsked, "a dead attempt never makes the holder's push fail", 14),
    (last_and_fresh, BelowNotAsked, "a dead attempt never makes the holder's push fail", 35),
    (plain, LostPushIsFinal, "a dead attempt never makes the holder's push fail", 16),
    (two_on_a_branch, EndNotAsked, "what is DONE is on its branch", 17),
    (second_and_last, StartNotAsked, "what is DONE is on its branch", 26),
    (plain, PushByForce, "what is DONE is on its branch", 18),
    (with_a_person, PushByForce, "a person's commit stays on its branch", 8),
    (two_on_a_branch, NextNotMarked, "the mark of the queue says what the guards say", 1),
    (two_on_a_branch, NextNotMarked, "no job is stuck", 1),
];

fn told(title: &str, trace: &[String]) -> String {
    let mut text = String::new();
    writeln!(text, "### {title}\n\n```text").unwrap();
    for step in trace {
        writeln!(text, "{step}").unwrap();
    }
    writeln!(text, "```\n").unwrap();
    text
}

#[test]
fn every_guard_is_missed() {
    let (mut wrong, mut page) = (Vec::new(), String::new());
    for (world, guard, property, steps) in SEEDS {
        let trace = Graph::shortest(world().without(*guard), property).unwrap_or_default();
        if trace.len() != *steps {
            wrong.push(format!("{guard:?}: `{property}` breaks in {} steps, not in {steps}", trace.len()));
        }
        page += &told(&format!("`{guard:?}` breaks \"{property}\""), &trace);
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let named = World { symmetric: false, ..two_on_a_branch() };
    for reached in [
        "the holder replaces what another job's attempt pushed",
        "a cancelled job's commit stays on the branch",
    ] {
        page += &told(&format!("Reached: {reached}"), &Graph::shortest(named.clone(), reached).unwrap());
    }
    is_fresh(&page);
}

#[test]
fn every_property_can_break() {
    let unbroken: Vec<_> = PROPERTIES
        .iter()
        .filter(|known| known.is_always() && !SEEDS.iter().any(|(_, _, broken, _)| *broken == known.name))
        .map(|known| known.name)
        .collect();
    assert_eq!(unbroken, Vec::<&str>::new());
}

#[test]
fn either_half_of_a_proofs_binding_suffices() {
    let world = || World { again: true, ..last_attempt() };
    for guard in [HeadNotAsked, PublicationNotAsked] {
        let graph = Graph::of(world().without(guard), None);
        assert_eq!(graph.violations(), Vec::<&str>::new(), "{guard:?}");
    }
}

/// The traces stand at the end of the page.
fn is_fresh(traces: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/model.md");
    let found = fs::read_to_string(&path).unwrap();
    let (before, _) = found.split_once("## Traces\n").unwrap();
    let fresh = format!("{before}## Traces\n\n{}\n", traces.trim_end());
    if found != fresh {
        fs::write(&path, fresh).unwrap();
        panic!("{} was stale; it is rewritten, so run the test again and commit it", path.display());
    }
}
