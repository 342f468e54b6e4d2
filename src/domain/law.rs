//! The law: the edges of every machine in one list, from which documents and databases are made.

use super::machine::{Edge, Transition, Word};
use super::{attempt, backlog, job, run, task};

/// The machines, as tables, ledger and documents name them.
pub const MACHINES: &[&str] = &["job", "attempt", "sprint_run", "task", "story", "pbi", "sprint"];

fn edges<S: Word, E: Word>(machine: &'static str, table: &[Transition<S, E>], law: &mut Vec<Edge>) {
    law.extend(table.iter().map(|t| Edge {
        machine,
        from: t.from.word(),
        event: t.on.word(),
        to: t.to.word(),
    }));
}

/// Every edge of every machine, in the order of [`MACHINES`] and of each table.
#[must_use]
pub fn law() -> Vec<Edge> {
    let mut law = Vec::new();
    edges("job", job::TRANSITIONS, &mut law);
    edges("attempt", attempt::TRANSITIONS, &mut law);
    edges("sprint_run", run::TRANSITIONS, &mut law);
    edges("task", task::TRANSITIONS, &mut law);
    edges("story", backlog::story::TRANSITIONS, &mut law);
    edges("pbi", backlog::pbi::TRANSITIONS, &mut law);
    edges("sprint", backlog::sprint::TRANSITIONS, &mut law);
    law
}

/// The states of a machine in their order; none for an unknown machine.
#[must_use]
pub fn states(machine: &str) -> Vec<&'static str> {
    fn all<S: Word>() -> Vec<&'static str> {
        S::ALL.iter().map(|s| s.word()).collect()
    }
    match machine {
        "job" => all::<job::Status>(),
        "attempt" => all::<attempt::Status>(),
        "sprint_run" => all::<run::Status>(),
        "task" => all::<task::Status>(),
        "story" => all::<backlog::story::Status>(),
        "pbi" => all::<backlog::pbi::Status>(),
        "sprint" => all::<backlog::sprint::Status>(),
        _ => Vec::new(),
    }
}
