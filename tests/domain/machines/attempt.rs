//! The attempt machine a second time, and each of its moves made once.

use sprintgate::domain::attempt::*;
use sprintgate::domain::gate::{Policy, Required};
use sprintgate::domain::id::{JobId, TokenId, WorkerId};
use sprintgate::domain::job::{self, Claim, Failure, LEASE, Stop};
use sprintgate::domain::machine::Word;
use sprintgate::domain::time::{Millis, Timestamp};

use super::proof::{Made, chosen, every_edge_is_one_move, matrix};
use crate::domain::jobs::{T0, claimed, proof, published, queued, running};

#[test]
fn the_matrix() {
    matrix(
        "attempt",
        "
        HELD finish  FINISHED
        HELD fail    FAILED
        HELD release GIVEN_BACK
        HELD expire  EXPIRED
        HELD skip    SKIPPED
        HELD cancel  CANCELLED
        ",
    );
}

fn frozen() -> Frozen {
    Frozen {
        token: TokenId::new("tok").unwrap(),
        worker: WorkerId::new("w").unwrap(),
        host: "here".into(),
        plan: "- `a.rs`".into(),
        policy: Policy { required: Required::Any, verify_only: true },
        branch: Some("feat/story-1".into()),
        claimed_at: T0,
    }
}

fn held(number: u32) -> Attempt<Held> {
    Attempt { job: JobId::new("job1").unwrap(), number, state: Held { frozen: frozen() } }
}

#[test]
fn every_edge_is_one_move_of_its_job() {
    let all: Vec<Made> = moves()
        .into_iter()
        .filter_map(|(moved, _)| held(moved.attempt_before()).follow(&moved, T0).unwrap())
        .map(|change| chosen("follow", &change))
        .collect();
    every_edge_is_one_move("attempt", "attempt", &all);
}

#[test]
fn a_claim_makes_an_attempt_with_what_it_froze() {
    let Frozen { token, worker, plan, policy, .. } = frozen();
    let claim = queued(1).claim(Claim { token, worker, plan, policy }, T0, LEASE).unwrap();
    let begun = Attempt::begun(&claim, "here".into(), Some("feat/story-1".into()));
    assert_eq!(begun, held(2));
}

/// A job's move, and where it leaves the attempt that held the job; `.` is still held.
fn moves() -> Vec<(job::Change, &'static str)> {
    let late = T0 + LEASE + Millis(1);
    let stop = || Stop::by_user("not needed");
    let no = || Failure::Reported("no".into());
    vec![
        (claimed(0).start(1, T0, LEASE).unwrap().into(), "."),
        (claimed(0).release(1, "no clone", T0).unwrap().into(), "GIVEN_BACK"),
        (running(0).release(1, "no clone", T0).unwrap().into(), "GIVEN_BACK"),
        (running(2).release(3, "no clone", T0).unwrap().into(), "GIVEN_BACK"),
        (claimed(0).expire(late).unwrap().into(), "EXPIRED"),
        (running(2).expire(late).unwrap().into(), "EXPIRED"),
        (claimed(0).finish(1, proof(1), published(), None, T0).unwrap().into(), "FINISHED"),
        (running(1).finish(2, proof(2), published(), None, T0).unwrap().into(), "FINISHED"),
        (claimed(0).fail(1, no(), T0).unwrap().into(), "FAILED"),
        (running(0).fail(1, no(), T0).unwrap().into(), "FAILED"),
        (running(0).skip(1, "it was done already", T0).unwrap().into(), "SKIPPED"),
        (claimed(0).cancel(stop(), T0).into(), "CANCELLED"),
        (running(0).cancel(stop(), T0).into(), "CANCELLED"),
    ]
}

#[test]
fn an_attempt_ends_as_its_job_moves() {
    let now = Timestamp(T0.0 + 9);
    for (moved, want) in moves() {
        let number = moved.attempt_before();
        let change = held(number).follow(&moved, now).unwrap();
        let found = change.as_ref().map_or(".", |change| change.after().word());
        assert_eq!(found, want, "{:?} to {:?}", moved.event(), moved.after());
        if let Some(change) = change {
            let want = Row {
                job: JobId::new("job1").unwrap(),
                number,
                status: change.after(),
                frozen: frozen(),
                ended_at: Some(now),
            };
            assert_eq!(change.row(), &want);
        }
    }
}

#[test]
fn each_move_of_a_job_is_known_to_its_attempt() {
    let rows = [
        ("claim", None),
        ("start", None),
        ("release", Some("release")),
        ("expire", Some("expire")),
        ("finish", Some("finish")),
        ("fail", Some("fail")),
        ("skip", Some("skip")),
        ("cancel", Some("cancel")),
    ];
    assert_eq!(rows.len(), job::Event::ALL.len());
    for (event, want) in rows {
        assert_eq!(ended_by(event.parse().unwrap()).map(Word::word), want, "{event}");
    }
}

#[test]
fn no_other_move_ends_an_attempt() {
    let moved: job::Change = running(0).cancel(Stop::by_user("not needed"), T0).into();
    let elsewhere = Attempt { job: JobId::new("job2").unwrap(), ..held(1) };
    for (attempt, mine) in [(elsewhere, "job2/1"), (held(2), "job1/2")] {
        let refused = attempt.follow(&moved, T0).unwrap_err();
        assert_eq!(refused, Refusal::ForeignMove { mine: mine.into(), moved: "job1/1".into() });
        assert_eq!(refused.to_string(), format!("attempt {mine} does not end with the move of job1/1"));
    }
    // A queued job carries the number of its last attempt, which ended when it was put back.
    let moved: job::Change = queued(1).cancel(Stop::by_user("not needed"), T0).into();
    let (mine, other) = ("job1/1".to_owned(), "job1/1".to_owned());
    assert_eq!(held(1).follow(&moved, T0).unwrap_err(), Refusal::ForeignMove { mine, moved: other });
}

#[test]
fn a_row_read_back_is_the_row_that_was_written() {
    let held_row = Row::from(held(1));
    assert_eq!(AnyAttempt::try_from(held_row.clone()).unwrap(), AnyAttempt::Held(held(1)));
    for status in Status::ALL {
        let ended_at = (*status != Status::Held).then_some(T0);
        let row = Row { status: *status, ended_at, ..held_row.clone() };
        let any = AnyAttempt::try_from(row.clone()).unwrap();
        assert_eq!(any.status(), *status);
        let again = match any {
            AnyAttempt::Held(attempt) => Row::from(attempt),
            AnyAttempt::Finished(attempt) => Row::from(attempt),
            AnyAttempt::Failed(attempt) => Row::from(attempt),
            AnyAttempt::GivenBack(attempt) => Row::from(attempt),
            AnyAttempt::Expired(attempt) => Row::from(attempt),
            AnyAttempt::Skipped(attempt) => Row::from(attempt),
            AnyAttempt::Cancelled(attempt) => Row::from(attempt),
        };
        assert_eq!(again, row);
        let torn = Row { ended_at: row.ended_at.is_none().then_some(T0), ..row.clone() };
        assert_eq!(AnyAttempt::try_from(torn).unwrap_err().column, "ended_at", "{status}");
        let bad = AnyAttempt::try_from(Row { number: 0, ..row }).unwrap_err();
        assert_eq!((bad.id.as_str(), bad.column), ("job1/0", "number"));
    }
}
