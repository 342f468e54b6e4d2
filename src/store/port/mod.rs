//! The interface that every database implements. `flow` knows nothing else of a database.

mod backlog;
mod channel;
mod checkpoints;
mod effects;
mod executions;
mod hold;
mod ideas;
mod jobs;
mod ledger;
mod outbox;
mod prices;
mod pull_requests;
mod questions;
mod runs;
mod tokens;
mod tx;
mod workers;
mod worktrees;

pub use backlog::Backlog;
pub use channel::Channel;
pub use checkpoints::Checkpoints;
pub use effects::Effects;
pub use executions::Executions;
pub use hold::{Hold, Of};
pub use ideas::Ideas;
pub use jobs::Jobs;
pub use ledger::Ledger;
pub use outbox::Outbox;
pub use prices::Prices;
pub use pull_requests::PullRequests;
pub use questions::Questions;
pub use runs::Runs;
pub use tokens::{Requests, Tokens};
pub use tx::{Store, Tx};
pub use workers::Workers;
pub use worktrees::Worktrees;
