//! Checks on SQLite: a file in a folder that is thrown away.

mod bench;
mod raw;

pub(super) use bench::SqliteBench;
pub use raw::SPELLING;
