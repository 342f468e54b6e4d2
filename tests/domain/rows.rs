//! Rows that no move could have written are refused, each naming its column.

use sprintgate::domain::gate::{Grounds, exempt};
use sprintgate::domain::job::*;
use sprintgate::domain::time::{Millis, Timestamp};

use super::jobs::{claim, claimed, proof, queued, running};

const T0: Timestamp = Timestamp(1_000_000);

fn row(change: Change) -> Row {
    change.row().clone()
}

fn done() -> Row {
    row(running(0).finish(1, proof(1), None, None, T0).unwrap().into())
}

#[test]
fn a_row_is_believed_only_after_it_is_parsed() {
    type Spoil = fn(&mut Row);
    let rows: Vec<(Row, Spoil, &str)> = vec![
        (row(queued(0).claim(claim(), T0, LEASE).unwrap().into()), |r| r.lease_until = None, "lease_until"),
        (row(queued(0).claim(claim(), T0, LEASE).unwrap().into()), |r| r.token = None, "claimed_by_token_id"),
        (row(queued(0).claim(claim(), T0, LEASE).unwrap().into()), |r| r.worker = None, "worker_instance_id"),
        (row(queued(0).claim(claim(), T0, LEASE).unwrap().into()), |r| r.plan = None, "plan_snapshot"),
        (
            row(queued(0).claim(claim(), T0, LEASE).unwrap().into()),
            |r| r.policy = None,
            "verify_required_snapshot",
        ),
        (row(queued(0).claim(claim(), T0, LEASE).unwrap().into()), |r| r.claimed_at = None, "claimed_at"),
        (row(queued(0).claim(claim(), T0, LEASE).unwrap().into()), |r| r.started_at = Some(T0), "started_at"),
        (row(queued(0).claim(claim(), T0, LEASE).unwrap().into()), |r| r.attempt = 0, "attempt"),
        (
            row(queued(0).claim(claim(), T0, LEASE).unwrap().into()),
            |r| r.finished_at = Some(T0),
            "finished_at",
        ),
        (row(claimed(0).start(1, T0, LEASE).unwrap().into()), |r| r.started_at = None, "started_at"),
        (row(queued(0).cancel(Stop::by_user("x"), T0).into()), |r| r.end_cause = None, "end_cause"),
        (row(queued(0).cancel(Stop::by_user("x"), T0).into()), |r| r.error = None, "error"),
        (row(claimed(0).fail(1, Failure::Push("x".into()), T0).unwrap().into()), |r| r.error = None, "error"),
        (done(), |r| r.evidence = None, "verify_result"),
        (done(), |r| r.end_cause = Some(EndCause::Expired), "end_cause"),
        (done(), |r| r.end_cause = Some(EndCause::Waived), "waived_by"),
        (row(claimed(0).release(1, "x", T0).unwrap().into()), |r| r.not_before = None, "not_before"),
    ];
    for (mut row, spoil, column) in rows {
        assert!(AnyJob::try_from(row.clone()).is_ok());
        spoil(&mut row);
        let bad = AnyJob::try_from(row).unwrap_err();
        assert_eq!(bad.column, column, "{bad}");
    }
}

#[test]
fn a_job_that_is_done_keeps_its_grounds() {
    let AnyJob::Done(job) = AnyJob::try_from(done()).unwrap() else { panic!() };
    assert_eq!(&job.state.grounds, proof(1).grounds());
    assert_eq!(Row::from(job), done());
    let mut chat = running(0);
    (chat.kind, chat.state.brief.evidence) = (Kind::PlanChat, None);
    let proof = exempt(&chat.id, 1, chat.kind).unwrap();
    let AnyJob::Done(chat) =
        AnyJob::try_from(row(chat.finish(1, proof, None, None, T0).unwrap().into())).unwrap()
    else {
        panic!()
    };
    assert_eq!(chat.state.grounds, Grounds::NoCode);
}

#[test]
fn a_row_read_back_is_the_row_that_was_written() {
    let job = match AnyJob::try_from(row(claimed(0).start(1, T0, Millis(5)).unwrap().into())).unwrap() {
        AnyJob::Running(job) => job,
        other => panic!("{other:?}"),
    };
    assert_eq!(Row::from(job.clone()), row(claimed(0).start(1, T0, Millis(5)).unwrap().into()));
}
