//! The law as the page of the documentation; a test keeps the page fresh.

use super::clauses::moves;
use super::markdown::{aligned, matrix};
use super::mermaid::diagram;
use crate::domain::law::{Machine, Meaning};

const HEAD: &str = "\
# Transitions

Every legal move of every state machine, made from the tables in the code; edit those, and the test that keeps this
page rewrites it. What is not here is refused by the compiler, by the code and by the database.

In the pictures a thing is born where the dot points to, a double rim is an end, and a dashed line leads back to an
earlier state. In a matrix a row is the state before, a column the state after, a cell the events that lead from one
to the other. Every move also writes its row of the ledger, and, in the same transaction, what it emits: one event in
the outbox, which `sprintgate events` reads. Machines of ideas, questions, sprint jobs, pull requests, leases of
worktrees, presence and effects are held by the core and by the database; the flows that use them come with the parts
they belong to.

The same for programs: [transitions.json](transitions.json), [transitions.csv](transitions.csv),
[transitions.dot](transitions.dot), and `sprintgate tables` with each `--format`. `sprintgate tables diff OLD.json`
says what this release adds to the law of another, or takes from it.
";

/// The whole page.
#[must_use]
pub fn page(law: &[Machine]) -> String {
    let mut rows = vec![["machine", "table", "states", "transitions", "about"].map(str::to_owned).to_vec()];
    rows.extend(law.iter().map(|machine| {
        vec![
            format!("[{0}](#{0})", machine.name),
            format!("`{}`", machine.table),
            machine.states.len().to_string(),
            machine.edges.len().to_string(),
            machine.about.to_owned(),
        ]
    }));
    let sections: Vec<String> = law.iter().map(section).collect();
    format!("{HEAD}\n{}\n{}", aligned(&rows), sections.join("\n"))
}

fn section(machine: &Machine) -> String {
    let name = machine.name;
    format!(
        "## {name}\n\n{}\n\n![The states of {name} and the events between them](transitions/{name}.svg)\n\n\
         {}\n{}\n{}\n{}\n<details><summary>As Mermaid</summary>\n\n```mermaid\n{}```\n\n</details>\n",
        lead(machine),
        meanings("state", &machine.states),
        meanings("event", &machine.events),
        matrix(machine),
        moves(machine),
        diagram(machine)
    )
}

/// What the machine is, in a few sentences.
fn lead(machine: &Machine) -> String {
    let mut lead = format!("{} Its state is the `status` of a row of `{}`.", machine.about, machine.table);
    if machine.is_derived() {
        lead.push_str(
            " **Derived**: nobody fires `derive`; the server computes the state anew, from what lies beneath, \
             in the transaction that changes that.",
        );
    }
    lead.push_str(&format!(" Born {}; ", listed(machine.born.iter().copied())));
    if machine.ends().next().is_none() {
        lead.push_str("no state is an end.");
    } else {
        lead.push_str(&format!("ends {}.", listed(machine.ends())));
    }
    lead
}

/// Words in code, with an `or` before the last.
pub(super) fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    match words.pop() {
        Some(last) if words.is_empty() => last,
        Some(last) => format!("{} or {last}", words.join(", ")),
        None => String::new(),
    }
}

fn meanings(what: &str, words: &[Meaning]) -> String {
    let mut rows = vec![vec![what.to_owned(), "meaning".to_owned()]];
    rows.extend(words.iter().map(|word| vec![format!("`{}`", word.word), word.meaning.to_owned()]));
    aligned(&rows)
}

/// The small page of one machine that the documentation of its code repeats.
#[must_use]
pub fn card(machine: &Machine) -> String {
    format!("{}\n\n{}", lead(machine), matrix(machine))
}
