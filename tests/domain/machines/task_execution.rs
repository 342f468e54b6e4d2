//! The task-execution machine a second time, each of its moves made once, and what its refusals name.

use sprintgate::domain::commit::CommitId;
use sprintgate::domain::execution::*;
use sprintgate::domain::gate::{Evidence, Head, Policy, Required, Shut};
use sprintgate::domain::id::{JobId, UserId};
use sprintgate::domain::time::Timestamp;
use sprintgate::domain::verify::VerifyResult;

use super::proof::{Made, every_edge_is_one_move, made, matrix};

const T0: Timestamp = Timestamp(7);
const T1: Timestamp = Timestamp(9);

#[test]
fn the_matrix() {
    matrix(
        "task_execution",
        "
        PENDING start    RUNNING
        PENDING skip     SKIPPED
        RUNNING finish   DONE
        RUNNING fail     FAILED
        RUNNING skip     SKIPPED
        RUNNING put_back PENDING
        FAILED  put_back PENDING
        SKIPPED waive    SKIPPED
        SKIPPED put_back PENDING
        ",
    );
}

fn commit(digit: char) -> CommitId {
    CommitId::new(digit.to_string().repeat(40)).unwrap()
}

fn job() -> JobId {
    "j".parse().unwrap()
}

fn execution<S>(order: u32, state: S) -> Execution<S> {
    Execution {
        id: format!("e{order}").parse().unwrap(),
        job: job(),
        task: format!("t{order}").parse().unwrap(),
        order,
        plan: "change `a.rs`".into(),
        policy: Policy::default(),
        state,
    }
}

fn ann() -> UserId {
    UserId::new("ann").unwrap()
}

fn seen(result: VerifyResult) -> Evidence {
    Evidence { result, commit: commit('a'), at: T0 }
}

fn at(digit: char) -> Head {
    Head { commit: commit(digit), dirty: 0 }
}

fn pending() -> Execution<Pending> {
    execution(0, Pending { base: Some(commit('0')) })
}

fn work() -> Work {
    Work { started_at: T0, evidence: Some(seen(VerifyResult::Aligned)), summary: None }
}

fn running() -> Execution<Running> {
    execution(0, Running { base: commit('0'), work: work() })
}

fn failed() -> Execution<Failed> {
    execution(0, Failed { base: commit('0'), work: work(), finished_at: T1, error: "no".into() })
}

fn skipped() -> Skipped {
    let reason = "it was done already".into();
    Skipped { base: None, work: None, finished_at: T1, reason, waiver: None }
}

fn done(digit: char, finished_at: Timestamp) -> Done {
    let evidence = Evidence { commit: commit(digit), ..seen(VerifyResult::Aligned) };
    Done { base: commit('0'), started_at: T0, finished_at, evidence, summary: None }
}

fn turn(execution: &Execution<Pending>) -> Turn {
    its_turn(&[AnyExecution::Pending(execution.clone())], execution).unwrap()
}

#[test]
fn every_edge_is_one_typed_move() {
    let all: Vec<Made> = vec![
        made("start", &pending().start(turn(&pending()), T0).unwrap()),
        made("skip", &pending().skip("it was done already", T0).unwrap()),
        made("skip", &running().skip("it was done already", T0).unwrap()),
        made("finish", &running().finish(judge(&running(), None, &at('a')).unwrap(), T1).unwrap()),
        made("fail", &running().fail("no", T1)),
        made("put_back", &running().put_back(None).unwrap()),
        made("put_back", &failed().put_back(None).unwrap()),
        made("put_back", &execution(0, skipped()).put_back(None).unwrap()),
        made("waive", &execution(0, skipped()).waive(ann(), "the vendor did it", T1).unwrap()),
    ];
    every_edge_is_one_move("task_execution", "execution", &all);
}

#[test]
fn each_task_waits_for_the_one_before_it() {
    let first = |status: &str| -> AnyExecution {
        match status {
            "PENDING" => AnyExecution::Pending(pending()),
            "RUNNING" => AnyExecution::Running(running()),
            "DONE" => AnyExecution::Done(execution(0, done('a', T1))),
            "FAILED" => AnyExecution::Failed(failed()),
            _ => AnyExecution::Skipped(execution(0, skipped())),
        }
    };
    let second = execution(1, Pending { base: Some(commit('5')) });
    for (status, free) in
        [("PENDING", false), ("RUNNING", false), ("DONE", true), ("FAILED", true), ("SKIPPED", true)]
    {
        let got = its_turn(&[AnyExecution::Pending(second.clone()), first(status)], &second);
        match free {
            true => assert_eq!(got.unwrap().base(), &commit('5'), "{status}"),
            false => {
                let status = status.parse().unwrap();
                assert_eq!(got.unwrap_err(), Refusal::NotItsTurn { order: 1, ahead: 0, status });
            }
        }
    }
    // One that runs behind it keeps it from starting as well; one that waits behind it does not.
    let first = AnyExecution::Pending(pending());
    let behind = AnyExecution::Running(execution(2, running().state));
    let status = Status::Running;
    let refused = its_turn(&[first.clone(), behind], &pending()).unwrap_err();
    assert_eq!(refused, Refusal::NotItsTurn { order: 0, ahead: 2, status });
    assert!(its_turn(&[first, AnyExecution::Pending(second.clone())], &pending()).is_ok());
    let refused = pending().start(turn(&second), T0).unwrap_err();
    assert_eq!(refused, Refusal::ForeignTurn { theirs: second.id });
}

#[test]
fn defect_035_a_task_is_judged_from_the_last_commit_that_counts() {
    let waits = |order, base: Option<char>| {
        AnyExecution::Pending(execution(order, Pending { base: base.map(commit) }))
    };
    let skip = |order, base: Option<char>| {
        AnyExecution::Skipped(execution(order, Skipped { base: base.map(commit), ..skipped() }))
    };
    let is_done = |order, head, at| AnyExecution::Done(execution(order, done(head, Timestamp(at))));
    let (runs, fell) = (execution(2, running().state), execution(2, failed().state));
    let cases: Vec<(&str, Vec<AnyExecution>, Option<char>)> = vec![
        ("its own base", vec![is_done(0, 'a', 1), is_done(1, 'b', 2), waits(2, Some('5'))], Some('5')),
        ("the head before it", vec![is_done(0, 'a', 1), is_done(1, 'b', 2), waits(2, None)], Some('b')),
        ("past a skipped one", vec![is_done(0, 'a', 1), skip(1, Some('4')), waits(2, None)], Some('a')),
        ("the base of the skipped first", vec![skip(0, Some('3')), skip(1, None), waits(2, None)], Some('3')),
        ("the nearest base", vec![skip(0, Some('3')), skip(1, Some('4')), waits(2, None)], Some('4')),
        ("the one done again", vec![is_done(0, 'c', 8), is_done(1, 'b', 2), waits(2, None)], Some('c')),
        ("the base of the failed", vec![AnyExecution::Failed(failed()), waits(2, None)], Some('0')),
        ("its own while it runs", vec![is_done(0, 'a', 1), AnyExecution::Running(runs)], Some('0')),
        ("its own once it is done", vec![is_done(0, 'a', 1), is_done(2, 'b', 2)], Some('0')),
        ("its own once it failed", vec![is_done(0, 'a', 1), AnyExecution::Failed(fell)], Some('0')),
        ("nothing after it counts", vec![waits(2, None), is_done(3, 'd', 4)], None),
        ("nothing at all", vec![skip(0, None), waits(2, None)], None),
    ];
    for (name, mut rows, want) in cases {
        let want = want.map(commit).ok_or(Refusal::MissingBase { order: 2 });
        assert_eq!(base_of(&job(), &rows, 2), want, "{name}");
        rows.reverse();
        assert_eq!(base_of(&job(), &rows, 2), want, "{name}, in whatever order the rows come");
    }
}

#[test]
fn rows_of_another_job_say_nothing_about_its_turn() {
    let foreign = |order: u32, it: AnyExecution| {
        let (id, job) = (format!("f{order}").parse().unwrap(), "other".parse().unwrap());
        AnyExecution::try_from(Row { id, job, order, ..row(it) }).unwrap()
    };
    let refused =
        |id: &str| Refusal::ForeignRow { row: id.parse().unwrap(), theirs: "other".parse().unwrap() };
    let second = execution(1, Pending { base: None });
    let ours =
        || vec![AnyExecution::Done(execution(0, done('a', T1))), AnyExecution::Pending(second.clone())];
    assert_eq!(its_turn(&ours(), &second).unwrap().base(), &commit('a'));
    let theirs = [
        AnyExecution::Pending(pending()),
        AnyExecution::Running(running()),
        AnyExecution::Done(execution(0, done('b', Timestamp(99)))),
        AnyExecution::Failed(failed()),
        AnyExecution::Skipped(execution(0, skipped())),
    ];
    for their in theirs {
        // Before ours it would give a base or block; behind it, block by being at work.
        for order in [0, 2] {
            let rows: Vec<_> = ours().into_iter().chain([foreign(order, their.clone())]).collect();
            let want = refused(&format!("f{order}"));
            assert_eq!(its_turn(&rows, &second).unwrap_err(), want, "{}", their.status());
            assert_eq!(base_of(&job(), &rows, 1).unwrap_err(), want, "{}", their.status());
        }
    }
    assert_eq!(
        base_of(&"other".parse().unwrap(), &ours(), 1).unwrap_err().to_string(),
        "execution e0 belongs to job j"
    );
}

#[test]
fn done_needs_the_proof_of_this_very_task_and_verdict() {
    let proof = || judge(&running(), None, &at('a')).unwrap();
    let refused = execution(1, running().state).finish(proof(), T1).unwrap_err();
    assert_eq!(refused, Refusal::ForeignProof);
    let mut again = running();
    again.state.work.evidence = Some(seen(VerifyResult::Divergent));
    assert_eq!(again.finish(proof(), T1).unwrap_err(), Refusal::ForeignProof, "verified anew meanwhile");
    let mut unseen = running();
    unseen.state.work.evidence = None;
    assert_eq!(judge(&unseen, None, &at('a')).unwrap_err(), Shut::NotVerified);
    assert_eq!(unseen.finish(proof(), T1).unwrap_err(), Refusal::ForeignProof, "begun anew meanwhile");
    let stale = Shut::Stale { verified: commit('a'), head: commit('b') };
    assert_eq!(judge(&running(), None, &at('b')).unwrap_err(), stale);
    let dirty = Head { dirty: 2, ..at('a') };
    assert_eq!(judge(&running(), None, &dirty).unwrap_err(), Shut::Dirty { count: 2 });
    let step = running().finish(proof(), T1).unwrap();
    assert_eq!(step.next().state, done('a', T1));
}

#[test]
fn defect_036_the_stored_words_count_where_none_are_passed() {
    let said = |stored: Option<&str>, passed: Option<&str>| {
        let mut execution = running();
        execution.state.work.evidence = Some(seen(VerifyResult::Partial));
        execution.state.work.summary = stored.map(str::to_owned);
        judge(&execution, passed, &at('a'))
            .map(|proof| execution.finish(proof, T1).unwrap().next().state.summary.clone().unwrap())
    };
    let (long, other) = ("exactly twenty chars", "another twenty chars");
    let unexplained = |found| Err(Shut::Unexplained { result: VerifyResult::Partial, found });
    assert_eq!(said(None, None), unexplained(0));
    assert_eq!(said(Some(long), None), Ok(long.into()));
    assert_eq!(said(Some(long), Some("   ")), Ok(long.into()));
    assert_eq!(said(None, Some(other)), Ok(other.into()));
    assert_eq!(said(Some(long), Some(other)), Ok(other.into()));
    assert_eq!(said(Some(long), Some("short")), unexplained(5));
    let mut strict = running();
    strict.policy.required = Required::Aligned;
    strict.state.work.evidence = Some(seen(VerifyResult::Partial));
    let refused = judge(&strict, Some(long), &at('a')).unwrap_err();
    assert_eq!(refused, Shut::NotAligned { result: VerifyResult::Partial }, "by its own frozen policy");
}

#[test]
fn skipping_and_waiving_need_a_reason_and_a_waiver_stays() {
    let short = Refusal::NoReason { min: 10, found: 9 };
    assert_eq!(pending().skip("  too short  ", T1).unwrap_err(), short);
    assert_eq!(running().skip("too short", T1).unwrap_err(), short);
    assert_eq!(execution(0, skipped()).waive(ann(), "too short", T1).unwrap_err(), short);
    let step = running().skip("  ten chars!  ", T1).unwrap();
    assert_eq!(step.next().state.reason, "ten chars!");
    assert_eq!(step.next().state.work, Some(work()), "who is to waive it sees what was shown");
    assert_eq!(step.next().state.base, Some(commit('0')));
    let step = pending().skip("ten chars!", T1).unwrap();
    assert_eq!((&step.next().state.base, &step.next().state.work), (&Some(commit('0')), &None));
    let step = execution(0, skipped()).waive(ann(), " ten chars! ", T1).unwrap();
    let waiver = Waiver { by: ann(), reason: "ten chars!".into(), at: T1 };
    assert_eq!(step.next().state, Skipped { waiver: Some(waiver), ..skipped() });
    let waived = || step.next().clone();
    let again = waived().waive("bob".parse().unwrap(), "the vendor did it", T1).unwrap_err();
    assert_eq!(again, Refusal::AlreadyWaived { by: ann() });
    assert_eq!(waived().put_back(None).unwrap_err(), Refusal::Waived { by: ann() });
}

#[test]
fn what_is_put_back_has_no_trace() {
    let step = failed().put_back(Some(commit('8'))).unwrap();
    assert_eq!(step.next(), &execution(0, Pending { base: Some(commit('8')) }));
    let change = Change::from(step);
    let row = change.row();
    assert_eq!((&row.evidence, &row.head, &row.error, &row.started_at), (&None, &None, &None, &None));
}

fn executions() -> Vec<AnyExecution> {
    let waived = execution(0, skipped()).waive(ann(), "the vendor did it", T1).unwrap().next().clone();
    let summary = || Some("exactly twenty chars".to_owned());
    let explained = Work { summary: summary(), ..work() };
    vec![
        AnyExecution::Pending(pending()),
        AnyExecution::Running(execution(0, Running { base: commit('0'), work: explained.clone() })),
        AnyExecution::Done(execution(0, Done { summary: summary(), ..done('a', T1) })),
        AnyExecution::Failed(execution(0, Failed { work: explained, ..failed().state })),
        AnyExecution::Skipped(execution(0, skipped())),
        AnyExecution::Skipped(running().skip("it was done already", T1).unwrap().next().clone()),
        AnyExecution::Skipped(waived),
    ]
}

fn row(any: AnyExecution) -> Row {
    match any {
        AnyExecution::Pending(it) => it.into(),
        AnyExecution::Running(it) => it.into(),
        AnyExecution::Done(it) => it.into(),
        AnyExecution::Failed(it) => it.into(),
        AnyExecution::Skipped(it) => it.into(),
    }
}

#[test]
fn every_state_comes_back_as_it_was_written() {
    for execution in executions() {
        let row = row(execution.clone());
        assert_eq!((row.status, AnyExecution::try_from(row)), (execution.status(), Ok(execution)));
    }
}

#[test]
fn rows_that_no_move_wrote_are_refused() {
    type Spoil = fn(&mut Row);
    let spoils: Vec<(usize, Spoil, &str)> = vec![
        (0, |r| r.started_at = Some(T0), "started_at"),
        (0, |r| r.finished_at = Some(T0), "finished_at"),
        (0, |r| r.evidence = Some(seen(VerifyResult::Empty)), "verify_result"),
        (0, |r| r.summary = Some("words".into()), "verify_summary"),
        (0, |r| r.head = Some(commit('a')), "head_sha"),
        (0, |r| r.error = Some("no".into()), "error"),
        (0, |r| r.skip_reason = Some("it was done already".into()), "skip_reason"),
        (0, |r| r.waiver = Some(Waiver { by: ann(), reason: "ten chars!".into(), at: T0 }), "waived_by"),
        (1, |r| r.base = None, "base_sha"),
        (1, |r| (r.started_at, r.evidence, r.summary) = (None, None, None), "started_at"),
        (1, |r| r.head = Some(commit('a')), "head_sha"),
        (1, |r| r.finished_at = Some(T1), "finished_at"),
        (2, |r| r.base = None, "base_sha"),
        (2, |r| r.evidence = None, "verify_result"),
        (2, |r| r.head = None, "head_sha"),
        (2, |r| r.head = Some(commit('b')), "head_sha"),
        (2, |r| r.finished_at = None, "finished_at"),
        (2, |r| (r.started_at, r.evidence, r.summary) = (None, None, None), "started_at"),
        (3, |r| r.base = None, "base_sha"),
        (3, |r| r.error = None, "error"),
        (3, |r| r.finished_at = None, "finished_at"),
        (3, |r| (r.started_at, r.evidence, r.summary) = (None, None, None), "started_at"),
        (4, |r| r.finished_at = None, "finished_at"),
        (4, |r| r.skip_reason = None, "skip_reason"),
        (4, |r| r.skip_reason = Some("too short".into()), "skip_reason"),
        (4, |r| r.error = Some("no".into()), "error"),
        (5, |r| r.base = None, "base_sha"),
        (6, |r| r.waiver.as_mut().unwrap().reason = "too short".into(), "waive_reason"),
    ];
    for (which, spoil, column) in spoils {
        let mut row = row(executions().remove(which));
        spoil(&mut row);
        let bad = AnyExecution::try_from(row).unwrap_err();
        assert_eq!(bad.column, column, "{bad}");
    }
}
