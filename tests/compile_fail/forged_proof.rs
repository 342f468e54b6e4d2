//! `Passed` cannot be made by anybody but the gate.
use sprintgate::domain::gate::{Grounds, Passed};
use sprintgate::domain::id::JobId;

fn forge(job: JobId) -> Passed {
    Passed { job, attempt: 1, grounds: Grounds::NoCode }
}

fn main() {}
