//! What the clauses of the law say that a move emits is what is written.

use std::collections::BTreeSet;

use sprintgate::domain::event::{announced, kind};
use sprintgate::domain::law::machines;

/// The types by hand, with each machine's moves that have them.
const TYPES: &[(&str, &[&str])] = &[
    ("job", &["claude_job_status"]),
    ("attempt", &["attempt"]),
    ("sprint_run", &["sprint_run"]),
    ("task_execution", &["task_execution"]),
    ("task", &["task"]),
    ("story", &["story"]),
    ("pbi", &["pbi"]),
    ("sprint", &["sprint"]),
    ("idea", &["idea"]),
    ("question", &["question"]),
    ("pull_request", &["pull_request"]),
    ("worktree", &["worktree"]),
    ("worker", &["worker_connected", "worker_disconnected"]),
    ("effect", &["effect"]),
];

#[test]
fn every_clause_says_what_its_move_emits() {
    let mut everything: BTreeSet<String> = BTreeSet::new();
    for machine in machines() {
        everything.extend(machine.edges.iter().map(|e| announced(e.machine, e.event, e.to)));
        everything.extend(machine.born.iter().map(|to| announced(machine.name, "create", to)));
    }
    let mut edges = 0;
    for machine in machines() {
        for edge in &machine.edges {
            let emits = machine.clause(edge).unwrap().emits;
            let mut said = emits.split(", and ");
            assert_eq!(said.next(), Some(&*announced(edge.machine, edge.event, edge.to)), "{edge}");
            // What follows from a move is told by the moves that follow: "one cancelled for each sibling" of the
            // same type, or an event of its own, with a word of explanation.
            for more in said {
                let known = everything.iter().any(|told| more.starts_with(told.as_str()));
                assert!(known || more == "one cancelled for each sibling", "{edge}: {more}");
            }
            edges += 1;
        }
    }
    assert_eq!(edges, sprintgate::domain::law::law().len());
}

#[test]
fn every_machine_has_its_types() {
    let machines = machines();
    assert_eq!(machines.len(), TYPES.len());
    for (machine, (name, types)) in machines.iter().zip(TYPES) {
        assert_eq!(machine.name, *name);
        let found: BTreeSet<&str> = machine.edges.iter().map(|e| kind(e.machine, e.event, e.to)).collect();
        assert_eq!(found, types.iter().copied().collect(), "{name}");
    }
    assert_eq!(kind("job", "create", "QUEUED"), "claude_job_enqueued");
    assert_eq!(kind("worker", "create", "PRESENT"), "worker_connected");
    assert_eq!(kind("worker", "heartbeat", "PRESENT"), "worker_heartbeat");
    assert_eq!(announced("worker", "heartbeat", "PRESENT"), "worker_heartbeat");
    assert_eq!(announced("worker", "prune", "ABSENT"), "worker_disconnected");
    assert_eq!(announced("job", "create", "QUEUED"), "claude_job_enqueued");
    assert_eq!(announced("idea", "create", "DRAFT"), "idea draft");
}
