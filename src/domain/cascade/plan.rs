//! The whole plan of a cascade.

use std::collections::BTreeMap;

use super::sibling::Sibling;
use super::step::{Because, Condition, Key, Planned, Step};
use super::undo::undo;
use crate::domain::id::JobId;

/// What the failure of a job does: cancels the open jobs of its backlog item and of its run, and undoes what the
/// backlog item has published, as far as that loses no work. `siblings` are all other jobs of the backlog item and
/// of the run, ended ones too, and whatever else works on their branches; their order does not matter, and one that
/// is named twice counts once.
///
/// The same rows make the same plan. After its cancellations are written, the plan has those no more and everything
/// else unchanged.
#[must_use]
pub fn plan(failed: &Sibling, siblings: &[Sibling]) -> Vec<Planned> {
    let siblings = once(&failed.job, siblings);
    let mut plan: Vec<Planned> = siblings.iter().filter_map(cancel).collect();
    plan.extend(undo(failed, &siblings));
    plan
}

/// Each sibling once, by id.
fn once(failed: &JobId, siblings: &[Sibling]) -> Vec<Sibling> {
    let mut by_id: BTreeMap<&JobId, Sibling> = BTreeMap::new();
    for sibling in siblings.iter().filter(|sibling| sibling.job != *failed) {
        let known = by_id.entry(&sibling.job).or_insert_with(|| sibling.clone());
        known.tie.item |= sibling.tie.item;
        known.tie.run |= sibling.tie.run;
    }
    by_id.into_values().collect()
}

fn cancel(sibling: &Sibling) -> Option<Planned> {
    if sibling.status.is_terminal() {
        return None;
    }
    let job = sibling.job.clone();
    Some(Planned {
        key: Key(format!("cancel/{job}")),
        step: Step::Cancel { job, from: sibling.status, because: Because::of(sibling)? },
        only_if: Condition::Always,
        after: Vec::new(),
    })
}
