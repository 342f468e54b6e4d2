//! A term of office.

use crate::domain::time::Timestamp;

/// Who holds an office, since when and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The holder's name for itself; no other process has it.
    pub holder: String,
    /// When the holder took it.
    pub since: Timestamp,
    /// When it ends, unless it is renewed.
    pub until: Timestamp,
}
