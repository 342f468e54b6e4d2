//! No DONE without `Passed`.
use sprintgate::domain::job::{Job, Running};
use sprintgate::domain::time::Timestamp;

fn finish(job: Job<Running>) {
    let _ = job.finish(1, None, None, Timestamp(0));
}

fn main() {}
