//! What a failed job does to its siblings: a list made here, shown by whoever asks, and carried out by
//! others. Its cancellations are written in the transaction of the failure; the rest is done after it, step
//! by step, each as often as it takes (`original` 7).
//!
//! ```
//! use sprintgate::domain::cascade::{Because, Sibling, Step, Tie, plan};
//! use sprintgate::domain::job::Status;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sibling = |id: &str, status, tie| -> Result<_, Box<dyn std::error::Error>> {
//! #     let (job, held) = (id.parse()?, status == Status::Running);
//! #     Ok(Sibling { job, status, attempt: held.into(), held, tie, repo: None, branch: None, prs: vec![] })
//! # };
//! let failed = sibling("job-1", Status::Failed, Tie::default())?;
//! let siblings = [
//!     sibling("job-2", Status::Queued, Tie { item: true, run: true })?,
//!     sibling("job-3", Status::Done, Tie { item: true, run: true })?,
//!     sibling("job-4", Status::Queued, Tie { item: false, run: true })?,
//!     sibling("job-5", Status::Queued, Tie::default())?,
//! ];
//! let planned = plan(&failed, &siblings);
//! let steps: Vec<Step> = planned.into_iter().map(|planned| planned.step).collect();
//!
//! // What has ended stays, and so does what has nothing in common with it.
//! let cancel = |job: &str, because| -> Result<_, Box<dyn std::error::Error>> {
//!     Ok(Step::Cancel { job: job.parse()?, from: Status::Queued, because })
//! };
//! assert_eq!(steps[0], cancel("job-2", Because::SameBacklogItem)?);
//! assert_eq!(steps[1], cancel("job-4", Because::SameRun)?);
//! # Ok(())
//! # }
//! ```
//!
//! What came of it is one line, for the failed job, beside its own error:
//!
//! ```
//! use sprintgate::domain::cascade::{Traced, What, trace};
//! use sprintgate::domain::effect::Status;
//!
//! let of = |what, status| Traced { what, status, passed_over: false };
//! let effects = [
//!     of(What::Close { url: "https://example.org/shop/pulls/7".into() }, Status::Done),
//!     of(What::DeleteBranch { branch: "feat/story-1".into() }, Status::Pending),
//! ];
//! assert_eq!(
//!     trace(2, &effects),
//!     "siblings_cancelled=2; closed=https://example.org/shop/pulls/7; waiting=1"
//! );
//! ```

mod group;
mod plan;
mod shown;
mod sibling;
mod starts;
mod step;
mod trace;
mod undo;

pub use plan::plan;
pub use sibling::{PrState, PullRequest, Sibling, Tie};
pub use starts::starts;
pub use step::{Because, Condition, Key, Planned, Step};
pub use trace::{TRACE_MAX, Traced, What, trace};
pub use undo::{closed_because, reverted_because};
