//! The worktree-lease machine. An attempt gets all of its locks or none, and loses them when it gives no sign
//! of life.
//!
#![doc = include_str!("../../../docs/transitions/worktree.md")]
//!
//! The table goes on to the right; [in a picture](#in-a-picture) it can be seen whole.
//!
//! # What is known in which state
//!
//! | state | data |
//! |---|---|
//! | [`Idle`] | nothing |
//! | [`AcquiringLock`] | the locks it waits for, since when, and its lease; it holds none of them |
//! | [`CreatingOrReusing`], [`Syncing`], [`Ready`], [`Releasing`] | the [`Hold`]: its locks, until when |
//! | [`LockTimeout`] | the lock that somebody else held |
//! | [`SyncFailed`] | git's words |
//! | [`Released`], [`StaleReleased`] | when |
//!
//! # A life
//!
//! ```
//! use sprintgate::domain::job::{Kind, LEASE};
//! use sprintgate::domain::time::Timestamp;
//! use sprintgate::domain::worktree::{
//!     AnyWorktree, Idle, Places, Refusal, Status, Worktree, locks_of,
//! };
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let now = Timestamp(0);
//! let branch = ("https://example.org/shop.git".parse()?, "feat/story-1".parse()?);
//! let places = Places { branches: vec![branch], products: vec![] };
//! let locks = locks_of(Kind::TaskImplementation, places).locks.ok_or("it needs no worktree")?;
//! let wait = |job: &str| -> Result<_, Box<dyn std::error::Error>> {
//!     let idle = Worktree { job: job.parse()?, attempt: 1, state: Idle };
//!     Ok(idle.ask(locks.clone(), now, LEASE).next().clone())
//! };
//! let first = wait("job-1")?.acquire(&[], now)?.next().clone();
//!
//! // All locks or none: the second waits, and says for whom.
//! let held = [AnyWorktree::CreatingOrReusing(first.clone())];
//! let refused = wait("job-2")?.acquire(&held, now);
//! let Err(Refusal::Held { job, attempt: 1, .. }) = refused else { unreachable!() };
//! assert_eq!(job.as_str(), "job-1");
//!
//! let ready = first.made().next().clone().synced().next().clone();
//! let released = ready.release().next().clone().released(now);
//! assert_eq!(released.edge().to, Status::Released);
//! # Ok(())
//! # }
//! ```
//!
//! # In a picture
//!
#![doc = include_str!("../../../docs/transitions/worktree.svg")]

mod clauses;
mod fate;
mod lock;
mod moves;
mod parse;
mod refusal;
mod row;
mod state;
mod table;
mod words;

pub use clauses::CLAUSES;
pub use fate::{Fate, Leave, Stay, Tenancy, has_left};
pub use lock::{BadLocks, Lock, Locks, Needs, Places, locks_of};
pub use refusal::Refusal;
pub use row::{Change, Row};
pub use state::{
    AcquiringLock, AnyWorktree, CreatingOrReusing, Held, Hold, Idle, InUse, LOCK_WAIT, Leased, LockTimeout,
    Making, Ready, Released, Releasing, StaleReleased, State, Step, SyncFailed, Syncing, Waiting, Worktree,
};
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Status};
