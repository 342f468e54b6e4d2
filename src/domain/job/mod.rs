//! The job machine. One worker at a time holds a job, and it is DONE only with proof. Read this chapter
//! first.
//!
#![doc = include_str!("../../../docs/transitions/job.md")]
//!
//! # What is known in which state
//!
//! | state | data |
//! |---|---|
//! | [`Queued`] | not before when it can be claimed |
//! | [`Claimed`] | the [`Lease`] and the [`Brief`]: plan and policy, frozen by the claim |
//! | [`Running`] | the same, and when work began |
//! | [`Done`] | why the gate opened, what was published, the worker's words |
//! | [`Failed`], [`Cancelled`] | when and why, and what the last attempt was given |
//!
//! # A life
//!
//! ```
//! use sprintgate::domain::{gate::Policy, time::Timestamp};
//! use sprintgate::domain::job::{Change, Claim, Job, Kind, LEASE, Queued, Refusal, Status};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let (now, kind) = (Timestamp(0), Kind::TaskImplementation);
//! let (token, worker, policy) = ("token-1".parse()?, "laptop".parse()?, Policy::default());
//! let claim = Claim { token, worker, plan: "- `src/lib.rs`".into(), policy };
//!
//! let queued = Job { id: "job-1".parse()?, kind, attempt: 0, state: Queued { not_before: now } };
//! let claimed = queued.claim(claim, now, LEASE)?.next().clone();
//! let running = claimed.start(1, now, LEASE)?.next().clone();
//!
//! // Nobody takes it from a worker whose lease runs, and nobody but the holder speaks for it ...
//! let taken = running.clone().expire(now + LEASE);
//! assert_eq!(taken.unwrap_err(), Refusal::LeaseRuns { until: now + LEASE });
//! let strange = running.clone().release(2, "no repository", now);
//! assert_eq!(strange.unwrap_err(), Refusal::LeaseLost { yours: 2, current: 1 });
//!
//! // ... who gives it back here: the next attempt has to wait for ten seconds.
//! let again: Change = running.release(1, "no repository", now)?.into();
//! assert_eq!(again.after(), Status::Queued);
//! assert_eq!(again.row().not_before, Some(Timestamp(10_000)));
//! # Ok(())
//! # }
//! ```
//!
//! A move without an edge does not compile:
//!
//! ```compile_fail
//! # use sprintgate::domain::job::{Job, Queued};
//! # fn no_skipping_claimed(job: Job<Queued>) {
//! let step = job.start(1, Default::default(), Default::default());
//! # }
//! ```

mod clauses;
mod moves;
mod parse;
mod refusal;
mod row;
mod shape;
mod state;
mod step;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use moves::{Claim, Failure, REASON_MIN, Requeue, Stop};
pub use refusal::Refusal;
pub use row::Row;
pub use state::{
    ATTEMPTS_MAX, AnyJob, Brief, Cancelled, Claimed, Done, Failed, Held, Job, LEASE, Lease, Live,
    Publication, Queued, Running, State, Step,
};
pub use step::Change;
pub use table::{BORN, TRANSITIONS};
pub use words::{EndCause, Event, Kind, Status};
