//! The task-execution machine. Each task of a sprint job is done in its turn and with a proof of its own.
//!
#![doc = include_str!("../../../docs/transitions/task_execution.md")]
//!
//! # What is known in which state
//!
//! | state | data |
//! |---|---|
//! | [`Pending`] | the commit that it will be judged from, where that is known |
//! | [`Running`] | that commit, and the [`Work`]: when it began, the last verdict, the agent's words |
//! | [`Done`] | the verdict that opened the gate; its commit is where the next task starts |
//! | [`Failed`] | what was shown, and the error |
//! | [`Skipped`] | the reason, and a person's [`Waiver`] where one is needed |
//!
//! # A life
//!
//! ```
//! use sprintgate::domain::execution::{
//!     AnyExecution, Execution, Pending, Refusal, Status, its_turn, judge,
//! };
//! use sprintgate::domain::gate::{Evidence, Head, Policy, Shut};
//! use sprintgate::domain::{commit::CommitId, time::Timestamp, verify::VerifyResult};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let now = Timestamp(0);
//! # let (base, commit) = (CommitId::new("a".repeat(40))?, CommitId::new("b".repeat(40))?);
//! # let pending = |order: u32, base: Option<CommitId>| -> Result<_, Box<dyn std::error::Error>> {
//! #     let (id, task) = (format!("execution-{order}").parse()?, format!("task-{order}").parse()?);
//! #     let (job, plan, policy) = ("job-1".parse()?, String::new(), Policy::default());
//! #     Ok(Execution { id, job, task, order, plan, policy, state: Pending { base } })
//! # };
//! let (first, second) = (pending(0, Some(base))?, pending(1, None)?);
//! let rows = [AnyExecution::Pending(first.clone()), AnyExecution::Pending(second.clone())];
//!
//! // One at a time, in order.
//! let early = its_turn(&rows, &second);
//! assert_eq!(early, Err(Refusal::NotItsTurn { order: 1, ahead: 0, status: Status::Pending }));
//! let turn = its_turn(&rows, &first)?;
//! let mut running = first.start(turn, now)?.next().clone();
//!
//! // No proof without a verdict.
//! let head = Head { commit: commit.clone(), dirty: 0 };
//! assert_eq!(judge(&running, None, &head), Err(Shut::NotVerified));
//! let seen = Evidence { result: VerifyResult::Aligned, commit, at: now };
//! running.state.work.evidence = Some(seen);
//! let proof = judge(&running, None, &head)?;
//! assert_eq!(running.finish(proof, now)?.edge().to, Status::Done);
//! # Ok(())
//! # }
//! ```

mod clauses;
mod moves;
mod parse;
mod passed;
mod refusal;
mod row;
mod state;
mod table;
mod turn;
mod words;

pub use clauses::CLAUSES;
pub use passed::{ExecutionPassed, judge};
pub use refusal::Refusal;
pub use row::{Change, Row};
pub use state::{
    AnyExecution, Done, Execution, Failed, Open, Pending, Running, Skipped, State, Step, Undone, Waiver, Work,
};
pub use table::{BORN, TRANSITIONS};
pub use turn::{Turn, base_of, its_turn};
pub use words::{Event, Status};
