//! The law as state diagrams.

use crate::domain::law::Machine;

/// One diagram a machine.
#[must_use]
pub fn mermaid(law: &[Machine]) -> String {
    let parts: Vec<String> =
        law.iter().map(|machine| format!("%% {}\n{}", machine.name, diagram(machine))).collect();
    parts.join("\n")
}

/// The diagram of one machine: it starts where things are born, and ends where nothing leads on.
pub(super) fn diagram(machine: &Machine) -> String {
    let mut text = "stateDiagram-v2\n".to_owned();
    for born in &machine.born {
        text.push_str(&format!("    [*] --> {born}\n"));
    }
    for edge in &machine.edges {
        text.push_str(&format!("    {} --> {}: {}\n", edge.from, edge.to, edge.event));
    }
    for end in machine.ends() {
        text.push_str(&format!("    {end} --> [*]\n"));
    }
    text
}
