//! What SQLite's errors mean to the layers above.

use sqlx::error::DatabaseError;

use crate::store::StoreError;

/// SQLITE_BUSY, SQLITE_LOCKED, and SQLITE_PROTOCOL, which is a race for the lock of the write-ahead log; the rest of an
/// extended code is in the higher bits.
const BUSY: [i64; 3] = [5, 6, 15];
/// SQLITE_CONSTRAINT.
const CONSTRAINT: i64 = 19;
const DUPLICATE: &str = "duplicate key: ";

pub(super) fn store_error(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::PoolTimedOut => StoreError::Busy(Box::new(error)),
        sqlx::Error::ColumnDecode { index, .. } => {
            StoreError::Inconsistent { what: format!("column {index} has another type than it should") }
        }
        sqlx::Error::Database(said) => match told(said.as_ref()) {
            Some(told) => told,
            None if BUSY.contains(&code(said.as_ref())) => StoreError::Busy(Box::new(error)),
            None => StoreError::Database(Box::new(error)),
        },
        _ => StoreError::Database(Box::new(error)),
    }
}

fn code(said: &dyn DatabaseError) -> i64 {
    said.code().and_then(|code| code.parse::<i64>().ok()).unwrap_or(0) & 0xff
}

/// What a refused row says: SQLite names the constraint after a colon, a trigger of ours says it all.
fn told(said: &dyn DatabaseError) -> Option<StoreError> {
    if code(said) != CONSTRAINT {
        return None;
    }
    let message = said.message();
    if let Some(key) = message.strip_prefix(DUPLICATE) {
        return Some(StoreError::Duplicate { key: key.to_owned() });
    }
    if let Some(key) = message.strip_prefix("UNIQUE constraint failed: ") {
        return Some(StoreError::Duplicate { key: key.to_owned() });
    }
    let rule = message.strip_prefix("CHECK constraint failed: ").unwrap_or(message);
    Some(StoreError::Refused { rule: rule.to_owned() })
}
