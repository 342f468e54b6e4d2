//! The effect machine a second time, and each of its moves made once.

use sprintgate::domain::actor::{Actor, ActorKind};
use sprintgate::domain::backoff;
use sprintgate::domain::effect::*;
use sprintgate::domain::id::{EffectId, TokenId, UserId, WorkerId};
use sprintgate::domain::time::{Millis, Timestamp};

use super::proof::{Made, every_edge_is_one_move, made, matrix};

const T0: Timestamp = Timestamp(1_000_000);
const LATE: Timestamp = Timestamp(T0.0 + LEASE.0 + 1);
const WHY: &str = "the forge is gone";

#[test]
fn the_matrix() {
    matrix(
        "effect",
        "
        PENDING start   RUNNING
        PENDING dismiss GAVE_UP
        RETRY   start   RUNNING
        RETRY   dismiss GAVE_UP
        RUNNING succeed DONE
        RUNNING fail    RETRY
        RUNNING fail    GAVE_UP
        RUNNING refuse  GAVE_UP
        RUNNING expire  RETRY
        RUNNING expire  GAVE_UP
        GAVE_UP again   PENDING
        ",
    );
}

fn effect<S>(tries: u32, state: S) -> Effect<S> {
    let id = EffectId::new("e").unwrap();
    Effect { id, kind: Kind::OpenPr, tries, tries_max: TRIES_MAX, state }
}

fn holder() -> WorkerId {
    WorkerId::new("box-1").unwrap()
}

fn person() -> Actor {
    Actor::Human(UserId::new("ann").unwrap())
}

fn pending() -> Effect<Pending> {
    effect(0, Pending { due_at: T0 })
}

fn running(tries: u32) -> Effect<Running> {
    effect(tries, Running { holder: holder(), lease_until: T0 + LEASE })
}

fn retry(tries: u32) -> Effect<Retry> {
    effect(tries, Retry { due_at: T0, error: "no answer".into() })
}

fn spent() -> Effect<GaveUp> {
    effect(TRIES_MAX, GaveUp { reason: Reason::Spent { error: "no answer".into() }, at: T0 })
}

fn dismissed(tries: u32, error: Option<&str>) -> Effect<GaveUp> {
    let by = UserId::new("ann").unwrap();
    let reason = Reason::Dismissed { by, reason: WHY.into(), error: error.map(Into::into) };
    effect(tries, GaveUp { reason, at: T0 })
}

fn of(by: &'static str, moved: Moved<Running>) -> Made {
    match moved {
        Moved::Again(step) => made(by, &step),
        Moved::Spent(step) => made(by, &step),
    }
}

/// The effect after a change, out of its row.
fn after(change: impl Into<Change>) -> AnyEffect {
    AnyEffect::try_from(change.into().row().clone()).unwrap()
}

#[test]
fn every_edge_is_one_typed_move() {
    let all = [
        made("start", &pending().start(holder(), T0, LEASE).unwrap()),
        made("start", &retry(1).start(holder(), T0, LEASE).unwrap()),
        made("dismiss", &pending().dismiss(&person(), WHY, T0).unwrap()),
        made("dismiss", &retry(1).dismiss(&person(), WHY, T0).unwrap()),
        made("succeed", &running(1).succeed(1, T0).unwrap()),
        of("fail", running(1).fail(1, "no answer", T0).unwrap()),
        of("fail", running(TRIES_MAX).fail(TRIES_MAX, "no answer", T0).unwrap()),
        made("refuse", &running(1).refuse(1, "no such branch", T0).unwrap()),
        of("expire", running(1).expire(LATE).unwrap()),
        of("expire", running(TRIES_MAX).expire(LATE).unwrap()),
        made("again", &spent().again(&person(), T0).unwrap()),
    ];
    every_edge_is_one_move("effect", "effect", &all);
}

#[test]
fn a_try_begins_when_it_is_due_and_counts_at_once() {
    let due_at = T0 + Millis(1);
    let early = effect(0, Pending { due_at }).start(holder(), T0, LEASE).unwrap_err();
    assert_eq!(early, Refusal::NotDue { due_at });
    let early = effect(1, Retry { due_at, error: String::new() }).start(holder(), T0, LEASE).unwrap_err();
    assert_eq!(early, Refusal::NotDue { due_at });
    let change = Change::from(retry(4).start(holder(), T0, LEASE).unwrap());
    assert_eq!((change.tries_before(), change.row().tries), (4, 5));
    assert_eq!(after(change), AnyEffect::Running(running(5)));
}

#[test]
fn only_the_try_that_runs_speaks() {
    for (yours, current) in [(1, 2), (3, 2)] {
        let lost = Refusal::LeaseLost { yours, current };
        assert_eq!(running(current).succeed(yours, T0).unwrap_err(), lost);
        assert_eq!(running(current).fail(yours, "x", T0).unwrap_err(), lost);
        assert_eq!(running(current).refuse(yours, "x", T0).unwrap_err(), lost);
    }
    let change = Change::from(running(2).succeed(2, T0).unwrap());
    assert_eq!((change.tries_before(), change.row().finished_at), (2, Some(T0)));
}

#[test]
fn waits_grow_and_the_last_try_gives_up() {
    for (number, seconds) in [(1, 10), (2, 20), (8, 1280), (9, 1800), (TRIES_MAX - 1, 1800)] {
        let due_at = T0 + Millis::seconds(seconds);
        let change = Change::from(running(number).fail(number, "no answer", T0).unwrap());
        assert_eq!((change.row().status, change.row().due_at), (Status::Retry, Some(due_at)), "{number}");
        assert_eq!(change.row().last_error.as_deref(), Some("no answer"));
    }
    let last = running(TRIES_MAX).fail(TRIES_MAX, "no answer", T0).unwrap();
    assert_eq!(after(last), AnyEffect::GaveUp(spent()));
    let waits: i64 = (1..TRIES_MAX).map(|number| backoff::after(number).0).sum();
    let day = Millis::minutes(24 * 60).0;
    assert!((day..day + Millis::minutes(60).0).contains(&waits), "tries go on for a day: {waits} ms");
}

#[test]
fn a_wait_is_spread_by_chance_and_put_off_by_a_day_at_most() {
    let met = |not_before: Option<i64>, dice| Met {
        error: "429".into(),
        not_before: not_before.map(|millis| T0 + Millis(millis)),
        dice,
    };
    let day = PUT_OFF_MAX.0;
    for (not_before, dice, wait) in [
        (None, 0, 10_000),
        (None, u32::MAX, 12_500),
        (Some(-1), 0, 10_000),
        (Some(9_999), 0, 10_000),
        (Some(10_001), 0, 10_001),
        (Some(12_000), u32::MAX, 12_500),
        (Some(day), 0, day),
        (Some(day + 1), u32::MAX, day),
        (Some(i64::MAX), 0, day),
    ] {
        let change = Change::from(running(1).fail(1, met(not_before, dice), T0).unwrap());
        assert_eq!(change.row().due_at, Some(T0 + Millis(wait)), "{not_before:?} {dice}");
    }
    assert_eq!(PUT_OFF_MAX, Millis(24 * 60 * 60 * 1000));
}

#[test]
fn what_no_database_keeps_is_left_out_of_an_error() {
    let change = Change::from(running(1).fail(1, "a\0b", T0).unwrap());
    assert_eq!(change.row().last_error.as_deref(), Some("ab"));
}

#[test]
fn fault_50_what_ends_every_process_that_tries_it_is_given_up_in_the_end() {
    let until = T0 + LEASE;
    assert_eq!(running(1).expire(until).unwrap_err(), Refusal::LeaseRuns { until });
    let mut now = T0;
    let mut any = AnyEffect::Pending(pending());
    let mut tries = 0;
    let given_up = loop {
        let step: Change = match any {
            AnyEffect::Pending(waits) => waits.start(holder(), now, LEASE).unwrap().into(),
            AnyEffect::Retry(waits) => {
                now = waits.state.due_at;
                waits.start(holder(), now, LEASE).unwrap().into()
            }
            AnyEffect::Running(held) => {
                tries += 1;
                now = now + LEASE + Millis(1);
                held.expire(now).unwrap().into()
            }
            AnyEffect::GaveUp(given_up) => break given_up,
            AnyEffect::Done(_) => panic!("nobody did it"),
        };
        any = after(step);
    };
    assert_eq!((tries, given_up.tries), (TRIES_MAX, TRIES_MAX));
    assert_eq!(given_up.state.reason.why(), Why::Spent);
}

#[test]
fn what_can_never_be_done_is_not_tried_again() {
    let step = running(3).refuse(3, &"é".repeat(2001), T0).unwrap();
    assert_eq!(step.next().state.reason, Reason::Refused { error: "é".repeat(2000) });
}

#[test]
fn only_a_person_gives_up_or_asks_for_more_and_says_why() {
    let token = Actor::Agent(TokenId::new("tok").unwrap());
    for (by, kind) in [(token, ActorKind::Agent), (Actor::System, ActorKind::System)] {
        assert_eq!(retry(1).dismiss(&by, WHY, T0).unwrap_err(), Refusal::NotAPerson { kind });
        assert_eq!(spent().again(&by, T0).unwrap_err(), Refusal::NotAPerson { kind });
    }
    let short = pending().dismiss(&person(), "  too short ", T0).unwrap_err();
    assert_eq!(short, Refusal::NoReason { min: 10, found: 9 });
    assert!(pending().dismiss(&person(), "ten chars!", T0).is_ok());
    let padded = format!(" {WHY} ");
    let step = retry(1).dismiss(&person(), &padded, T0).unwrap();
    assert_eq!(step.next(), &dismissed(1, Some("no answer")));
    assert_eq!(pending().dismiss(&person(), WHY, T0).unwrap().next(), &dismissed(0, None));
}

#[test]
fn more_tries_begin_anew_and_their_numbers_go_on() {
    let now = T0 + Millis::minutes(60);
    let again = match after(spent().again(&person(), now).unwrap()) {
        AnyEffect::Pending(pending) => pending,
        other => panic!("{other:?}"),
    };
    assert_eq!((again.tries, again.tries_max, again.state.due_at), (TRIES_MAX, 2 * TRIES_MAX, now));
    let AnyEffect::Running(held) = after(again.start(holder(), now, LEASE).unwrap()) else { panic!() };
    let late = held.clone().succeed(TRIES_MAX, now).unwrap_err();
    assert_eq!(late, Refusal::LeaseLost { yours: TRIES_MAX, current: TRIES_MAX + 1 });
    let change = Change::from(held.fail(TRIES_MAX + 1, "no answer", now).unwrap());
    assert_eq!(change.row().due_at, Some(now + Millis::seconds(10)), "the waits are short again");
}

#[test]
fn every_state_comes_back_from_its_row() {
    let back = |row: Row| AnyEffect::try_from(row).unwrap();
    let done = effect(1, Done { at: T0 });
    let refused = effect(1, GaveUp { reason: Reason::Refused { error: "x".into() }, at: T0 });
    assert_eq!(back(pending().into()), AnyEffect::Pending(pending()));
    assert_eq!(back(running(1).into()), AnyEffect::Running(running(1)));
    assert_eq!(back(running(TRIES_MAX).into()), AnyEffect::Running(running(TRIES_MAX)));
    assert_eq!(back(retry(1).into()), AnyEffect::Retry(retry(1)));
    assert_eq!(back(done.clone().into()), AnyEffect::Done(done));
    for given_up in [spent(), refused, dismissed(0, None), dismissed(2, Some("x"))] {
        assert_eq!(back(given_up.clone().into()), AnyEffect::GaveUp(given_up));
    }
}

#[test]
fn rows_that_no_move_could_have_written_are_refused() {
    type Spoil = fn(&mut Row);
    let done = || Row::from(effect(1, Done { at: T0 }));
    let refused = || Row::from(effect(1, GaveUp { reason: Reason::Refused { error: "x".into() }, at: T0 }));
    let rows: Vec<(Row, Spoil, &str)> = vec![
        (pending().into(), |r| r.due_at = None, "due_at"),
        (pending().into(), |r| r.holder = Some(holder()), "holder"),
        (pending().into(), |r| r.lease_until = Some(T0), "lease_until"),
        (pending().into(), |r| r.last_error = Some("x".into()), "last_error"),
        (pending().into(), |r| (r.tries, r.last_error) = (1, Some("x".into())), "last_error"),
        (pending().into(), |r| r.finished_at = Some(T0), "finished_at"),
        (pending().into(), |r| r.gave_up_why = Some(Why::Spent), "gave_up_why"),
        (pending().into(), |r| r.dismissed_by = UserId::new("ann").ok(), "dismissed_by"),
        (pending().into(), |r| r.dismiss_reason = Some(WHY.into()), "dismiss_reason"),
        (pending().into(), |r| r.tries = TRIES_MAX, "tries"),
        (running(1).into(), |r| r.holder = None, "holder"),
        (running(1).into(), |r| r.lease_until = None, "lease_until"),
        (running(1).into(), |r| r.due_at = Some(T0), "due_at"),
        (running(1).into(), |r| r.last_error = Some("x".into()), "last_error"),
        (running(1).into(), |r| r.tries = 0, "tries"),
        (running(1).into(), |r| r.tries = TRIES_MAX + 1, "tries"),
        (retry(1).into(), |r| r.due_at = None, "due_at"),
        (retry(1).into(), |r| r.last_error = None, "last_error"),
        (retry(1).into(), |r| r.tries = TRIES_MAX, "tries"),
        (retry(1).into(), |r| (r.tries, r.last_error) = (0, None), "tries"),
        (done(), |r| r.finished_at = None, "finished_at"),
        (done(), |r| r.tries = 0, "tries"),
        (done(), |r| r.last_error = Some("x".into()), "last_error"),
        (spent().into(), |r| r.gave_up_why = None, "gave_up_why"),
        (spent().into(), |r| r.last_error = None, "last_error"),
        (spent().into(), |r| r.tries = 1, "tries"),
        (spent().into(), |r| r.finished_at = None, "finished_at"),
        (refused(), |r| r.last_error = None, "last_error"),
        (refused(), |r| (r.tries, r.last_error) = (0, None), "last_error"),
        (dismissed(1, None).into(), |r| r.dismissed_by = None, "dismissed_by"),
        (dismissed(1, None).into(), |r| r.dismiss_reason = None, "dismiss_reason"),
        (dismissed(0, None).into(), |r| r.last_error = Some("x".into()), "last_error"),
        (dismissed(1, None).into(), |r| r.tries = TRIES_MAX + 1, "tries"),
    ];
    for (mut row, spoil, column) in rows {
        spoil(&mut row);
        let status = row.status;
        assert_eq!(AnyEffect::try_from(row).unwrap_err().column, column, "{status}");
    }
}
