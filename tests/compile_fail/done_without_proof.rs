//! No DONE without `Passed`.
use sprintgate::domain::job::{Job, Running};
use sprintgate::domain::time::Timestamp;

fn finish(job: Job<Running>) {
    let _ = job.finish(1, None, Some("all done, trust me".to_owned()), Timestamp(0));
}

fn main() {}
