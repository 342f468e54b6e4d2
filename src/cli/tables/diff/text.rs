//! The differences as people read them.

use super::change::Change;
use super::fact::Said;
use crate::cli::plain;

/// The changes by machine: `+` what is new, `-` what is gone, `~` what reads otherwise.
#[must_use]
pub fn text(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "The laws are the same.\n".to_owned();
    }
    let mut text = String::new();
    let mut machine = None;
    for change in changes {
        if machine.replace(&change.machine) != Some(&change.machine) {
            text.push_str(&format!("{}\n", plain::line(&change.machine)));
        }
        text.push_str(&told(change));
    }
    let count = |is: fn(&Change) -> bool| changes.iter().filter(|change| is(change)).count();
    text + &format!(
        "{} new, {} gone, {} changed\n",
        count(|change| change.before.is_none()),
        count(|change| change.after.is_none()),
        count(|change| change.before.is_some() && change.after.is_some())
    )
}

fn told(change: &Change) -> String {
    let (sign, said) = match (&change.before, &change.after) {
        (None, said) => ('+', said),
        (said, None) => ('-', said),
        (Some(before), Some(after)) => return reads_otherwise(change, before, after),
    };
    let mut told = format!("  {sign} {}", plain::line(&change.fact.to_string()));
    let lines = said.as_ref().map(lines).unwrap_or_default();
    match lines.as_slice() {
        [(_, meaning)] => told.push_str(&format!(": {}", plain::line(meaning))),
        lines => {
            for (name, said) in lines {
                told.push_str(&format!("\n      {name}: {}", plain::line(said)));
            }
        }
    }
    told + "\n"
}

/// What reads otherwise, the old line above the new one.
fn reads_otherwise(change: &Change, before: &Said, after: &Said) -> String {
    let mut told = format!("  ~ {}\n", plain::line(&change.fact.to_string()));
    for ((name, before), (_, after)) in lines(before).into_iter().zip(lines(after)) {
        if before != after {
            let (before, after) = (plain::line(&before), plain::line(&after));
            told.push_str(&format!("      {name}: - {before}\n      {name}: + {after}\n"));
        }
    }
    told
}

/// What is said, by name; nothing of an edge, which only is there.
fn lines(said: &Said) -> Vec<(&'static str, String)> {
    match said {
        Said::Machine { table, about } => vec![("table", table.clone()), ("about", about.clone())],
        Said::Meaning { meaning } => vec![("meaning", meaning.clone())],
        Said::Legal { .. } => Vec::new(),
        Said::Clause { by_move, who, when, writes, emits } => vec![
            ("move", by_move.clone()),
            ("who", who.iter().cloned().collect::<Vec<_>>().join(" ")),
            ("when", when.clone()),
            ("writes", writes.clone()),
            ("emits", emits.clone()),
        ],
    }
}
