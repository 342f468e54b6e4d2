//! Checks on PostgreSQL: in a schema of their own, on the server and in the database that a URL names.

mod bench;
mod raw;
mod schema;

pub(super) use bench::PostgresBench;
pub use raw::SPELLING;
pub use schema::{Schema, clean, left_over};
