//! The law as rows of the table that the databases' guards look it up in.

use crate::domain::law::Machine;
use crate::domain::machine::Edge;

/// One INSERT with all edges; empty when there are none.
#[must_use]
pub fn sql(law: &[Machine]) -> String {
    let row =
        |Edge { machine, from, event, to }: &Edge| format!("    ('{machine}', '{from}', '{event}', '{to}')");
    let rows: Vec<String> = law.iter().flat_map(|machine| &machine.edges).map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "INSERT INTO transition_rules (machine, from_status, event, to_status) VALUES\n{};\n",
        rows.join(",\n")
    )
}
