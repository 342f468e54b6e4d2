//! No move from a terminal state.
use sprintgate::domain::job::{Cancelled, Done, Failed, Job, Stop};
use sprintgate::domain::time::Timestamp;

fn revive(done: Job<Done>, failed: Job<Failed>, cancelled: Job<Cancelled>) {
    let _ = done.cancel(Stop::by_user("no"), Timestamp(0));
    let _ = failed.release(1, "no", Timestamp(0));
    let _ = cancelled.start(1, Timestamp(0), Default::default());
}

fn main() {}
