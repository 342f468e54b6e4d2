//! An attempt ends with the move of its job and not by itself.
use sprintgate::domain::attempt::{Attempt, Held};
use sprintgate::domain::time::Timestamp;

fn end(attempt: Attempt<Held>, now: Timestamp) {
    let _ = attempt.finish(now);
}

fn main() {}
