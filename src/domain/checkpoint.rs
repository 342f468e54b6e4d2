//! When the ledger is bound by the next checkpoint: before many rows, or any row for long, stand without one.
//!
//! ```
//! use sprintgate::domain::{checkpoint::{ROWS, is_due}, time::Millis};
//!
//! assert!(is_due(u64::from(ROWS), Millis(0)));
//! assert!(is_due(1, Millis::minutes(10)));
//! assert!(!is_due(1, Millis::minutes(9)));
//! ```

use super::time::Millis;

/// The most rows that one checkpoint binds, and so many rows that one is due.
pub const ROWS: u32 = 1000;

/// How long a row stands without a checkpoint before one is due.
pub const AGE: Millis = Millis::minutes(10);

/// Whether a checkpoint is due, when so many rows wait for one and the oldest of them is so old.
#[must_use]
pub fn is_due(waiting: u64, oldest: Millis) -> bool {
    waiting >= u64::from(ROWS) || (waiting > 0 && oldest >= AGE)
}
