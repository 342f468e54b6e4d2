//! The SQLite store: its claims, its guards, its ledger and its plans.

mod backlog;
mod checkpoints;
mod checks;
mod claims;
mod codes;
mod ctx;
mod guards;
mod ledger;
mod matrix;
mod opening;
mod plans;
mod queue;
mod raw;
mod rows;
mod tokens;
mod upgrade;
