//! What is kept: rows, the one status-writing statement, and the ledger, behind traits that every database implements.
//!
//! No rule lives here: what may happen is decided in `domain`, and this layer applies it.

mod change;
mod error;
mod hash;
mod port;
mod records;
#[cfg(feature = "sqlite")]
pub mod sqlite;
mod token;

pub use change::{Change, Stamp};
pub use error::StoreError;
pub use hash::{GENESIS, digest, entry_hash};
pub use port::{
    Backlog, Effects, Executions, Ideas, Jobs, Ledger, PullRequests, Questions, Requests, Runs, Store,
    Tokens, Tx, Workers, Worktrees,
};
pub use records::*;
pub use token::{Secret, TokenHash};
