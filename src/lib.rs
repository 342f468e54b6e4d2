//! The job lifecycle for coding agents: no agent takes a job twice, finishes it without proof, or leaves it
//! half done without a trace.
//!
//! # The job, in one table
//!
#![doc = include_str!("../docs/transitions/job.md")]
//!
//! The table is written once, in [`domain::job`]; the types below, the rules of the database and every
//! document come from it. [`domain::law`] has all machines.
//!
//! ```
//! use sprintgate::domain::job::{Event, Status};
//! assert_eq!(Status::Queued.legal_next(), [Event::Claim, Event::Cancel]);
//! assert_eq!(Status::Done.legal_next(), []);
//! ```
//!
//! # Typed moves
//!
//! A job in state `S` is a [`Job<S>`](domain::job::Job). A move takes it and returns a
//! [`Step`](domain::machine::Step): decided, not yet written. A move that the table does not have does not
//! compile, and `finish` asks for a [`Passed`](domain::gate::Passed), which only the [gate](domain::gate)
//! makes:
//!
//! ```
//! # use sprintgate::domain::gate::{self, Evidence, Head, Policy, Shut};
//! # use sprintgate::domain::job::{Claim, Job, Kind, LEASE, Publication, Queued, Status};
//! # use sprintgate::domain::{commit::CommitId, time::Timestamp, verify::VerifyResult};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let (now, policy) = (Timestamp(1_000), Policy::default());
//! # let (token, worker) = ("token-1".parse()?, "laptop".parse()?);
//! let claim = Claim { token, worker, plan: "- `src/lib.rs`: say hello".into(), policy };
//! let (id, kind) = ("job-1".parse()?, Kind::TaskImplementation);
//! let job = Job { id, kind, attempt: 0, state: Queued { not_before: now } };
//! let mut job = job.claim(claim, now, LEASE)?.next().clone(); // a Job<Claimed>
//!
//! // The gate says what is missing ...
//! let commit = CommitId::new("a".repeat(40))?;
//! let head = Head { commit: commit.clone(), dirty: 0 };
//! assert_eq!(gate::judge(&job.id, 1, None, policy, None, &head), Err(Shut::NotVerified));
//!
//! // ... and opens on a verdict about the very commit that is there.
//! job.state.brief.evidence = Some(Evidence { result: VerifyResult::Aligned, commit, at: now });
//! let proof = gate::judge(&job.id, 1, job.state.brief.evidence.as_ref(), policy, None, &head)?;
//! let published = Publication { commit: head.commit, at: now };
//! assert_eq!(job.finish(1, proof, Some(published), None, now)?.edge().to, Status::Done);
//! # Ok(())
//! # }
//! ```
//!
//! # The store
//!
//! It writes a decided move in one statement, guarded by what the decision saw, together with its row of the
//! ledger. Of two workers that read the same queued `job` and make the same `claim`, the second is refused:
//!
//! ```
//! # #[cfg(not(feature = "sqlite"))]
//! # fn main() {}
//! # #[cfg(feature = "sqlite")]
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use sprintgate::domain::{actor::Actor, gate::Policy, id::JobId};
//! # use sprintgate::domain::job::{AnyJob, Claim, Kind, LEASE};
//! # use sprintgate::domain::run::PrStrategy;
//! # use sprintgate::store::sqlite::{Clock, SqliteStore};
//! # use sprintgate::store::{
//! #     Change, NewIdea, NewJob, NewProduct, NewToken, NewUser, Secret, Stamp, Store, StoreError, TokenKind,
//! # };
//! # let folder = tempfile::tempdir()?;
//! let store = SqliteStore::open(&folder.path().join("sprintgate.db"), Clock::Database).await?;
//! let mut tx = store.begin().await?;
//! # let (stamp, id) = (Stamp::of(Actor::System), "job-1".parse::<JobId>()?);
//! # tx.add_user(&NewUser { id: "ann".parse()?, username: "ann".into(), is_demo: false }).await?;
//! # let token = NewToken {
//! #     id: "token-1".parse()?,
//! #     user: "ann".parse()?,
//! #     hash: Secret::shown("secret").hash(),
//! #     kind: TokenKind::Implementation,
//! #     label: None,
//! #     expires_at: None,
//! #     scope: None,
//! # };
//! # tx.add_token(&token).await?;
//! # let product = NewProduct {
//! #     id: "shop".parse()?,
//! #     user: "ann".parse()?,
//! #     name: "Shop".into(),
//! #     code: None,
//! #     description: None,
//! #     repo_url: None,
//! #     definition_of_done: "tests pass".into(),
//! #     pr_strategy: PrStrategy::Story,
//! #     cascade_on_infrastructure: false,
//! #     auto_pr: false,
//! #     push_salvage: false,
//! #     trailers: false,
//! # };
//! # tx.add_product(&product).await?;
//! # let idea = NewIdea {
//! #     id: "idea-1".parse()?,
//! #     user: "ann".parse()?,
//! #     product: Some("shop".parse()?),
//! #     code: "IDEA-001".into(),
//! #     title: "A better basket".into(),
//! #     description: None,
//! # };
//! # tx.add_idea(&idea, &stamp).await?;
//! # let job = NewJob {
//! #     id: id.clone(),
//! #     user: "ann".parse()?,
//! #     product: "shop".parse()?,
//! #     task: None,
//! #     idea: Some("idea-1".parse()?),
//! #     run: None,
//! #     kind: Kind::PlanChat,
//! #     sequence: 0,
//! #     branch: None,
//! #     repo_url: None,
//! #     ready: true,
//! # };
//! # let (token, worker) = ("token-1".parse()?, "laptop".parse()?);
//! # let claim = Claim { token, worker, plan: String::new(), policy: Policy::default() };
//! tx.add_job(&job, &stamp).await?;
//! let record = tx.job(&id).await?.ok_or("no such job")?;
//! let AnyJob::Queued(job) = AnyJob::try_from(record.row)? else { unreachable!() };
//! let claimed = Change::Job(job.claim(claim, tx.now(), LEASE)?.into());
//!
//! tx.apply(claimed.clone(), &stamp).await?;
//! let again = tx.apply(claimed, &stamp).await;
//! assert!(matches!(again, Err(StoreError::Lost { expected: "QUEUED", .. })));
//!
//! let ledger = tx.history("job", "job-1", 10).await?;
//! assert_eq!(ledger.iter().map(|row| &*row.event).collect::<Vec<_>>(), ["create", "claim"]);
//! # tx.commit().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Where to read next
//!
//! - [`domain`] is the table of contents of the rules; [`domain::job`] and [`domain::gate`] are the chapters
//!   to begin with, and [`domain::machine`] says how to add an edge.
//! - [`reading`] reads what comes in as text, [`store`] applies what `domain` decided, [`git`] keeps worktrees
//!   and the vault and pushes, [`forge`] speaks to GitHub and Forgejo, and [`flow`] brings them together: the
//!   use cases, a verb a file.
//! - [`mcp`] (for agents), [`runner`] (which starts agents) and [`cli`] (for people) are shells around
//!   `flow`.
//!
//! Each layer is a feature of its name, and `sqlite` and `postgres` are the databases. Without default features the crate is
//! `domain` alone and needs serde and thiserror only.
//!
#![cfg_attr(
    feature = "cli",
    doc = "[`reading`]: reading\n[`store`]: store\n[`git`]: git\n[`forge`]: forge\n[`flow`]: flow\n[`mcp`]: mcp\n[`runner`]: runner\n[`cli`]: cli"
)]
#![cfg_attr(
    not(feature = "cli"),
    doc = "[`reading`]: #\n[`store`]: #\n[`git`]: #\n[`forge`]: #\n[`flow`]: #\n[`mcp`]: #\n[`runner`]: #\n[`cli`]: #"
)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod conformance;
pub mod domain;
#[cfg(feature = "flow")]
pub mod flow;
#[cfg(feature = "forge")]
pub mod forge;
#[cfg(feature = "git")]
pub mod git;
#[cfg(feature = "mcp")]
pub mod mcp;
#[cfg(feature = "reading")]
pub mod reading;
#[cfg(feature = "runner")]
pub mod runner;
#[cfg(feature = "store")]
pub mod store;
