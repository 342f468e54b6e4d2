//! `Passed` cannot be made by anybody but the gate.
use sprintgate::domain::gate::{Grounds, Passed};
use sprintgate::domain::id::JobId;
use sprintgate::domain::job::Kind;

fn forge(job: JobId) -> Passed {
    Passed { job, attempt: 1, grounds: Grounds::NoCode { kind: Kind::PlanChat } }
}

fn main() {}
