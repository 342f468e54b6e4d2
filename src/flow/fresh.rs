//! New ids, and times as people and agents read them.

use jiff::Timestamp as Moment;

use super::FlowError;
use crate::domain::id::BadId;
use crate::domain::time::Timestamp;
use crate::store::StoreError;

/// A new id: 32 hexadecimal digits that sort by time and end in randomness.
pub(super) fn id<T: TryFrom<String, Error = BadId>>() -> T {
    let text = uuid::Uuid::now_v7().simple().to_string();
    match T::try_from(text) {
        Ok(id) => id,
        Err(bad) => unreachable!("32 hexadecimal digits are an id: {bad}"),
    }
}

/// The system has no randomness, and so no token can be made.
pub(super) fn no_randomness(error: &getrandom::Error) -> FlowError {
    FlowError::Store(StoreError::Database(error.to_string().into()))
}

/// A time in ISO 8601, UTC, with milliseconds.
#[must_use]
pub fn iso(at: Timestamp) -> String {
    match Moment::from_millisecond(at.0) {
        Ok(moment) => format!("{moment:.3}"),
        Err(_) => format!("{}ms", at.0),
    }
}

/// The UTC day of a time, as `2026-11-21`.
pub(super) fn day(at: Timestamp) -> String {
    iso(at).chars().take(10).collect()
}
