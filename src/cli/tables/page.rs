//! The law as the page of the documentation; a test keeps the page fresh.

use super::markdown::matrix;
use super::mermaid::diagram;
use crate::domain::law::MACHINES;
use crate::domain::machine::Edge;

const HEAD: &str = "\
# Transitions

Every legal move of every state machine, made from the tables in the code; edit those, and the test that keeps this
page rewrites it. A row is the state before, a column the state after, a cell the events that lead from one to the
other. What is not here is refused by the compiler, by the code and by the database. `sprintgate tables` prints the
same as Markdown, CSV, JSON, SQL and Mermaid.
";

/// The whole page.
#[must_use]
pub fn page(law: &[Edge]) -> String {
    let mut text = HEAD.to_owned();
    for machine in MACHINES {
        let edges = law.iter().filter(|edge| edge.machine == *machine).count();
        text.push_str(&format!(
            "\n## {machine}\n\n{edges} transitions.\n\n{}\n```mermaid\n{}```\n",
            matrix(machine, law),
            diagram(machine, law)
        ));
    }
    text
}
