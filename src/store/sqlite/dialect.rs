//! What the shared statements call SQLite by.

use sqlx::sqlite::{SqliteArguments, SqliteRow};

use super::statement::statements;

pub(super) type Db = sqlx::Sqlite;
pub(super) type DbRow = SqliteRow;
pub(super) type DbArguments = SqliteArguments;

statements! {
    NOW = "SELECT CAST(round(unixepoch('subsec') * 1000) AS INTEGER)";
}

/// The statements that SQLite alone runs.
pub(super) const OWN: &[&[(&str, &str)]] = &[ALL, super::open::ALL, super::probe::ALL];

/// The statement that reads the database's clock, in milliseconds since 1970.
pub(super) const CLOCK: &str = NOW;
