//! When the next checkpoint of the ledger is due.

use sprintgate::domain::checkpoint::{AGE, ROWS, is_due};
use sprintgate::domain::time::Millis;

#[test]
fn due_by_number_or_by_age_and_never_for_nothing() {
    assert_eq!((ROWS, AGE), (1000, Millis(600_000)));
    for (waiting, oldest, due) in [
        (0, 0, false),
        (0, 600_000, false),
        (0, i64::MAX, false),
        (1, 599_999, false),
        (1, 600_000, true),
        (999, -1, false),
        (999, 599_999, false),
        (1000, i64::MIN, true),
        (1001, 0, true),
        (u64::MAX, 0, true),
    ] {
        assert_eq!(is_due(waiting, Millis(oldest)), due, "{waiting} rows, the oldest for {oldest} ms");
    }
}
