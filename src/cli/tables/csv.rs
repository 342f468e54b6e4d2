//! The law as comma-separated values.

use crate::domain::law::Machine;

/// A header and a line an edge, quoted as RFC 4180 asks. What its clause does not say yet is empty.
#[must_use]
pub fn csv(law: &[Machine]) -> String {
    let mut text = "machine,from,event,to,who,by_move,when,writes,emits\n".to_owned();
    for machine in law {
        for edge in &machine.edges {
            let clause = machine.clause(edge);
            let who = clause.map(|clause| clause.who.iter().map(ToString::to_string).collect::<Vec<_>>());
            let who = who.unwrap_or_default().join(" ");
            let said = clause.map(|clause| [clause.by_move, clause.when, clause.writes, clause.emits]);
            let cells = [machine.name, edge.from, edge.event, edge.to, &who];
            let cells: Vec<String> = cells.into_iter().chain(said.unwrap_or_default()).map(quoted).collect();
            text.push_str(&(cells.join(",") + "\n"));
        }
    }
    text
}

/// A cell; one that would be read as something else stands in quotes.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
