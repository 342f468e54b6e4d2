//! The law as matrices: from which state (row), by which event (cell), to which state (column).

use crate::domain::law::Machine;
use crate::domain::machine::Edge;

/// One matrix a machine.
#[must_use]
pub fn markdown(law: &[Machine]) -> String {
    let parts: Vec<String> =
        law.iter().map(|machine| format!("## {}\n\n{}", machine.name, matrix(machine))).collect();
    parts.join("\n")
}

/// The matrix of one machine, its columns aligned.
pub(super) fn matrix(machine: &Machine) -> String {
    let states: Vec<&str> = machine.states.iter().map(|state| state.word).collect();
    let mut rows = vec![head(&states)];
    for from in &states {
        let row = states.iter().map(|to| cell(machine, from, to));
        rows.push(std::iter::once(format!("**{from}**")).chain(row).collect());
    }
    aligned(&rows)
}

/// A table whose first row is its head.
pub(super) fn aligned(rows: &[Vec<String>]) -> String {
    let widths = widths(rows);
    let mut lines: Vec<String> = rows.iter().map(|row| line(row, &widths)).collect();
    let rule = widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>();
    lines.insert(lines.len().min(1), line(&rule, &widths));
    lines.join("\n") + "\n"
}

fn head(states: &[&str]) -> Vec<String> {
    std::iter::once("from \\ to".to_owned()).chain(states.iter().map(|state| (*state).to_owned())).collect()
}

fn cell(machine: &Machine, from: &str, to: &str) -> String {
    let fits = |edge: &&Edge| edge.from == from && edge.to == to;
    let events: Vec<&str> = machine.edges.iter().filter(fits).map(|edge| edge.event).collect();
    if events.is_empty() { "·".to_owned() } else { events.join(", ") }
}

fn widths(rows: &[Vec<String>]) -> Vec<usize> {
    let mut widths = Vec::new();
    for row in rows {
        widths.resize(row.len().max(widths.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    widths
}

fn line(row: &[String], widths: &[usize]) -> String {
    let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
    format!("| {} |", cells.join(" | "))
}
