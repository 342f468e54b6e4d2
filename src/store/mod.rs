//! What is kept: rows, the one status-writing statement, and the ledger, behind traits that every database
//! implements.
//!
//! No rule lives here: what may happen is decided in [`domain`](crate::domain), the one module that this one
//! imports, and applied here. [`Store`] begins transactions, and a [`Tx`] is everything that can be done in
//! one. `sqlite` keeps all in a file, `postgres` on a server that many processes share; their SQL does not leave them.
//!
//! What every database says alike, from the statements to the reading of their rows, stands in the folder `sql`,
//! which is no module of its own: the module of a database includes its files by `#[path]`, so that they are
//! compiled once for each, against that database's own `dialect`, `moved`, `values`, `waker`, `error` and `doubt`. sqlx's
//! `Any` driver
//! has neither documents nor times nor LISTEN, and functions that are generic over a database need a page of
//! bounds each; text that is compiled twice needs nothing, and stays SQL that can be read.
//!
//! The promise: a status changes in [`Tx::apply`] and nowhere else, in one statement that is guarded by what
//! the decision saw, in one transaction with its row of the ledger. Who decided on something that is no
//! longer true gets [`StoreError::Lost`], and nothing was written. The crate's page has that as an example;
//! here is the other half, that a transaction lasts as a whole or not at all:
//!
//! ```
//! # #[cfg(not(feature = "sqlite"))]
//! # fn main() {}
//! # #[cfg(feature = "sqlite")]
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use sprintgate::store::sqlite::{Clock, SqliteStore};
//! use sprintgate::store::{NewUser, Store};
//!
//! # let folder = tempfile::tempdir()?;
//! let store = SqliteStore::open(&folder.path().join("sprintgate.db"), Clock::Database).await?;
//! let ann = NewUser { id: "user-1".parse()?, username: "ann".into(), is_demo: false };
//!
//! let mut tx = store.begin().await?;
//! tx.add_user(&ann).await?;
//! drop(tx); // without `commit`
//! assert_eq!(store.read().await?.user_named("ann").await?, None);
//!
//! let mut tx = store.begin().await?;
//! tx.add_user(&ann).await?;
//! tx.commit().await?;
//! assert!(store.read().await?.user_named("ann").await?.is_some());
//! # Ok(())
//! # }
//! ```

#![allow(clippy::duplicate_mod, reason = "the shared statements are compiled once for each database")]

mod change;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod clock;
mod error;
mod hash;
mod port;
#[cfg(feature = "postgres")]
pub mod postgres;
mod records;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod repo_key;
#[cfg(feature = "sqlite")]
pub mod sqlite;
mod token;

pub use change::{Change, Stamp};
pub use error::StoreError;
#[cfg(feature = "flow")]
pub(crate) use hash::hex;
pub use hash::{ArchivedRows, GENESIS, MARK, archive_hash, checkpoint_hash, digest, entry_hash};
pub use port::{
    Archives, Backlog, Channel, Checkpoints, Effects, Executions, Hold, Ideas, Jobs, Leavers, Ledger, Many,
    Of, Outbox, Prices, PullRequests, Questions, Requests, Runs, Salvages, Standing, Store, Terms, Tokens,
    Tx, Upkeep, Whole, Workers, Worktrees,
};
pub use records::*;
pub use token::{Secret, TokenHash};
