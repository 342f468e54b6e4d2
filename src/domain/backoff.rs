//! How long to wait before the next try: of a job after an attempt that was given back, of an effect after a try that
//! failed.

use super::time::Millis;

const FIRST: Millis = Millis::seconds(10);
const LONGEST: Millis = Millis::minutes(30);

/// The wait after the `attempt`-th claim or try: 10 s, doubled each time, at most 30 minutes.
#[must_use]
pub fn after(attempt: u32) -> Millis {
    let doublings = attempt.saturating_sub(1).min(20);
    Millis((FIRST.0 << doublings).min(LONGEST.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_half_an_hour() {
        let waits: Vec<i64> = [0, 1, 2, 3, 8, 9, u32::MAX].map(|n| after(n).0 / 1000).to_vec();
        assert_eq!(waits, [10, 10, 20, 40, 1280, 1800, 1800]);
    }
}
