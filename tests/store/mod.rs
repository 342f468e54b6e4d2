//! The SQLite store: its claims, its guards, its ledger and its plans.

mod claims;
mod ctx;
mod plans;
