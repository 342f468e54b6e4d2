//! The job lifecycle for coding agents: no agent takes a job twice, finishes it without proof, or leaves it half
//! done without a trace.
//!
//! # The job
//!
//! ```text
//!           QUEUED           CLAIMED  RUNNING  DONE    FAILED                   CANCELLED
//! QUEUED    ·                claim    ·        ·       ·                        cancel
//! CLAIMED   release | expire ·        start    finish  fail | release | expire  cancel | skip
//! RUNNING   release | expire ·        ·        finish  fail | release | expire  cancel | skip
//! DONE      ·                ·        ·        ·       ·                        ·
//! FAILED    ·                ·        ·        ·       ·                        ·
//! CANCELLED ·                ·        ·        ·       ·                        ·
//! ```
//!
//! The table is [`domain::job::TRANSITIONS`]; [`domain::law`] has it for every machine. A job in state `S` is a
//! [`domain::job::Job<S>`], whose moves take it and return a step. A move that the table does not have does not
//! compile, and `finish` asks for a [`domain::gate::Passed`], which the gate alone can make:
//!
//! ```
//! use sprintgate::domain::commit::CommitId;
//! use sprintgate::domain::gate::{self, Evidence, Head, Policy, Shut};
//! use sprintgate::domain::id::{JobId, TokenId, WorkerId};
//! use sprintgate::domain::job::{AnyJob, Change, Claim, Job, Kind, LEASE, Queued, Status};
//! use sprintgate::domain::time::Timestamp;
//! use sprintgate::domain::verify::VerifyResult;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let now = Timestamp(1_000);
//! let job = Job {
//!     id: JobId::new("job-1")?,
//!     kind: Kind::TaskImplementation,
//!     attempt: 0,
//!     state: Queued { not_before: now },
//! };
//! let claim = Claim {
//!     token: TokenId::new("token-1")?,
//!     worker: WorkerId::new("laptop")?,
//!     plan: "- `src/lib.rs`: say hello".into(),
//!     policy: Policy::default(),
//! };
//! let claimed: Change = job.claim(claim, now, LEASE)?.into();
//! let AnyJob::Claimed(job) = AnyJob::try_from(claimed.row().clone())? else { unreachable!() };
//!
//! // The gate says what is missing ...
//! let commit = CommitId::new("a".repeat(40))?;
//! let head = Head { commit: commit.clone(), dirty: 0 };
//! let refused = gate::judge(&job.id, job.attempt, None, Policy::default(), None, &head);
//! assert_eq!(refused, Err(Shut::NotVerified));
//!
//! // ... and opens on evidence about the very commit that is there.
//! let seen = Evidence { result: VerifyResult::Aligned, commit, at: now };
//! let proof = gate::judge(&job.id, job.attempt, Some(&seen), Policy::default(), None, &head)?;
//! let done: Change = job.finish(1, proof, None, Some("said hello".into()), now)?.into();
//! assert_eq!(done.row().status, Status::Done);
//! # Ok(())
//! # }
//! ```
//!
//! # The layers
//!
//! `domain` decides, without IO. `store` applies a decided change in one guarded statement with its ledger row.
//! `git` keeps worktrees, the vault and pushes. `flow` is the use cases, a verb a file. `mcp`, `runner` and `cli`
//! are shells. Without default features the crate is `domain` alone and needs serde and thiserror only; each
//! further feature (`store`, `sqlite`, `git`, `flow`, `mcp`, `runner`, `cli`) adds one layer.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

#[cfg(feature = "cli")]
pub mod cli;
pub mod domain;
#[cfg(feature = "flow")]
pub mod flow;
#[cfg(feature = "git")]
pub mod git;
#[cfg(feature = "mcp")]
pub mod mcp;
#[cfg(feature = "runner")]
pub mod runner;
#[cfg(feature = "store")]
pub mod store;
