//! The job's moves: each does what the table says, and each refusal names its fact.

use sprintgate::domain::commit::CommitId;
use sprintgate::domain::gate::*;
use sprintgate::domain::id::{JobId, TokenId, UserId, WorkerId};
use sprintgate::domain::job::*;
use sprintgate::domain::time::{Millis, Timestamp};
use sprintgate::domain::verify::VerifyResult;

pub(super) const T0: Timestamp = Timestamp(1_000_000);

pub(super) fn commit(digit: char) -> CommitId {
    CommitId::new(digit.to_string().repeat(40)).unwrap()
}

pub(super) fn queued(attempt: u32) -> Job<Queued> {
    let state = Queued { not_before: T0 };
    Job { id: JobId::new("job1").unwrap(), kind: Kind::TaskImplementation, attempt, state }
}

pub(super) fn claim() -> Claim {
    Claim {
        token: TokenId::new("tok").unwrap(),
        worker: WorkerId::new("w").unwrap(),
        plan: "- `a.rs`".into(),
        policy: Policy::default(),
    }
}

/// The job after a step, out of its change.
pub(super) fn after(change: Change) -> AnyJob {
    AnyJob::try_from(change.row().clone()).unwrap()
}

pub(super) fn claimed(before: u32) -> Job<Claimed> {
    match after(queued(before).claim(claim(), T0, LEASE).unwrap().into()) {
        AnyJob::Claimed(mut job) => {
            job.state.brief.base = Some(commit('0'));
            job.state.brief.evidence =
                Some(Evidence { result: VerifyResult::Aligned, commit: commit('a'), at: T0 });
            job
        }
        other => panic!("{other:?}"),
    }
}

pub(super) fn running(before: u32) -> Job<Running> {
    match after(claimed(before).start(before + 1, T0, LEASE).unwrap().into()) {
        AnyJob::Running(job) => job,
        other => panic!("{other:?}"),
    }
}

pub(super) fn proof(attempt: u32) -> Passed {
    let seen = Evidence { result: VerifyResult::Aligned, commit: commit('a'), at: T0 };
    let head = Head { commit: commit('a'), dirty: 0 };
    judge(&JobId::new("job1").unwrap(), attempt, Some(&seen), Policy::default(), None, &head).unwrap()
}

/// What `proof` is about, published.
pub(super) fn published() -> Option<Publication> {
    Some(Publication { commit: commit('a'), at: T0 })
}

#[test]
fn a_claim_begins_a_clean_attempt() {
    let step = queued(1).claim(claim(), T0, LEASE).unwrap();
    assert_eq!((step.event(), step.next().attempt), (Event::Claim, 2));
    assert_eq!(step.next().state.lease.until, T0 + Millis::minutes(5));
    assert_eq!(step.next().state.brief.evidence, None);
    let change = Change::from(step);
    assert_eq!((change.before(), change.attempt_before()), (Status::Queued, 1));
    let early = Job { state: Queued { not_before: Timestamp(T0.0 + 1) }, ..queued(0) };
    assert_eq!(early.claim(claim(), T0, LEASE).unwrap_err(), Refusal::NotYet { until: Timestamp(T0.0 + 1) });
}

#[test]
fn only_the_holder_moves_a_held_job() {
    let lost = Refusal::LeaseLost { yours: 1, current: 2 };
    assert_eq!(claimed(1).start(1, T0, LEASE).unwrap_err(), lost);
    assert_eq!(running(1).release(1, "x", T0).unwrap_err(), lost);
    assert_eq!(running(1).finish(1, proof(1), None, None, T0).unwrap_err(), lost);
    assert_eq!(running(1).fail(1, Failure::Reported("x".into()), T0).unwrap_err(), lost);
    assert_eq!(running(1).skip(1, "there is nothing to do", T0).unwrap_err(), lost);
    // A number from the future is no better.
    assert_eq!(running(1).release(3, "x", T0).unwrap_err(), Refusal::LeaseLost { yours: 3, current: 2 });
}

#[test]
fn done_needs_the_proof_of_this_very_attempt_and_commit() {
    assert_eq!(running(1).finish(2, proof(1), None, None, T0).unwrap_err(), Refusal::ForeignProof);
    let mut other = running(0);
    other.id = JobId::new("other").unwrap();
    assert_eq!(other.finish(1, proof(1), None, None, T0).unwrap_err(), Refusal::ForeignProof);
    let elsewhere = Some(Publication { commit: commit('b'), at: T0 });
    assert_eq!(
        running(0).finish(1, proof(1), elsewhere, None, T0).unwrap_err(),
        Refusal::UnverifiedPublication
    );
    let change = Change::from(running(0).finish(1, proof(1), published(), Some("s".into()), T0).unwrap());
    assert_eq!((change.row().status, change.row().end_cause), (Status::Done, Some(EndCause::Finished)));
    assert!(matches!(after(change), AnyJob::Done(_)));
}

#[test]
fn what_was_changed_is_published_before_it_is_done() {
    use VerifyResult::{Aligned, Divergent, Empty, Partial};
    let policy = Policy { required: Required::Any, verify_only: true };
    let head = Head { commit: commit('a'), dirty: 0 };
    let finish = |result, base: Option<char>, publication| {
        let seen = Evidence { result, commit: commit('a'), at: T0 };
        let proof = judge(&queued(0).id, 1, Some(&seen), policy, None, &head).unwrap();
        let mut job = running(0);
        (job.state.brief.base, job.state.brief.evidence) = (base.map(commit), Some(seen));
        job.finish(1, proof, publication, None, T0)
    };
    for base in [None, Some('0')] {
        for result in [Aligned, Partial, Divergent] {
            let unpublished = Refusal::Unpublished { result };
            assert_eq!(finish(result, base, None).unwrap_err(), unpublished, "{result}");
            assert!(finish(result, base, published()).is_ok(), "{result}");
        }
        assert!(finish(Empty, base, None).is_ok(), "there is nothing to publish");
        assert!(finish(Empty, base, published()).is_ok(), "a change of blanks may be published");
    }
    // The attempt added nothing to what was published before it, as one that goes on with a sprint job may.
    for result in [Aligned, Partial, Divergent, Empty] {
        assert!(finish(result, Some('a'), None).is_ok(), "{result}");
    }
    let said = Refusal::Unpublished { result: Partial }.to_string();
    assert_eq!(said, "the verdict is PARTIAL, and what was changed has not been published");
}

#[test]
fn work_without_code_publishes_nothing() {
    let mut chat = running(0);
    (chat.kind, chat.state.brief.evidence) = (Kind::PlanChat, None);
    let proof = || exempt(&chat.id, 1, chat.kind).unwrap();
    let there = Some(Publication { commit: commit('a'), at: T0 });
    let refused = chat.clone().finish(1, proof(), there, None, T0).unwrap_err();
    assert_eq!(refused, Refusal::UnverifiedPublication);
    assert!(chat.clone().finish(1, proof(), None, None, T0).is_ok());
}

#[test]
fn a_waived_job_says_so() {
    let by = UserId::new("ann").unwrap();
    let proof = waive(&JobId::new("job1").unwrap(), 1, by.clone(), "the vendor did it").unwrap();
    let change = Change::from(claimed(0).finish(1, proof, None, None, T0).unwrap());
    let row = change.row();
    assert_eq!((row.end_cause, row.waived_by.clone()), (Some(EndCause::Waived), Some(by)));
    assert_eq!(row.started_at, row.claimed_at, "done straight from CLAIMED starts at the claim");
}

#[test]
fn leases_run_and_run_out() {
    let until = T0 + LEASE;
    assert_eq!(running(0).expire(until).unwrap_err(), Refusal::LeaseRuns { until });
    let late = Timestamp(until.0 + 1);
    for attempt in 1..=ATTEMPTS_MAX {
        let change = Change::from(running(attempt - 1).expire(late).unwrap());
        let last = attempt == ATTEMPTS_MAX;
        let want = if last { Status::Failed } else { Status::Queued };
        assert_eq!((change.event(), change.row().status), (Event::Expire, want));
        assert_eq!(change.row().end_cause, last.then_some(EndCause::Expired));
        assert_eq!(
            (change.row().plan.is_some(), change.row().evidence.is_some()),
            (last, last),
            "nothing is left over"
        );
    }
}

#[test]
fn giving_back_waits_longer_each_time() {
    for (attempt, wait) in [(1, Some(10)), (2, Some(20)), (3, None)] {
        let change = Change::from(claimed(attempt - 1).release(attempt, "no clone", T0).unwrap());
        assert_eq!(change.row().not_before, wait.map(|s| T0 + Millis::seconds(s)));
        assert_eq!(change.row().end_cause, wait.is_none().then_some(EndCause::GivenBack));
    }
}

#[test]
fn skipping_needs_a_reason_and_a_task() {
    let mut sprint = running(0);
    sprint.kind = Kind::SprintImplementation;
    let kind = Kind::SprintImplementation;
    assert_eq!(sprint.skip(1, "there is nothing to do", T0).unwrap_err(), Refusal::NotSkippable { kind });
    assert_eq!(running(0).skip(1, "  short    ", T0).unwrap_err(), Refusal::NoReason { min: 10, found: 5 });
    assert!(running(0).skip(1, "ten chars!", T0).is_ok());
    let change = Change::from(running(0).skip(1, " nothing to do ", T0).unwrap());
    assert_eq!((change.row().status, change.row().end_cause), (Status::Cancelled, Some(EndCause::Skipped)));
    assert_eq!(change.row().error.as_deref(), Some("nothing to do"));
}

#[test]
fn every_live_state_can_be_cancelled() {
    let stop = || Stop::by_cascade(JobId::new("bad").unwrap());
    let changes: [Change; 3] = [
        queued(0).cancel(stop(), T0).into(),
        claimed(0).cancel(stop(), T0).into(),
        running(0).cancel(stop(), T0).into(),
    ];
    for (change, was_held) in changes.into_iter().zip([false, true, true]) {
        assert_eq!(change.row().end_cause, Some(EndCause::Cascade));
        assert_eq!(change.row().caused_by.as_ref().unwrap().as_str(), "bad");
        assert_eq!(change.row().plan.is_some(), was_held);
        assert!(matches!(after(change), AnyJob::Cancelled(_)));
    }
}

#[test]
fn legal_next_is_the_tables_row() {
    let words =
        |status: Status| status.legal_next().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    assert_eq!(words(Status::Queued), "claim cancel");
    assert_eq!(words(Status::Claimed), "start release expire finish fail cancel skip");
    assert_eq!(words(Status::Running), "release expire finish fail cancel skip");
    assert_eq!(words(Status::Done), "");
}
