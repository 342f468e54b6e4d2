//! Where two laws differ.

use std::collections::BTreeSet;

use serde::Serialize;

use super::fact::{Fact, Facts, Said};

/// One fact that the laws do not agree on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The machine.
    pub machine: String,
    /// What it is about.
    #[serde(flatten)]
    pub fact: Fact,
    /// What the old law says; nothing when it is new.
    pub before: Option<Said>,
    /// What the new law says; nothing when it is gone.
    pub after: Option<Said>,
}

/// What must change in `old` to make `new` of it, machine by machine. The order in which a law lists things is no
/// part of it.
#[must_use]
pub fn diff(old: &Facts, new: &Facts) -> Vec<Change> {
    let keys: BTreeSet<_> = old.0.keys().chain(new.0.keys()).collect();
    let changes = keys.into_iter().map(|key| Change {
        machine: key.0.clone(),
        fact: key.1.clone(),
        before: old.0.get(key).cloned(),
        after: new.0.get(key).cloned(),
    });
    changes.filter(|change| change.before != change.after).collect()
}
