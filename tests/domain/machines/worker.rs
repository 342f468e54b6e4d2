//! The worker-presence machine a second time, and each of its moves made once.

use sprintgate::domain::id::{TokenId, WorkerId};
use sprintgate::domain::time::{Millis, Timestamp};
use sprintgate::domain::worker::*;

use super::proof::{every_edge_is_one_move, made, matrix};

const T0: Timestamp = Timestamp(1_000_000);

#[test]
fn the_matrix() {
    matrix(
        "worker",
        "
        PRESENT unregister ABSENT
        PRESENT prune      ABSENT
        ABSENT  register   PRESENT
        ",
    );
}

fn worker<S>(state: S) -> Worker<S> {
    Worker { token: TokenId::new("tok").unwrap(), instance: WorkerId::new("box-1").unwrap(), state }
}

fn quota(percent: u8) -> Option<Quota> {
    Some(Quota { left: Percent::new(percent).unwrap(), checked_at: T0 })
}

fn present() -> Worker<Present> {
    worker(Present { started_at: T0, last_seen_at: T0, quota: quota(40) })
}

fn absent(how: Absence) -> Worker<Absent> {
    worker(Absent { started_at: T0, last_seen_at: T0 + HEARTBEAT, since: T0 + PRUNE_AFTER, how })
}

#[test]
fn every_edge_is_one_typed_move() {
    let all = [
        made("unregister", &present().unregister(T0)),
        made("prune", &present().prune(T0 + PRUNE_AFTER).unwrap()),
        made("register", &absent(Absence::Pruned).register(None, T0).unwrap()),
    ];
    every_edge_is_one_move("worker", "worker", &all);
}

#[test]
fn a_worker_is_pruned_only_after_a_minute_of_silence() {
    let until = T0 + Millis::seconds(60);
    let refused = present().prune(Timestamp(until.0 - 1)).unwrap_err();
    assert_eq!(refused, Refusal::Seen { last_seen_at: T0, until });
    let step = present().prune(until).unwrap();
    let gone = Absent { started_at: T0, last_seen_at: T0, since: until, how: Absence::Pruned };
    assert_eq!(step.next().state, gone);
    // A sign of life starts the minute anew.
    let later = T0 + Millis::seconds(1);
    let refused = present().seen(None, later).prune(until).unwrap_err();
    assert_eq!(refused, Refusal::Seen { last_seen_at: later, until: later + Millis::seconds(60) });
}

#[test]
fn who_says_goodbye_is_gone_at_once() {
    let step = present().unregister(T0 + Millis::seconds(1));
    assert_eq!(
        (step.next().state.since, step.next().state.how),
        (Timestamp(1_001_000), Absence::Unregistered)
    );
    assert_eq!((step.next().token.as_str(), step.next().instance.as_str()), ("tok", "box-1"));
}

#[test]
fn a_sign_of_life_renews_and_is_no_edge() {
    let at = |ms| Timestamp(T0.0 + ms);
    let seen = present().seen(None, at(5_000));
    assert_eq!(seen.state, Present { started_at: T0, last_seen_at: at(5_000), quota: quota(40) });
    let seen = seen.seen(quota(7), at(6_000)).seen(None, at(5_500));
    let want = Present { started_at: T0, last_seen_at: at(6_000), quota: quota(7) };
    assert_eq!(seen.state, want, "what arrives late takes nothing back");
}

#[test]
fn active_is_seen_within_fifteen_seconds() {
    assert!(present().active(T0 + Millis::seconds(15)));
    assert!(!present().active(T0 + Millis(15_001)));
    assert!(present().active(Timestamp(T0.0 - 1)), "a clock that lags makes nobody absent");
    assert!(HEARTBEAT.0 * 3 <= ACTIVE_WITHIN.0 && ACTIVE_WITHIN < PRUNE_AFTER);
}

#[test]
fn who_comes_back_begins_anew_unless_its_token_was_revoked() {
    let now = T0 + Millis::minutes(9);
    let refused = absent(Absence::Unregistered).register(Some(T0), now).unwrap_err();
    assert_eq!(refused, Refusal::Revoked { at: T0 });
    let step = absent(Absence::Unregistered).register(None, now).unwrap();
    assert_eq!(step.next().state, Present { started_at: now, last_seen_at: now, quota: None });
}

#[test]
fn every_state_comes_back_from_its_row() {
    let silent = worker(Present { started_at: T0, last_seen_at: T0 + HEARTBEAT, quota: None });
    for present in [present(), silent] {
        let back = AnyWorker::try_from(Row::from(present.clone())).unwrap();
        assert_eq!((back.status(), back), (Status::Present, AnyWorker::Present(present)));
    }
    for how in [Absence::Unregistered, Absence::Pruned] {
        let back = AnyWorker::try_from(Row::from(absent(how))).unwrap();
        assert_eq!((back.status(), back), (Status::Absent, AnyWorker::Absent(absent(how))));
    }
    assert_eq!((Percent::new(100).map(Percent::get), Percent::new(101)), (Some(100), None));
}

#[test]
fn rows_that_no_move_could_have_written_are_refused() {
    type Spoil = fn(&mut Row);
    let there = || Row::from(present());
    let gone = || Row::from(absent(Absence::Pruned));
    let rows: Vec<(Row, Spoil, &str)> = vec![
        (there(), |r| r.last_seen_at = Timestamp(T0.0 - 1), "last_seen_at"),
        (there(), |r| r.last_quota_pct = Some(101), "last_quota_pct"),
        (there(), |r| r.last_quota_pct = None, "last_quota_check_at"),
        (there(), |r| r.last_quota_check_at = None, "last_quota_check_at"),
        (there(), |r| r.absent_since = Some(T0), "absent_since"),
        (there(), |r| r.absent_how = Some(Absence::Pruned), "absent_how"),
        (there(), |r| r.status = Status::Absent, "last_quota_pct"),
        (gone(), |r| r.last_seen_at = Timestamp(T0.0 - 1), "last_seen_at"),
        (gone(), |r| r.absent_since = None, "absent_since"),
        (gone(), |r| r.absent_how = None, "absent_how"),
        (gone(), |r| r.last_quota_pct = Some(1), "last_quota_pct"),
        (gone(), |r| r.last_quota_check_at = Some(T0), "last_quota_check_at"),
        (gone(), |r| r.status = Status::Present, "absent_since"),
    ];
    for (mut row, spoil, column) in rows {
        spoil(&mut row);
        assert_eq!(AnyWorker::try_from(row).unwrap_err().column, column);
    }
}
