//! The verify gate: no job is DONE without [`Passed`], and only the gate makes one.
//!
//! What a verdict opens ([`weigh`]), by what the task demands ([`Policy`], frozen when the job was claimed):
//!
//! | verdict | `ALIGNED` demanded | `ALIGNED_OR_PARTIAL` | `ANY` |
//! |---|---|---|---|
//! | ALIGNED | opens | opens | opens |
//! | PARTIAL, DIVERGENT | shut | opens with a summary of 20 characters | opens |
//! | EMPTY | opens for a task that only checks something | the same | the same |
//! | none | shut | shut | shut |
//!
//! Then the worktree must be at the commit that the verdict is about, with nothing left uncommitted
//! ([`judge`]). A sprint job is judged by all of its tasks ([`judge_sprint`]); work without code needs no
//! verdict ([`exempt`]); a person can take responsibility ([`waive`]).
//!
//! ```
//! use sprintgate::domain::gate::{Evidence, Head, Policy, Shut, judge};
//! use sprintgate::domain::verify::VerifyResult;
//! use sprintgate::domain::{commit::CommitId, id::JobId, time::Timestamp};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let (job, policy) = ("job-1".parse::<JobId>()?, Policy::default());
//! let result = VerifyResult::Partial;
//! let (verified, later) = (CommitId::new("a".repeat(40))?, CommitId::new("b".repeat(40))?);
//! let seen = Evidence { result, commit: verified.clone(), at: Timestamp(0) };
//!
//! // A deviation needs words ...
//! let head = Head { commit: verified.clone(), dirty: 0 };
//! let refused = judge(&job, 1, Some(&seen), policy, Some("sorry"), &head);
//! assert_eq!(refused, Err(Shut::Unexplained { result, found: 5 }));
//!
//! // ... a verdict is about its own commit only ...
//! let words = Some("The test stands in `tests/api.rs`, beside its neighbours.");
//! let moved = Head { commit: later.clone(), dirty: 0 };
//! let refused = judge(&job, 1, Some(&seen), policy, words, &moved);
//! assert_eq!(refused, Err(Shut::Stale { verified, head: later }));
//!
//! // ... and the proof is for this attempt of this job.
//! let proof = judge(&job, 1, Some(&seen), policy, words, &head)?;
//! assert_eq!((proof.job(), proof.attempt()), (&job, 1));
//! # Ok(())
//! # }
//! ```

mod aggregate;
mod blocker;
mod evidence;
mod judge;
mod passed;
mod policy;

pub use aggregate::{Line, judge_sprint};
pub use blocker::{Blocker, Label, Reason};
pub use evidence::Evidence;
pub(in crate::domain) use judge::examine;
pub use judge::{Head, Shut, exempt, exempt_answered, judge, waive, weigh};
pub use passed::{Grounds, Passed};
pub use policy::{Policy, Required, SUMMARY_MIN};
