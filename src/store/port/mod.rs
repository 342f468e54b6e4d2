//! The interface that every database implements. `flow` knows nothing else of a database.

mod backlog;
mod jobs;
mod ledger;
mod runs;
mod tokens;
mod tx;

pub use backlog::Backlog;
pub use jobs::Jobs;
pub use ledger::Ledger;
pub use runs::Runs;
pub use tokens::{Requests, Tokens};
pub use tx::{Store, Tx};
