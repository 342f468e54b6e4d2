//! How long to wait before the next try: of a job after an attempt that was given back, of an effect after a
//! try that failed.
//!
//! ```
//! use sprintgate::domain::{backoff, time::Millis};
//!
//! assert_eq!([1, 2, 3].map(backoff::after), [10, 20, 40].map(Millis::seconds));
//! assert_eq!(backoff::after(u32::MAX), Millis::minutes(30));
//! ```

use super::time::Millis;

const FIRST: Millis = Millis::seconds(10);
const LONGEST: Millis = Millis::minutes(30);

/// The wait after the `attempt`-th claim or try: 10 s, doubled each time, at most 30 minutes.
#[must_use]
pub fn after(attempt: u32) -> Millis {
    let doublings = attempt.saturating_sub(1).min(20);
    Millis((FIRST.0 << doublings).min(LONGEST.0))
}
