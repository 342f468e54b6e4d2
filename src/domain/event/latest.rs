//! Which of many events are worth a message: a channel carries hints, and nobody needs a status that is past.

use std::collections::HashSet;

use super::wire::Event;

/// Of the events of one type of one entity only the last, in their order.
#[must_use]
pub fn latest<'a>(events: &[&'a Event]) -> Vec<&'a Event> {
    let mut told = HashSet::new();
    let mut kept: Vec<&Event> = events
        .iter()
        .rev()
        .filter(|event| told.insert((event.kind(), event.machine.as_str(), event.entity.as_str())))
        .copied()
        .collect();
    kept.reverse();
    kept
}
