//! SQLite: one file, one writer at a time, everything in the process. Its SQL stays in here.

mod apply;
mod attempts;
mod backlog;
mod births;
mod catalogue;
mod cells;
mod effects;
mod entries;
mod error;
mod executions;
mod ideas;
mod job_notes;
mod job_queue;
mod job_rows;
mod jobs;
mod ledger;
mod open;
mod pbis;
mod pools;
mod probe;
mod products;
mod pull_requests;
mod questions;
mod readiness;
mod requests;
mod runs;
mod sprints;
mod statement;
mod stories;
mod tasks;
mod tokens;
mod tx;
mod workers;
mod worktrees;

pub use catalogue::statements;
pub use open::{Clock, SqliteStore};
