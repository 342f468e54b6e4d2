//! The use cases, a verb a file: the only place where rules, store and git meet.
//!
//! Each is a method of [`Sprintgate`]: it checks who calls, reads rows under lock, has
//! [`domain`](crate::domain) decide, and writes what was decided and what follows from it in one transaction.
//! It imports `domain`, [`reading`](crate::reading), [`store`](crate::store), [`git`](crate::git) and
//! [`forge`](crate::forge), and names no database. Arguments and answers are the shapes in [`wire`]; the shells only carry
//! them.
//!
//! The promise: no transaction that writes is open while git works, and whatever happened meanwhile is found by a second
//! judgement and wins. A use case that did not happen is a [`FlowError`] with a stable code, the fact that is
//! missing, and whether a retry helps.
//!
//! ```
//! # #[cfg(not(feature = "sqlite"))]
//! # fn main() {}
//! # #[cfg(feature = "sqlite")]
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::{sync::Arc, time::Duration};
//!
//! use sprintgate::flow::{AddProduct, Session, Settings, Sprintgate};
//! use sprintgate::git::{Git, GitSettings};
//! use sprintgate::store::sqlite::{Clock, SqliteStore};
//!
//! # let folder = tempfile::tempdir()?;
//! # let at = folder.path();
//! let store = SqliteStore::open(&at.join("sprintgate.db"), Clock::Database).await?;
//! let git = Git::new(GitSettings {
//!     worktree_root: at.join("worktrees"),
//!     vault_root: at.join("vaults"),
//!     timeout: Duration::from_secs(120),
//!     credential_helper: None,
//! })?;
//! let app = Sprintgate::new(Arc::new(store), git, Settings::default());
//!
//! let (_, token) = app.enrol("ann", "laptop").await?;
//! let ann = Session::person(Some(&token), "desk".parse()?);
//! app.add_product(&ann, AddProduct { name: "shop".into(), ..AddProduct::default() }).await?;
//! let plan = "---
//! pbi: {title: Basket, priority: 1}
//! stories:
//! - {title: Fill it, priority: 1, tasks: [{title: Add an article, priority: 1}]}
//! ---
//! ";
//! assert_eq!(app.import(&ann, "shop", plan).await?.tasks.len(), 1);
//!
//! let stranger = Session::person(None, "desk".parse()?);
//! let refused = app.import(&stranger, "shop", plan).await.unwrap_err();
//! assert_eq!(refused.code(), "UNAUTHENTICATED");
//! # Ok(())
//! # }
//! ```

mod alive;
mod archive;
mod attempt_token;
mod audit;
mod board;
mod cancel;
mod cascade;
mod cascade_rows;
mod claim;
mod clones;
mod context;
mod create;
mod effects;
mod enrol;
mod error;
mod error_answer;
mod events;
mod explain;
mod follow;
mod follow_many;
mod fresh;
mod give_back;
mod health;
mod heartbeat;
mod holding;
mod import;
mod jobs;
mod keep;
mod keeper;
mod legal;
mod lines;
mod notices;
mod office;
mod plan_cascade;
mod prepare;
mod products;
mod publish;
mod queue;
mod readying;
mod renewals;
mod report;
mod request;
mod retry;
mod roll_up;
mod salvage;
mod session;
mod set_product;
mod sprintgate;
mod start_sprint;
mod sweep;
#[cfg(feature = "cli")]
mod take_job;
mod task_status;
mod text;
mod trace_cascade;
mod trailers;
mod undo;
mod upkeep;
mod verify;
mod wait;
pub mod wire;
mod worktrees;

pub use crate::store::{Confirmation, EffectRecord, JobFilter, Secret};
pub use archive::{Archive, read_archive};
pub use audit::Tail;
pub use effects::{Handler, Handlers, Outcome, Performed};
pub use error::FlowError;
pub use events::{EVENTS_KEPT, EventReader, Pruned};
pub use fresh::iso;
pub use import::Imported;
pub use keeper::Keeper;
pub use products::AddProduct;
pub use publish::{Away, Polled, Polls, PrRefusal};
pub use readying::{Readies, ReadyAsk, Unready};
pub use retry::Retry;
pub use salvage::PruneSalvages;
pub use session::{Caller, Session};
pub use set_product::SetProduct;
pub use sprintgate::{Settings, Sprintgate};
pub use start_sprint::{RunStarted, StartSprint};
pub use sweep::Swept;
pub use upkeep::{Copied, CopiedTable, Maintenance, Migrated};
pub use worktrees::TreesError;

// What the checks of a database take apart.
#[cfg(feature = "cli")]
pub(crate) use {claim::Taken, events::say_on, prepare::Workplace, verify::Judged};
