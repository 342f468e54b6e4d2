//! How long to wait before the next try: of a job after an attempt that was given back, of an effect after a
//! try that failed, of a transaction that the database could not carry out.
//!
//! ```
//! use sprintgate::domain::{backoff, time::Millis};
//!
//! assert_eq!([1, 2, 3].map(backoff::after), [10, 20, 40].map(Millis::seconds));
//! assert_eq!(backoff::after(u32::MAX), Millis::minutes(30));
//! assert_eq!([1, 2, 3].map(|failed| backoff::drawn(failed, u32::MAX)), [20, 40, 80].map(Millis));
//!
//! // Those who failed together do not come back together.
//! assert_eq!([0, u32::MAX].map(|dice| backoff::spread(Millis::seconds(20), dice)), [20, 25].map(Millis::seconds));
//! ```

use super::time::Millis;

const FIRST: Millis = Millis::seconds(10);
const LONGEST: Millis = Millis::minutes(30);

const FIRST_DRAWN: Millis = Millis(20);
const LONGEST_DRAWN: Millis = Millis::seconds(1);

/// The wait after the `attempt`-th claim or try: 10 s, doubled each time, at most 30 minutes.
#[must_use]
pub fn after(attempt: u32) -> Millis {
    let doublings = attempt.saturating_sub(1).min(20);
    Millis((FIRST.0 << doublings).min(LONGEST.0))
}

/// The wait after the `failed`-th failure in a row of something that many do at once: a share of 20 ms, doubled each
/// time, at most of a second. The share is `roll` of `u32::MAX`; whoever draws it anew each time meets the others less.
#[must_use]
pub fn drawn(failed: u32, roll: u32) -> Millis {
    let doublings = failed.saturating_sub(1).min(20);
    let longest = (FIRST_DRAWN.0 << doublings).min(LONGEST_DRAWN.0);
    Millis(longest * i64::from(roll) / i64::from(u32::MAX))
}

/// The wait, made longer by up to a quarter: by nothing for 0, by all of it for the largest number that is thrown.
#[must_use]
pub fn spread(wait: Millis, dice: u32) -> Millis {
    let quarter = i128::from(wait.0.max(0)) / 4 * i128::from(dice) / i128::from(u32::MAX);
    Millis(wait.0.saturating_add(i64::try_from(quarter).unwrap_or(i64::MAX)))
}
