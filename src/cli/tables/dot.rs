//! The law as a graph in the language of Graphviz.

use crate::domain::law::Machine;

/// One digraph with a cluster for each machine.
#[must_use]
pub fn dot(law: &[Machine]) -> String {
    let mut text =
        "digraph transitions {\n    rankdir=TB;\n    node [shape=box, style=rounded];\n".to_owned();
    for machine in law {
        text.push_str(&cluster(machine));
    }
    text + "}\n"
}

/// A machine; names of states are made its own by its name, as other machines have states of the same name.
fn cluster(machine: &Machine) -> String {
    let name = machine.name;
    let mut lines = vec![format!("subgraph \"cluster_{name}\" {{"), format!("    label=\"{name}\";")];
    for state in machine.states.iter().map(|state| state.word) {
        let end = if machine.ends().any(|end| end == state) { ", peripheries=2" } else { "" };
        lines.push(format!("    \"{name}.{state}\" [label=\"{state}\"{end}];"));
    }
    for born in &machine.born {
        lines.push(format!("    \"{name}.*{born}\" [shape=point];"));
        lines.push(format!("    \"{name}.*{born}\" -> \"{name}.{born}\";"));
    }
    for edge in &machine.edges {
        lines.push(format!(
            "    \"{name}.{}\" -> \"{name}.{}\" [label=\"{}\"];",
            edge.from, edge.to, edge.event
        ));
    }
    lines.push("}".to_owned());
    lines.iter().map(|line| format!("    {line}\n")).collect()
}
