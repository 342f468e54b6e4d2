//! Worlds that are checked with every change: small, and checked to the last state.

use stateright::{Checker, Model};

use super::graph::{Ends, Graph};
use super::world::World;

/// Checks a world with every property, and that it has as many states as `docs/model.md` says.
fn check(world: World, states: usize) {
    let checker = world.checker().threads(2).spawn_bfs().join();
    checker.assert_properties();
    assert_eq!(checker.unique_state_count(), states);
}

#[test]
fn one_worker_and_one_job() {
    check(World::of(1, &[(0, 0)]), 8_437);
}

#[test]
fn two_workers_and_one_job_on_its_second_attempt() {
    check(World::of(2, &[(0, 1)]), 41_343);
}

#[test]
fn two_workers_and_two_jobs_of_one_branch() {
    check(World::of(2, &[(0, 2), (0, 2)]).plain(), 16_831);
}

#[test]
fn two_workers_a_person_and_one_job() {
    check(World { meddles: true, ..World::of(2, &[(0, 1)]).plain() }, 12_829);
}

#[test]
fn two_workers_a_person_and_two_jobs_of_one_branch() {
    check(World { meddles: true, ..World::of(2, &[(0, 2), (0, 2)]).plain() }, 62_373);
}

#[test]
fn one_worker_and_three_jobs() {
    check(World { cancels: false, ..World::of(1, &[(0, 2), (0, 2), (1, 2)]).plain() }, 54_110);
}

#[test]
fn every_job_can_end_from_every_state() {
    let ends = Graph::of(World::of(2, &[(0, 1)]), None).ends();
    assert_eq!(ends, Ends { states: 41_343, ended: 15_282, lost: 0 });
    let ends = Graph::of(World { pauses: true, ..World::of(2, &[(0, 2), (0, 2)]).plain() }, None).ends();
    assert_eq!(ends, Ends { states: 24_769, ended: 9_113, lost: 0 });
}
