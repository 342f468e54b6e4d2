//! Rows that no move could have written are refused, each naming its column.

use sprintgate::domain::gate::{Evidence, Grounds, Policy, exempt};
use sprintgate::domain::id::{JobId, UserId, WorkerId};
use sprintgate::domain::job::*;
use sprintgate::domain::time::{Millis, Timestamp};
use sprintgate::domain::verify::VerifyResult;

use super::jobs::{claim, claimed, commit, proof, queued, running};

const T0: Timestamp = Timestamp(1_000_000);

fn row(change: Change) -> Row {
    change.row().clone()
}

fn back() -> Row {
    row(claimed(0).release(1, "x", T0).unwrap().into())
}

fn cancelled() -> Row {
    row(queued(0).cancel(Stop::by_user("x"), T0).into())
}

fn failed() -> Row {
    row(claimed(0).fail(1, Failure::Push("x".into()), T0).unwrap().into())
}

fn done() -> Row {
    row(claimed(0).finish(1, proof(1), Some(published('a')), None, T0).unwrap().into())
}

fn seen(digit: char) -> Evidence {
    Evidence { result: VerifyResult::Aligned, commit: commit(digit), at: T0 }
}

fn published(digit: char) -> Publication {
    Publication { commit: commit(digit), at: T0 }
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
        (done(), |r| (r.evidence, r.publication) = (None, None), "verify_result"),
        (done(), |r| r.end_cause = Some(EndCause::Expired), "end_cause"),
        (done(), |r| r.end_cause = Some(EndCause::Waived), "waived_by"),
        (row(claimed(0).release(1, "x", T0).unwrap().into()), |r| r.not_before = None, "not_before"),
        (back(), |r| r.claimed_at = Some(T0), "claimed_at"),
        (back(), |r| r.plan = Some(String::new()), "plan_snapshot"),
        (back(), |r| r.policy = Some(Policy::default()), "verify_required_snapshot"),
        (back(), |r| r.base = Some(commit('0')), "base_sha"),
        (back(), |r| r.evidence = Some(seen('a')), "verify_result"),
        (back(), |r| r.started_at = Some(T0), "started_at"),
        (back(), |r| r.end_cause = Some(EndCause::User), "end_cause"),
        (back(), |r| r.worker = WorkerId::new("w").ok(), "worker_instance_id"),
        (back(), |r| r.summary = Some("x".into()), "summary"),
        (back(), |r| r.error = Some("x".into()), "error"),
        (back(), |r| r.caused_by = JobId::new("j").ok(), "caused_by"),
        (back(), |r| r.waived_by = UserId::new("u").ok(), "waived_by"),
        (back(), |r| r.waive_reason = Some("x".into()), "waive_reason"),
        (back(), |r| r.publication = Some(published('a')), "head_sha"),
        (cancelled(), |r| r.started_at = Some(T0), "started_at"),
        (cancelled(), |r| r.not_before = Some(T0), "not_before"),
        (cancelled(), |r| r.end_cause = Some(EndCause::Finished), "end_cause"),
        (cancelled(), |r| r.end_cause = Some(EndCause::Cascade), "caused_by"),
        (failed(), |r| r.claimed_at = None, "claimed_at"),
        (failed(), |r| r.end_cause = Some(EndCause::Run), "end_cause"),
        (failed(), |r| r.publication = Some(published('a')), "head_sha"),
        (failed(), |r| r.caused_by = JobId::new("j").ok(), "caused_by"),
        (done(), |r| r.end_cause = Some(EndCause::Expired), "end_cause"),
        (done(), |r| r.end_cause = Some(EndCause::Waived), "waived_by"),
        (done(), |r| r.publication = Some(published('b')), "head_sha"),
        (done(), |r| r.evidence = None, "head_sha"),
        (done(), |r| r.publication = None, "head_sha"),
        (done(), |r| r.error = Some("x".into()), "error"),
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
