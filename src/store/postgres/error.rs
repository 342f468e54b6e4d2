//! What PostgreSQL's errors mean to the layers above, in the words that SQLite has for the same.

use sqlx::postgres::PgDatabaseError;

use crate::store::StoreError;

/// SQLSTATEs after which the same call may succeed: a lost race (40001, 40P01), a lock or a statement that took too
/// long (55P03, 57014), a server that has no connection left (53300).
const BUSY: [&str; 5] = ["40001", "40P01", "55P03", "57014", "53300"];
/// SQLSTATEs of a server that hangs up: it stops, starts or crashed (57P01 to 57P03), somebody ended the session
/// (57P01), or the session was silent for too long (57P05, 25P03, 25P04).
const AWAY: [&str; 6] = ["57P01", "57P02", "57P03", "57P05", "25P03", "25P04"];
/// SQLSTATEs of connections.
const CONNECTION: &str = "08";
const UNIQUE: &str = "23505";
const NOT_NULL: &str = "23502";
/// Integrity constraints, and what the guards raise.
const CONSTRAINT: &str = "23";

pub(super) fn store_error(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::PoolTimedOut => StoreError::Busy(Box::new(error)),
        sqlx::Error::Io(_) => StoreError::Away(Box::new(error)),
        sqlx::Error::ColumnDecode { index, .. } => {
            StoreError::Inconsistent { what: format!("column {index} has another type than it should") }
        }
        sqlx::Error::Database(said) => match said.try_downcast_ref::<PgDatabaseError>() {
            Some(said) if BUSY.contains(&said.code()) => StoreError::Busy(Box::new(error)),
            Some(said) if AWAY.contains(&said.code()) || said.code().starts_with(CONNECTION) => {
                StoreError::Away(Box::new(error))
            }
            Some(said) => told(said).unwrap_or_else(|| StoreError::Database(Box::new(error))),
            None => StoreError::Database(Box::new(error)),
        },
        _ => StoreError::Database(Box::new(error)),
    }
}

fn told(said: &PgDatabaseError) -> Option<StoreError> {
    if !said.code().starts_with(CONSTRAINT) {
        return None;
    }
    if said.code() == UNIQUE {
        return Some(StoreError::Duplicate { key: key(said) });
    }
    let rule = match (said.code(), said.constraint(), said.table(), said.column()) {
        (NOT_NULL, _, Some(table), Some(column)) => format!("NOT NULL constraint failed: {table}.{column}"),
        (_, Some(name), ..) => name.to_owned(),
        _ => said.message().to_owned(),
    };
    Some(StoreError::Refused { rule })
}

/// The columns of a key that is there already: `Key (a, b)=(1, 2) already exists.`
fn key(said: &PgDatabaseError) -> String {
    let columns = said.detail().and_then(|detail| detail.strip_prefix("Key (")?.split(")=").next());
    match (columns, said.table()) {
        (Some(columns), Some(table)) => {
            columns.split(", ").map(|column| format!("{table}.{column}")).collect::<Vec<_>>().join(", ")
        }
        _ => said.constraint().unwrap_or_else(|| said.message()).to_owned(),
    }
}
