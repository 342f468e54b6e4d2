//! Waits after attempts that were given back.

use proptest::prelude::*;
use sprintgate::domain::backoff::{after, drawn, spread};
use sprintgate::domain::time::{Millis, Timestamp};

#[test]
fn waits_by_hand() {
    for (attempt, seconds) in [
        (0, 10),
        (1, 10),
        (2, 20),
        (3, 40),
        (4, 80),
        (5, 160),
        (6, 320),
        (7, 640),
        (8, 1280),
        (9, 1800),
        (10, 1800),
        (21, 1800),
        (64, 1800),
        (u32::MAX, 1800),
    ] {
        assert_eq!(after(attempt), Millis::seconds(seconds), "{attempt}");
    }
}

#[test]
fn drawn_waits_by_hand() {
    let most =
        [(0, 20), (1, 20), (2, 40), (3, 80), (4, 160), (5, 320), (6, 640), (7, 1000), (8, 1000), (64, 1000)];
    for (failed, millis) in most {
        assert_eq!(drawn(failed, u32::MAX), Millis(millis), "{failed}");
        assert_eq!(drawn(failed, u32::MAX / 2), Millis(millis / 2 - 1), "{failed}");
        assert_eq!(drawn(failed, 0), Millis(0), "{failed}");
    }
    assert_eq!(drawn(u32::MAX, u32::MAX), Millis(1000));
}

#[test]
fn a_wait_is_spread_over_a_quarter_more_by_hand() {
    for (wait, dice, spread_out) in [
        (10_000, 0, 10_000),
        (10_000, u32::MAX, 12_500),
        (10_000, u32::MAX / 2, 11_249),
        (1_800_000, u32::MAX, 2_250_000),
        (0, u32::MAX, 0),
        (-5, u32::MAX, -5),
        (i64::MAX, u32::MAX, i64::MAX),
    ] {
        assert_eq!(spread(Millis(wait), dice), Millis(spread_out), "{wait} {dice}");
    }
}

proptest! {
    #[test]
    fn a_larger_throw_waits_no_shorter(wait in 0i64..10_000_000, one: u32, other: u32) {
        let (low, high) = (spread(Millis(wait), one.min(other)), spread(Millis(wait), one.max(other)));
        prop_assert!(Millis(wait) <= low && low <= high && high.0 <= wait + wait / 4);
    }

    #[test]
    fn a_later_attempt_waits_no_shorter(one: u32, other: u32) {
        prop_assert!(after(one.min(other)) <= after(one.max(other)));
    }

    #[test]
    fn a_wait_is_bounded_and_never_negative(attempt: u32, now: i64) {
        let wait = after(attempt);
        prop_assert!(wait >= Millis::seconds(10) && wait <= Millis::minutes(30));
        prop_assert!(Timestamp(now) + wait >= Timestamp(now));
    }

    #[test]
    fn a_wait_at_most_doubles(attempt in 0..u32::MAX) {
        prop_assert!(after(attempt + 1).0 <= 2 * after(attempt).0);
    }
}
