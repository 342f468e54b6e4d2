//! New ids, and times as people and agents read them.

use jiff::Timestamp as Moment;

use crate::domain::time::Timestamp;

/// A new id: 32 hexadecimal digits that sort by time and end in randomness.
pub(super) fn id<T: TryFrom<String>>() -> T
where
    T::Error: std::fmt::Debug,
{
    let text = uuid::Uuid::now_v7().simple().to_string();
    match T::try_from(text) {
        Ok(id) => id,
        Err(error) => unreachable!("32 hexadecimal digits are an id: {error:?}"),
    }
}

/// A time in ISO 8601, UTC, with milliseconds.
#[must_use]
pub fn iso(at: Timestamp) -> String {
    match Moment::from_millisecond(at.0) {
        Ok(moment) => format!("{moment:.3}"),
        Err(_) => format!("{}ms", at.0),
    }
}
