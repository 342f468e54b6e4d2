//! No skipping CLAIMED.
use sprintgate::domain::job::{Job, Queued, Running};
use sprintgate::domain::machine::To;
use sprintgate::domain::time::Timestamp;

fn leap<F: To<T>, T>(_: F, _: T) {}

fn skip(job: Job<Queued>, queued: Queued, running: Running) {
    let _ = job.start(1, Timestamp(0), Default::default());
    leap(queued, running);
}

fn main() {}
