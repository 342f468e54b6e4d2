//! Waits after attempts that were given back.

use proptest::prelude::*;
use sprintgate::domain::backoff::{after, drawn};
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

proptest! {
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
