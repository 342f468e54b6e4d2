//! The law as state diagrams.

use crate::domain::law::{MACHINES, states};
use crate::domain::machine::Edge;

/// One diagram for each machine that has an edge.
#[must_use]
pub fn mermaid(law: &[Edge]) -> String {
    let machines = MACHINES.iter().filter(|machine| law.iter().any(|edge| edge.machine == **machine));
    let parts: Vec<String> =
        machines.map(|machine| format!("%% {machine}\n{}", diagram(machine, law))).collect();
    parts.join("\n")
}

/// The diagram of one machine: it starts in the first state, and ends where nothing leads on.
pub(super) fn diagram(machine: &str, law: &[Edge]) -> String {
    let edges: Vec<&Edge> = law.iter().filter(|edge| edge.machine == machine).collect();
    let states = states(machine);
    let mut text = "stateDiagram-v2\n".to_owned();
    if let Some(first) = states.first() {
        text.push_str(&format!("    [*] --> {first}\n"));
    }
    for edge in &edges {
        text.push_str(&format!("    {} --> {}: {}\n", edge.from, edge.to, edge.event));
    }
    for end in states.iter().filter(|state| edges.iter().all(|edge| edge.from != **state)) {
        text.push_str(&format!("    {end} --> [*]\n"));
    }
    text
}
