//! What a cascade did, in one line (`original` 7, step 5). It is made from its effects whenever it is shown, so that it
//! is never stale, and stands beside the error of the failed job, never in its place (defect 67).

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::domain::effect;

/// The most characters of a line.
pub const TRACE_MAX: usize = 1900;

/// Characters that the items of all lists may take together; each list gets the same share, and the rest is counted.
const ITEMS_MAX: usize = 1500;

/// An effect of a cascade, as its row and what its handler learned say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traced {
    /// What it is to do.
    pub what: What,
    /// Where it is.
    pub status: effect::Status,
    /// It was passed over, because what it is conditional on did not hold; of no meaning before it is DONE.
    pub passed_over: bool,
}

/// What an effect of a cascade is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Close a pull request.
    Close {
        /// Its address.
        url: String,
    },
    /// Open a pull request that takes a merged one back.
    Revert {
        /// The merged one.
        url: String,
        /// The one that takes it back, once it is open.
        by: Option<String>,
    },
    /// Delete a branch.
    DeleteBranch {
        /// The branch, for people.
        branch: String,
    },
    /// Remove the worktree of an attempt, when its work is kept.
    RemoveWorktree,
    /// Anything else: it counts while it waits and when it was given up.
    Other,
}

/// The line: `siblings_cancelled=2; closed=…; reverted=…->…; branches_deleted=…; branches_kept=…; worktrees_removed=1;
/// waiting=3; warnings=1`. What there is none of is left out, but for the first. `waiting` counts effects that were not
/// done yet, and `warnings` those that nobody tries any more.
///
/// The same effects in any order make the same line. It has at most [`TRACE_MAX`] characters: of a list that is too
/// long the rest is counted, as in `closed=…,+17`. No text of an effect can look like another part of the line.
#[must_use]
pub fn trace(siblings_cancelled: usize, effects: &[Traced]) -> String {
    let done = |passed_over: bool| {
        let done = effects.iter().filter(|effect| effect.status == effect::Status::Done);
        done.filter(move |effect| effect.passed_over == passed_over).map(|effect| &effect.what)
    };
    let lists = [
        ("closed", items(done(false).filter_map(What::closed))),
        ("reverted", items(done(false).filter_map(What::reverted))),
        ("branches_deleted", items(done(false).filter_map(What::branch))),
        ("branches_kept", items(done(true).filter_map(What::branch))),
    ];
    let filled = lists.iter().filter(|(_, items)| !items.is_empty()).count();
    let mut line = format!("siblings_cancelled={siblings_cancelled}");
    for (name, items) in lists.iter().filter(|(_, items)| !items.is_empty()) {
        // Writing to a text does not fail.
        let _ = write!(line, "; {name}={}", shown(items, ITEMS_MAX / filled.max(1)));
    }
    count(&mut line, "worktrees_removed", done(false).filter(|what| **what == What::RemoveWorktree).count());
    let waits = |effect: &&Traced| match effect.status {
        effect::Status::Pending | effect::Status::Running | effect::Status::Retry => true,
        effect::Status::Done | effect::Status::GaveUp => false,
    };
    count(&mut line, "waiting", effects.iter().filter(waits).count());
    let gave_up = effects.iter().filter(|effect| effect.status == effect::Status::GaveUp);
    count(&mut line, "warnings", gave_up.count());
    line
}

impl What {
    fn closed(&self) -> Option<String> {
        if let Self::Close { url } = self { Some(plain(url)) } else { None }
    }

    fn reverted(&self) -> Option<String> {
        let Self::Revert { url, by } = self else { return None };
        Some(format!("{}->{}", plain(url), by.as_deref().map_or_else(|| "?".to_owned(), plain)))
    }

    fn branch(&self) -> Option<String> {
        if let Self::DeleteBranch { branch } = self { Some(plain(branch)) } else { None }
    }
}

fn count(line: &mut String, name: &str, number: usize) {
    if number > 0 {
        let _ = write!(line, "; {name}={number}");
    }
}

/// In order, each once.
fn items(items: impl Iterator<Item = String>) -> BTreeSet<String> {
    items.collect()
}

/// As many as fit into that many characters, and how many there are besides.
fn shown(items: &BTreeSet<String>, room: usize) -> String {
    let mut text = String::new();
    for (shown, item) in items.iter().enumerate() {
        let comma = if shown == 0 { "" } else { "," };
        if text.len() + comma.len() + item.len() > room {
            let _ = write!(text, "{comma}+{}", items.len() - shown);
            break;
        }
        text.extend([comma, item]);
    }
    text
}

/// The text with everything that has a meaning in the line, or is not to be seen, as a question mark.
fn plain(text: &str) -> String {
    let means = |c: char| !c.is_ascii_graphic() || matches!(c, ';' | ',' | '>' | '=' | '+');
    text.chars().map(|c| if means(c) { '?' } else { c }).collect()
}
