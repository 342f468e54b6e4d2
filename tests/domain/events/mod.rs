//! What is told of moves: types and clauses, the JSON of the original by hand, sizes, and what is not worth telling.

mod clauses;
mod json;
mod latest;
mod sizes;
mod wire;

use sprintgate::domain::event::{Event, Payload};
use sprintgate::domain::time::Timestamp;

/// An event of that entity; `from` is empty at birth.
pub(super) fn event(machine: &str, entity: &str, edge: (&str, &str, &str)) -> Event {
    let (from, on, to) = edge;
    Event {
        machine: machine.into(),
        entity: entity.into(),
        entity_seq: 7,
        event: on.into(),
        from: (!from.is_empty()).then(|| from.to_owned()),
        to: to.into(),
        at: Timestamp(9),
        user: Some("ann".parse().unwrap()),
        product: Some("shop".parse().unwrap()),
        payload: Payload::default(),
    }
}

/// Not how times are written elsewhere, but one sees which it is.
pub(super) fn iso(at: Timestamp) -> String {
    format!("T{}", at.0)
}
