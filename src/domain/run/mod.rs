//! The sprint-run machine. A run hands out jobs while it is QUEUED or RUNNING, and ends when none of them is
//! open any more, or at once when a failure cascades.
//!
#![doc = include_str!("../../../docs/transitions/sprint_run.md")]
//!
//! # What is known in which state
//!
//! | state | data |
//! |---|---|
//! | [`Queued`] | nothing yet |
//! | [`Running`] | when its first job was claimed |
//! | [`Paused`] | the same, and the [`Pause`]: why, and what a person should do |
//! | [`Done`], [`Failed`], [`Cancelled`] | when; for a failure why, and the task whose job failed |
//!
//! # A life
//!
//! ```
//! use sprintgate::domain::run::{
//!     Pause, PauseReason, PrStrategy, Queued, Refusal, Run, Status, Tally, Verdict, settle,
//! };
//! use sprintgate::domain::time::Timestamp;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let now = Timestamp(0);
//! let run = Run { id: "run-1".parse()?, state: Queued };
//! let running = run.claim_first(now).next().clone();
//! let pause = Pause::QuotaDepleted {
//!     last_completed: None,
//!     resume_instructions: "Resume the run tomorrow.".into(),
//!     paused_at: now,
//! };
//! let paused = running.pause(pause).next().clone();
//!
//! // Only a batch goes on in a new run; this one resumes where it is.
//! let (strategy, reason) = (PrStrategy::Story, PauseReason::QuotaDepleted);
//! let refused = paused.clone().supersede(strategy, None, now);
//! assert_eq!(refused.unwrap_err(), Refusal::ResumesInPlace { strategy, reason });
//!
//! // It ends by the tally of its jobs.
//! let running = paused.resume().next().clone();
//! let tally = Tally { done: 1, ..Tally::default() };
//! assert_eq!(settle(Tally { open: 1, ..tally }, false), Verdict::GoesOn);
//! assert_eq!(settle(Tally { skipped: 1, ..tally }, false), Verdict::Complete);
//! assert_eq!(running.complete(now).edge().to, Status::Done);
//! # Ok(())
//! # }
//! ```

mod clauses;
mod moves;
mod pause;
mod refusal;
mod row;
mod settle;
mod state;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use moves::{Continuation, REASON_MAX};
pub use pause::{LastCompleted, Pause};
pub use refusal::Refusal;
pub use row::{Change, Row};
pub use settle::{Tally, Verdict, settle};
pub use state::{AnyRun, Cancelled, Done, Failed, Live, Paused, Queued, Run, Running, State, Step};
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, PauseReason, PrStrategy, Status};
