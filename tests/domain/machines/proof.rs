//! The proof that table, clauses and typed moves of a machine agree with each other and with a second copy.

use std::collections::{BTreeMap, BTreeSet};

use sprintgate::domain::law::{Machine, machines};
use sprintgate::domain::machine::{Change, State, Step, Stored, Word};
use sprintgate::domain::shift::Shift;

use super::written::moves_of;

/// A move that was made: its name, and the edge that it took.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Made {
    by: &'static str,
    /// The move itself, and not a function that chooses one by something else that moved.
    itself: bool,
    from: &'static str,
    event: &'static str,
    to: &'static str,
}

/// Notes a typed move.
pub(super) fn made<F, T, N>(by: &'static str, step: &Step<F, T, N>) -> Made
where
    F: State,
    T: State<Status = F::Status, Event = F::Event>,
{
    let edge = step.edge();
    Made { by, itself: true, from: edge.from.word(), event: edge.on.word(), to: edge.to.word() }
}

/// Notes a change that a function chose, by a status that is asked for or by something else that moved.
pub(super) fn chosen<R: Stored>(by: &'static str, change: &Change<R>) -> Made {
    let (from, event, to) = (change.before().word(), change.event().word(), change.after().word());
    Made { by, itself: false, from, event, to }
}

/// Notes a move of a machine whose states carry no data.
pub(super) fn shifted<S: Word, E: Word>(by: &'static str, shift: &Shift<S, E>) -> Made {
    Made { by, itself: true, from: shift.from().word(), event: shift.event().word(), to: shift.to().word() }
}

pub(super) fn machine(name: &str) -> Machine {
    machines().into_iter().find(|machine| machine.name == name).unwrap()
}

/// Compares a machine with its second copy (a line an edge: state, event, state after), for all pairs of state and
/// event. What has no line is illegal.
#[track_caller]
pub(super) fn matrix(name: &str, by_hand: &str) {
    let machine = machine(name);
    let lines: Vec<Vec<&str>> = by_hand
        .lines()
        .map(|line| line.split_whitespace().collect())
        .filter(|l: &Vec<_>| !l.is_empty())
        .collect();
    for line in &lines {
        assert!(machine.states.iter().any(|s| s.word == line[0]), "{name}: no state {}", line[0]);
        assert!(machine.events.iter().any(|e| e.word == line[1]), "{name}: no event {}", line[1]);
    }
    let mut pairs = 0;
    for from in &machine.states {
        for event in &machine.events {
            let ours: BTreeSet<&str> = machine
                .edges
                .iter()
                .filter(|edge| edge.from == from.word && edge.event == event.word)
                .map(|edge| edge.to)
                .collect();
            let theirs: BTreeSet<&str> =
                lines.iter().filter(|l| l[0] == from.word && l[1] == event.word).map(|l| l[2]).collect();
            assert_eq!(ours, theirs, "{name}: {} on {}", from.word, event.word);
            pairs += 1;
        }
    }
    assert_eq!(pairs, machine.states.len() * machine.events.len());
    assert_eq!(machine.edges.len(), lines.len(), "{name}: an edge or a line stands twice");
}

/// Holds that the moves which were made are exactly the edges, each by one move, under the name that its clause
/// gives; and that no public function of `src/domain/<folder>` that returns a move was forgotten. A function that only
/// chooses among moves makes their edges a second time; it is the move of an edge where the moves are private.
#[track_caller]
pub(super) fn every_edge_is_one_move(name: &str, folder: &str, all: &[Made]) {
    let machine = machine(name);
    let mut by_edge: BTreeMap<(&str, &str, &str), [BTreeSet<&str>; 2]> = BTreeMap::new();
    for made in all {
        let [itself, chosen] = by_edge.entry((made.from, made.event, made.to)).or_default();
        if made.itself { itself } else { chosen }.insert(made.by);
    }
    let law: BTreeSet<(&str, &str, &str)> = machine.edges.iter().map(|e| (e.from, e.event, e.to)).collect();
    let moved: BTreeSet<(&str, &str, &str)> = by_edge.keys().copied().collect();
    assert_eq!(moved, law, "{name}: edges that moves make, and edges of the table");
    for ((from, event, to), [itself, chosen]) in &by_edge {
        let by = if itself.is_empty() { chosen } else { itself };
        assert_eq!(by.len(), 1, "{name}: {from} -{event}-> {to} is made by {by:?}");
        let clauses: Vec<_> = machine.clauses.iter().filter(|c| c.event == *event && c.to == *to).collect();
        assert_eq!(clauses.len(), 1, "{name}: clauses of {event} to {to}");
        assert!(
            by.contains(clauses[0].by_move),
            "{name}: {event} to {to} is made by {by:?}, not by {}",
            clauses[0].by_move
        );
    }
    let written = moves_of(folder);
    let known: BTreeSet<String> = all.iter().map(|made| made.by.to_owned()).collect();
    assert_eq!(known, written, "{name}: moves that were made here, and those written in src/domain/{folder}");
}
