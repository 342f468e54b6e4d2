//! The attempt machine. An attempt is HELD until a move of its job ends it; what its claim froze never
//! changes.
//!
#![doc = include_str!("../../../docs/transitions/attempt.md")]
//!
//! # What is known in which state
//!
//! | state | data |
//! |---|---|
//! | [`Held`] | [`Frozen`]: token, worker, host, plan, policy, branch, when it was claimed |
//! | every end | the same, and when it ended |
//!
//! # A life
//!
//! ```
//! use sprintgate::domain::attempt::{Attempt, Refusal, Status};
//! use sprintgate::domain::{gate::Policy, time::Timestamp};
//! use sprintgate::domain::job::{Change, Claim, Job, Kind, LEASE, Queued, Stop};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let now = Timestamp(0);
//! # let job = |id: &str| -> Result<_, Box<dyn std::error::Error>> {
//! #     let kind = Kind::TaskImplementation;
//! #     Ok(Job { id: id.parse()?, kind, attempt: 0, state: Queued { not_before: now } })
//! # };
//! # let (token, worker) = ("token-1".parse()?, "laptop".parse()?);
//! # let claim = Claim { token, worker, plan: String::new(), policy: Policy::default() };
//! let claimed = job("job-1")?.claim(claim, now, LEASE)?;
//! let attempt = Attempt::begun(&claimed, "laptop".into(), None);
//! assert_eq!(attempt.number, 1);
//!
//! // The end of another job is not its end ...
//! let other: Change = job("job-2")?.cancel(Stop::by_user("not needed"), now).into();
//! assert!(matches!(attempt.clone().follow(&other, now), Err(Refusal::ForeignMove { .. })));
//!
//! // ... and that of its own job is.
//! let own: Change = claimed.next().clone().cancel(Stop::by_user("not needed"), now).into();
//! let ended = attempt.follow(&own, now)?.ok_or("it goes on")?;
//! assert_eq!(ended.after(), Status::Cancelled);
//! # Ok(())
//! # }
//! ```

mod clauses;
mod moves;
mod refusal;
mod row;
mod state;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use moves::ended_by;
pub use refusal::Refusal;
pub use row::{Change, Row};
pub use state::{
    AnyAttempt, Attempt, Cancelled, Expired, Failed, Finished, Frozen, GivenBack, Held, Skipped, State, Step,
};
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
