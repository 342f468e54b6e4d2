//! The walk itself.
//!
//! `proptest-regressions/domain/walks/walk.txt` keeps a walk that once broke I15: the job of an idea, which changes no
//! code and shows no evidence, was finished with its exemption and a published commit, and the move let it pass.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use sprintgate::domain::law::law;

use super::act::Act;
use super::invariants::broken;
use super::world::{Shape, World};
use super::{generate, oracle};

/// Walks of one run of the tests; `PROPTEST_CASES` asks for more or fewer.
pub(super) fn cases(default: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Makes one step and checks it: it ends as the oracle says, a refusal changed nothing, and whatever must hold holds.
/// Returns the refusal's word.
fn step(world: &mut World, act: &Act) -> Result<Option<&'static str>, String> {
    let before = world.clone();
    let want = oracle::refusal(world, act);
    let got = world.play(act).err().map(|refused| refused.word());
    if got != want {
        return Err(format!("{act:?} ended with {got:?} and not {want:?}"));
    }
    if got.is_some() && *world != before {
        return Err(format!("{act:?} was refused and changed something"));
    }
    if got.is_some() {
        return Ok(got);
    }
    match broken(world).as_slice() {
        [] => Ok(None),
        broken => Err(format!("{act:?} broke {broken:?}")),
    }
}

fn play(
    shape: &Shape,
    acts: &[Act],
    mut seen: impl FnMut(&Act, Option<&'static str>),
) -> Result<World, String> {
    let mut world = World::new(shape);
    let broken = broken(&world);
    if !broken.is_empty() {
        return Err(format!("broken from birth: {broken:?}"));
    }
    for act in acts {
        seen(act, step(&mut world, act)?);
    }
    Ok(world)
}

proptest! {
    #![proptest_config(Config { cases: cases(400), max_shrink_iters: 10_000, ..Config::default() })]

    #[test]
    fn whatever_happens_every_invariant_holds((shape, acts) in generate::walk(80)) {
        let played = play(&shape, &acts, |_, _| ());
        prop_assert!(played.is_ok(), "{}", played.err().unwrap_or_default());
    }
}

/// Edges that no act of a walk can take: one task moves at a time, so that nothing is FAILED and DONE in turn without
/// a step between; nobody takes a story out of a sprint; and a run that handed nothing out has no ended job.
const OUT_OF_REACH: &[(&str, &str, &str, &str)] = &[
    ("pbi", "DONE", "derive", "FAILED"),
    ("pbi", "FAILED", "derive", "DONE"),
    ("sprint", "CLOSED", "derive", "FAILED"),
    ("sprint", "FAILED", "derive", "CLOSED"),
    ("sprint_run", "QUEUED", "complete", "DONE"),
    ("sprint_run", "QUEUED", "fail", "FAILED"),
    ("story", "DONE", "derive", "FAILED"),
    ("story", "FAILED", "derive", "DONE"),
    ("story", "IN_SPRINT", "derive", "OPEN"),
];

/// Every word that a walk can be refused with.
const REFUSALS: &[&str] = &[
    "blocked",
    "dirty",
    "empty",
    "first_on_branch",
    "foreign_proof",
    "illegal",
    "lease_lost",
    "lease_runs",
    "no_reason",
    "not_aligned",
    "not_ended",
    "not_exempt",
    "not_held",
    "not_skippable",
    "not_verified",
    "nothing",
    "resumes_in_place",
    "run_hands_out_jobs",
    "stale",
    "task_held",
    "time_has_come",
    "unexplained",
    "unpublished",
    "unverified_publication",
    "voice",
    "waived_without_reason",
    "wrong_gate",
];

/// Walks that are always the same.
pub(super) fn fixed(count: usize, longest: usize) -> impl Iterator<Item = (Shape, Vec<Act>)> {
    let mut runner = TestRunner::deterministic();
    let walks = generate::walk(longest);
    (0..count).map(move |_| walks.new_tree(&mut runner).unwrap().current())
}

#[test]
fn walks_take_every_edge_and_meet_every_refusal() {
    let mut taken = BTreeSet::new();
    let mut met: BTreeMap<&str, usize> = BTreeMap::new();
    let mut accepted = 0;
    for (shape, acts) in fixed(600, 80) {
        let world = play(&shape, &acts, |_, word| match word {
            Some(word) => *met.entry(word).or_default() += 1,
            None => accepted += 1,
        });
        let rows = world.unwrap().ledger.into_iter();
        taken.extend(rows.filter_map(|e| Some((e.thing.machine(), e.from?, e.event, e.to))));
    }
    let machines: BTreeSet<&str> = taken.iter().map(|(machine, ..)| *machine).collect();
    let law = law().into_iter().filter(|edge| machines.contains(edge.machine));
    let law: BTreeSet<_> = law.map(|edge| (edge.machine, edge.from, edge.event, edge.to)).collect();
    let missed: Vec<_> = law.difference(&taken).copied().collect();
    assert_eq!(missed, OUT_OF_REACH, "edges that no walk took");
    assert_eq!(met.keys().copied().collect::<Vec<_>>(), REFUSALS, "{met:?}");
    let refused: usize = met.values().sum();
    assert!(refused < 2 * accepted && accepted < 4 * refused, "{accepted} accepted, {refused} refused");
}
