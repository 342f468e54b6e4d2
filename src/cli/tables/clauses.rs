//! The moves of a machine in words, for the page.

use super::page::listed;
use crate::domain::law::{Machine, Words};
use crate::domain::machine::Who;

/// A paragraph for each event and state that it leads to, in the order of the table.
pub(super) fn moves(machine: &Machine) -> String {
    let mut told: Vec<(&str, &str)> = Vec::new();
    let mut text = String::new();
    for edge in &machine.edges {
        if told.contains(&(edge.event, edge.to)) {
            continue;
        }
        told.push((edge.event, edge.to));
        let same = machine.edges.iter().filter(|other| (other.event, other.to) == (edge.event, edge.to));
        let from = listed(same.map(|edge| edge.from));
        text.push_str(&format!("**{}** to `{}` from {from}", edge.event, edge.to));
        text.push_str(&machine.clause(edge).map_or(".\n\n".to_owned(), told_of));
    }
    text
}

fn told_of(clause: &Words) -> String {
    let Words { by_move, when, writes, emits, .. } = clause;
    format!(", by {} (`{by_move}`)\n- when {when}\n- writes {writes}\n- emits {emits}\n\n", by(&clause.who))
}

fn by(who: &[Who]) -> String {
    let who = who.iter().map(|who| match who {
        Who::Person => "a person",
        Who::Worker => "a worker",
        Who::Server => "the server",
    });
    who.collect::<Vec<_>>().join(" or ")
}
