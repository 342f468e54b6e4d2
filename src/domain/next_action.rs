//! What an agent does after a report (`original` 6).
//!
//! ```
//! use sprintgate::domain::job::Status;
//! use sprintgate::domain::next_action::{NextAction, next_action};
//!
//! assert_eq!(next_action(Status::Running, Some(3)), NextAction::Idle);
//! assert_eq!(next_action(Status::Done, Some(3)), NextAction::WaitForJobAgain);
//! assert_eq!(next_action(Status::Done, Some(0)), NextAction::QueueEmpty);
//! ```

use super::job::Status;
use super::machine::words;

words! {
    /// What an agent does next.
    pub enum NextAction: "next action" {
        /// It goes on with its job, or ends: there is nothing else for it.
        Idle = "idle",
        /// It waits for a job, and will find one.
        WaitForJobAgain = "wait_for_job_again",
        /// There is no job that it could claim.
        QueueEmpty = "queue_empty",
    }
}

/// What an agent does whose job is in this status. `claimable` counts the jobs that it could claim this moment,
/// within the scope it works in: one that waits, or belongs to a paused run, is not one of them, for an agent that
/// came back for it would find nothing. None for an agent that may claim no other job.
#[must_use]
pub fn next_action(own: Status, claimable: Option<u64>) -> NextAction {
    match (own, claimable) {
        (Status::Claimed | Status::Running, _) | (_, None) => NextAction::Idle,
        (_, Some(0)) => NextAction::QueueEmpty,
        (_, Some(1..)) => NextAction::WaitForJobAgain,
    }
}
