//! The gate of a sprint job: every cell of status x verdict x policy x waiver x words by hand, lists of rows, and that
//! one more blocker never opens it.

use proptest::prelude::*;
use sprintgate::domain::commit::CommitId;
use sprintgate::domain::execution::{AnyExecution, Row, Status, Waiver};
use sprintgate::domain::gate::*;
use sprintgate::domain::id::JobId;
use sprintgate::domain::job;
use sprintgate::domain::machine::Word;
use sprintgate::domain::time::Timestamp;
use sprintgate::domain::verify::VerifyResult;

use super::jobs::{T0, claimed, running};

fn commit(digit: char) -> CommitId {
    CommitId::new(digit.to_string().repeat(40)).unwrap()
}

fn job() -> JobId {
    JobId::new("j").unwrap()
}

fn at(digit: char) -> Head {
    Head { commit: commit(digit), dirty: 0 }
}

fn strict() -> Policy {
    Policy::default()
}

/// A row as the store would hold it, so that what is judged here is what a row can say.
fn row(order: u32, status: Status) -> Row {
    let begun = matches!(status, Status::Running | Status::Done | Status::Failed);
    Row {
        id: format!("e{order}").parse().unwrap(),
        job: job(),
        task: format!("t{order}").parse().unwrap(),
        order,
        plan: String::new(),
        policy: strict(),
        status,
        base: begun.then(|| commit('0')),
        head: None,
        evidence: None,
        summary: None,
        skip_reason: (status == Status::Skipped).then(|| "it was done already".into()),
        waiver: None,
        error: (status == Status::Failed).then(|| "it does not build".into()),
        started_at: begun.then_some(T0),
        finished_at: status.is_ended().then_some(T0),
    }
}

fn done(order: u32, result: VerifyResult, head: char, finished_at: i64) -> Row {
    Row {
        evidence: Some(Evidence { result, commit: commit(head), at: T0 }),
        head: Some(commit(head)),
        finished_at: Some(Timestamp(finished_at)),
        ..row(order, Status::Done)
    }
}

fn judged(rows: &[Row], base: Option<char>, head: &Head) -> Result<Passed, Vec<Blocker>> {
    let rows: Vec<AnyExecution> = rows.iter().map(|row| row.clone().try_into().unwrap()).collect();
    let codes: Vec<String> = rows.iter().map(|row| format!("T-{}", row.order())).collect();
    let line = |(execution, code)| Line { execution, code, title: "a title" };
    let lines: Vec<Line<'_>> = rows.iter().zip(codes.iter().map(String::as_str)).map(line).collect();
    judge_sprint(&job(), 2, base.map(commit).as_ref(), &lines, head)
}

/// Words: none, 19 characters within white space, 20 characters.
const WORDS: [Option<&str>; 3] = [None, Some("   nineteen characters   "), Some("exactly twenty chars")];

/// A row a status, a verdict and `verify_only`; a column a requirement; in a cell three letters without a waiver and
/// three with one, a letter for each of [`WORDS`]: `y` open, `w` waits, `r` runs, `f` failed, `k` skipped, `e` empty,
/// `s` strict, `u` unexplained, `-` no such row can be read.
const MATRIX: &str = "
PENDING -         code  ALIGNED=w--/--- ALIGNED_OR_PARTIAL=w--/--- ANY=w--/---
PENDING -         only  ALIGNED=w--/--- ALIGNED_OR_PARTIAL=w--/--- ANY=w--/---
PENDING EMPTY     code  ALIGNED=---/--- ALIGNED_OR_PARTIAL=---/--- ANY=---/---
PENDING EMPTY     only  ALIGNED=---/--- ALIGNED_OR_PARTIAL=---/--- ANY=---/---
PENDING ALIGNED   code  ALIGNED=---/--- ALIGNED_OR_PARTIAL=---/--- ANY=---/---
PENDING ALIGNED   only  ALIGNED=---/--- ALIGNED_OR_PARTIAL=---/--- ANY=---/---
PENDING PARTIAL   code  ALIGNED=---/--- ALIGNED_OR_PARTIAL=---/--- ANY=---/---
PENDING PARTIAL   only  ALIGNED=---/--- ALIGNED_OR_PARTIAL=---/--- ANY=---/---
PENDING DIVERGENT code  ALIGNED=---/--- ALIGNED_OR_PARTIAL=---/--- ANY=---/---
PENDING DIVERGENT only  ALIGNED=---/--- ALIGNED_OR_PARTIAL=---/--- ANY=---/---
RUNNING -         code  ALIGNED=rrr/--- ALIGNED_OR_PARTIAL=rrr/--- ANY=rrr/---
RUNNING -         only  ALIGNED=rrr/--- ALIGNED_OR_PARTIAL=rrr/--- ANY=rrr/---
RUNNING EMPTY     code  ALIGNED=rrr/--- ALIGNED_OR_PARTIAL=rrr/--- ANY=rrr/---
RUNNING EMPTY     only  ALIGNED=rrr/--- ALIGNED_OR_PARTIAL=rrr/--- ANY=rrr/---
RUNNING ALIGNED   code  ALIGNED=rrr/--- ALIGNED_OR_PARTIAL=rrr/--- ANY=rrr/---
RUNNING ALIGNED   only  ALIGNED=rrr/--- ALIGNED_OR_PARTIAL=rrr/--- ANY=rrr/---
RUNNING PARTIAL   code  ALIGNED=rrr/--- ALIGNED_OR_PARTIAL=rrr/--- ANY=rrr/---
RUNNING PARTIAL   only  ALIGNED=rrr/--- ALIGNED_OR_PARTIAL=rrr/--- ANY=rrr/---
RUNNING DIVERGENT code  ALIGNED=rrr/--- ALIGNED_OR_PARTIAL=rrr/--- ANY=rrr/---
RUNNING DIVERGENT only  ALIGNED=rrr/--- ALIGNED_OR_PARTIAL=rrr/--- ANY=rrr/---
FAILED  -         code  ALIGNED=fff/--- ALIGNED_OR_PARTIAL=fff/--- ANY=fff/---
FAILED  -         only  ALIGNED=fff/--- ALIGNED_OR_PARTIAL=fff/--- ANY=fff/---
FAILED  EMPTY     code  ALIGNED=fff/--- ALIGNED_OR_PARTIAL=fff/--- ANY=fff/---
FAILED  EMPTY     only  ALIGNED=fff/--- ALIGNED_OR_PARTIAL=fff/--- ANY=fff/---
FAILED  ALIGNED   code  ALIGNED=fff/--- ALIGNED_OR_PARTIAL=fff/--- ANY=fff/---
FAILED  ALIGNED   only  ALIGNED=fff/--- ALIGNED_OR_PARTIAL=fff/--- ANY=fff/---
FAILED  PARTIAL   code  ALIGNED=fff/--- ALIGNED_OR_PARTIAL=fff/--- ANY=fff/---
FAILED  PARTIAL   only  ALIGNED=fff/--- ALIGNED_OR_PARTIAL=fff/--- ANY=fff/---
FAILED  DIVERGENT code  ALIGNED=fff/--- ALIGNED_OR_PARTIAL=fff/--- ANY=fff/---
FAILED  DIVERGENT only  ALIGNED=fff/--- ALIGNED_OR_PARTIAL=fff/--- ANY=fff/---
SKIPPED -         code  ALIGNED=k--/y-- ALIGNED_OR_PARTIAL=k--/y-- ANY=y--/y--
SKIPPED -         only  ALIGNED=y--/y-- ALIGNED_OR_PARTIAL=y--/y-- ANY=y--/y--
SKIPPED begun     code  ALIGNED=kkk/yyy ALIGNED_OR_PARTIAL=kkk/yyy ANY=yyy/yyy
SKIPPED begun     only  ALIGNED=yyy/yyy ALIGNED_OR_PARTIAL=yyy/yyy ANY=yyy/yyy
SKIPPED EMPTY     code  ALIGNED=kkk/yyy ALIGNED_OR_PARTIAL=kkk/yyy ANY=yyy/yyy
SKIPPED EMPTY     only  ALIGNED=yyy/yyy ALIGNED_OR_PARTIAL=yyy/yyy ANY=yyy/yyy
SKIPPED ALIGNED   code  ALIGNED=kkk/yyy ALIGNED_OR_PARTIAL=kkk/yyy ANY=yyy/yyy
SKIPPED ALIGNED   only  ALIGNED=yyy/yyy ALIGNED_OR_PARTIAL=yyy/yyy ANY=yyy/yyy
SKIPPED PARTIAL   code  ALIGNED=kkk/yyy ALIGNED_OR_PARTIAL=kkk/yyy ANY=yyy/yyy
SKIPPED PARTIAL   only  ALIGNED=yyy/yyy ALIGNED_OR_PARTIAL=yyy/yyy ANY=yyy/yyy
SKIPPED DIVERGENT code  ALIGNED=kkk/yyy ALIGNED_OR_PARTIAL=kkk/yyy ANY=yyy/yyy
SKIPPED DIVERGENT only  ALIGNED=yyy/yyy ALIGNED_OR_PARTIAL=yyy/yyy ANY=yyy/yyy
DONE    -         code  ALIGNED=---/--- ALIGNED_OR_PARTIAL=---/--- ANY=---/---
DONE    -         only  ALIGNED=---/--- ALIGNED_OR_PARTIAL=---/--- ANY=---/---
DONE    EMPTY     code  ALIGNED=eee/--- ALIGNED_OR_PARTIAL=eee/--- ANY=eee/---
DONE    EMPTY     only  ALIGNED=yyy/--- ALIGNED_OR_PARTIAL=yyy/--- ANY=yyy/---
DONE    ALIGNED   code  ALIGNED=yyy/--- ALIGNED_OR_PARTIAL=yyy/--- ANY=yyy/---
DONE    ALIGNED   only  ALIGNED=yyy/--- ALIGNED_OR_PARTIAL=yyy/--- ANY=yyy/---
DONE    PARTIAL   code  ALIGNED=sss/--- ALIGNED_OR_PARTIAL=uuy/--- ANY=yyy/---
DONE    PARTIAL   only  ALIGNED=sss/--- ALIGNED_OR_PARTIAL=uuy/--- ANY=yyy/---
DONE    DIVERGENT code  ALIGNED=sss/--- ALIGNED_OR_PARTIAL=uuy/--- ANY=yyy/---
DONE    DIVERGENT only  ALIGNED=sss/--- ALIGNED_OR_PARTIAL=uuy/--- ANY=yyy/---
";

/// The row of a cell.
fn cell(status: Status, verdict: &str, policy: Policy, waived: bool, words: Option<&str>) -> Row {
    let mut row = Row { policy, summary: words.map(str::to_owned), ..row(0, status) };
    if let Ok(result) = VerifyResult::parse(verdict) {
        row.evidence = Some(Evidence { result, commit: commit('a'), at: T0 });
    }
    if status == Status::Skipped && verdict != "-" {
        (row.started_at, row.base) = (Some(T0), Some(commit('0')));
    }
    row.head = (status == Status::Done).then(|| commit('a'));
    let (by, reason) = ("ann".parse().unwrap(), "the vendor did it".into());
    row.waiver = waived.then_some(Waiver { by, reason, at: T0 });
    row
}

fn letter(row: Row) -> char {
    if AnyExecution::try_from(row.clone()).is_err() {
        return '-';
    }
    match judged(&[row], Some('a'), &at('a')) {
        Ok(_) => 'y',
        Err(blockers) => match blockers.as_slice() {
            [Blocker::Row { why: Reason::Waits, .. }] => 'w',
            [Blocker::Row { why: Reason::Runs, .. }] => 'r',
            [Blocker::Row { why: Reason::Failed { .. }, .. }] => 'f',
            [Blocker::Row { why: Reason::Skipped, .. }] => 'k',
            [Blocker::Row { why: Reason::Gate(Shut::Empty), .. }] => 'e',
            [Blocker::Row { why: Reason::Gate(Shut::NotAligned { .. }), .. }] => 's',
            [Blocker::Row { why: Reason::Gate(Shut::Unexplained { .. }), .. }] => 'u',
            other => panic!("{other:?}"),
        },
    }
}

#[test]
fn defect_034_every_cell() {
    let mut lines = 0;
    for line in MATRIX.lines().filter(|line| !line.is_empty()) {
        let head: Vec<&str> = line.split_whitespace().collect();
        let status = Status::parse(head[0]).unwrap();
        for cells in &head[3..] {
            let (required, letters) = cells.split_once('=').unwrap();
            let policy =
                Policy { required: Required::parse(required).unwrap(), verify_only: head[2] == "only" };
            let got = [false, true].map(|waived| {
                WORDS
                    .map(|words| letter(cell(status, head[1], policy, waived, words)))
                    .iter()
                    .collect::<String>()
            });
            assert_eq!(got.join("/"), letters, "{line}: {required}");
        }
        lines += 1;
    }
    assert_eq!(lines, 52);
}

fn texts(blockers: &[Blocker]) -> Vec<String> {
    blockers.iter().map(ToString::to_string).collect()
}

#[test]
fn all_that_stands_in_the_way_is_named_in_order() {
    let rows = vec![
        row(5, Status::Failed),
        done(1, VerifyResult::Partial, 'a', 1),
        row(4, Status::Skipped),
        done(0, VerifyResult::Aligned, 'b', 2),
        row(3, Status::Running),
        row(2, Status::Pending),
    ];
    let blockers = judged(&rows, None, &at('c')).unwrap_err();
    assert_eq!(
        texts(&blockers),
        [
            "[DONE-gate] T-1: a title: the verdict is PARTIAL, which needs a summary of at least 20 characters (0 given)",
            "[PENDING] T-2: a title: it has not been started",
            "[RUNNING] T-3: a title: it has not been finished",
            "[SKIPPED] T-4: a title: it was skipped, and its plan asks for changes",
            "[FAILED] T-5: a title: it failed: it does not build",
        ]
    );
    let labels: Vec<Option<Label>> = blockers.iter().map(Blocker::label).collect();
    let want = [Label::DoneGate, Label::Pending, Label::Running, Label::Skipped, Label::Failed];
    assert_eq!(labels, want.map(Some));
    for text in texts(&blockers) {
        for word in ["verify_only", "verify_required", "ANY", "waive"] {
            assert!(!text.contains(word), "{text}");
        }
    }
}

#[test]
fn a_job_without_rows_is_not_done() {
    assert_eq!(judged(&[], Some('a'), &at('a')).unwrap_err(), [Blocker::NoRows]);
    let foreign = Row { job: "other".parse().unwrap(), ..done(0, VerifyResult::Aligned, 'a', 1) };
    assert_eq!(judged(&[foreign], Some('a'), &at('a')).unwrap_err(), [Blocker::NoRows]);
    assert_eq!(Blocker::NoRows.to_string(), "the job has no tasks to be judged by");
}

#[test]
fn the_worktree_is_where_the_last_task_left_it() {
    let rows = [done(0, VerifyResult::Aligned, 'a', 5), done(1, VerifyResult::Aligned, 'b', 6)];
    assert!(judged(&rows, None, &at('b')).is_ok());
    let stale =
        |verified, head| Blocker::Worktree(Shut::Stale { verified: commit(verified), head: commit(head) });
    assert_eq!(judged(&rows, None, &at('a')).unwrap_err(), [stale('b', 'a')]);
    let dirty = Head { dirty: 1, ..at('b') };
    let blockers = judged(&rows, None, &dirty).unwrap_err();
    assert_eq!(blockers, [Blocker::Worktree(Shut::Dirty { count: 1 })]);
    assert_eq!(texts(&blockers), ["the worktree has 1 uncommitted path(s)"]);
    assert_eq!(blockers[0].label(), None, "it is no task");
    // The first was done again after the second.
    let again = [done(0, VerifyResult::Aligned, 'c', 7), rows[1].clone()];
    assert!(judged(&again, None, &at('c')).is_ok());
    assert_eq!(judged(&again, None, &at('b')).unwrap_err(), [stale('c', 'b')]);
    // All was skipped: nothing may have been committed.
    let idle = [Row { policy: Policy { verify_only: true, ..strict() }, ..row(0, Status::Skipped) }];
    assert!(judged(&idle, Some('0'), &at('0')).is_ok());
    assert_eq!(judged(&idle, Some('0'), &at('a')).unwrap_err(), [stale('0', 'a')]);
    assert_eq!(judged(&idle, None, &at('0')).unwrap_err(), [Blocker::Worktree(Shut::NotVerified)]);
}

#[test]
fn the_verdict_of_the_whole_is_the_farthest_from_its_plan() {
    use VerifyResult::*;
    let lists: [(&[VerifyResult], VerifyResult); 6] = [
        (&[Empty], Empty),
        (&[Empty, Aligned], Aligned),
        (&[Aligned, Partial, Aligned], Partial),
        (&[Partial, Divergent, Empty], Divergent),
        (&[], Empty),
        (&[Aligned, Empty], Aligned),
    ];
    let policy = Policy { required: Required::Any, verify_only: true };
    for (results, result) in lists {
        let mut rows: Vec<Row> = vec![Row { policy, ..row(9, Status::Skipped) }];
        for (order, result) in (0..).zip(results) {
            rows.push(Row { policy, ..done(order, *result, 'a', 1) });
        }
        let passed = judged(&rows, Some('a'), &at('a')).unwrap();
        assert_eq!(passed.grounds(), &Grounds::Aggregate { result, commit: commit('a') }, "{results:?}");
        assert_eq!((passed.job(), passed.attempt(), passed.commit()), (&job(), 2, Some(&commit('a'))));
    }
}

fn sprint_job() -> job::Job<job::Running> {
    let mut held = running(1);
    (held.id, held.kind) = (job(), job::Kind::SprintImplementation);
    held.state.brief.evidence = None;
    held
}

#[test]
fn a_sprint_job_is_done_on_the_evidence_of_its_tasks() {
    let proof = || judged(&[done(0, VerifyResult::Aligned, 'a', 1)], None, &at('a')).unwrap();
    let end = Timestamp(T0.0 + 1);
    let elsewhere = Some(job::Publication { commit: commit('b'), at: end });
    let refused = sprint_job().finish(2, proof(), elsewhere, None, end).unwrap_err();
    assert_eq!(refused, job::Refusal::UnverifiedPublication);
    let refused = sprint_job().finish(2, proof(), None, None, end).unwrap_err();
    assert_eq!(refused, job::Refusal::Unpublished { result: VerifyResult::Aligned });
    // An attempt that found every task done on the published branch has nothing to add.
    let mut again = sprint_job();
    again.state.brief.base = Some(commit('a'));
    assert!(again.finish(2, proof(), None, None, end).is_ok());
    let policy = Policy { required: Required::Any, verify_only: false };
    let untouched = Row { policy, ..row(0, Status::Skipped) };
    let skipped = judged(&[untouched], Some('0'), &at('0')).unwrap();
    assert!(sprint_job().finish(2, skipped, None, None, end).is_ok(), "EMPTY");
    let there = Some(job::Publication { commit: commit('a'), at: end });
    let change = job::Change::from(sprint_job().finish(2, proof(), there, None, end).unwrap());
    let seen = Evidence { result: VerifyResult::Aligned, commit: commit('a'), at: end };
    assert_eq!(change.row().evidence, Some(seen), "the database asks for it of every DONE");
    let job::AnyJob::Done(read) = job::AnyJob::try_from(change.row().clone()).unwrap() else { panic!() };
    let grounds = Grounds::Aggregate { result: VerifyResult::Aligned, commit: commit('a') };
    assert_eq!(read.state.grounds, grounds);
    assert_eq!(&job::Row::from(read), change.row());
}

#[test]
fn no_gate_opens_for_the_other_kind_of_job() {
    let seen = Evidence { result: VerifyResult::Aligned, commit: commit('a'), at: T0 };
    let single = judge(&job(), 2, Some(&seen), strict(), None, &at('a')).unwrap();
    let kind = job::Kind::SprintImplementation;
    let refused = sprint_job().finish(2, single, None, None, T0).unwrap_err();
    assert_eq!(refused, job::Refusal::WrongGate { kind });
    let mut task = claimed(1);
    task.id = job();
    let whole = judged(&[done(0, VerifyResult::Aligned, 'a', 1)], None, &at('a')).unwrap();
    let kind = job::Kind::TaskImplementation;
    let refused = task.clone().finish(2, whole, None, None, T0).unwrap_err();
    assert_eq!(refused, job::Refusal::WrongGate { kind });
    let exempt = exempt(&job(), 2, job::Kind::PlanChat).unwrap();
    assert_eq!(task.finish(2, exempt, None, None, T0).unwrap_err(), job::Refusal::WrongGate { kind });
    let waived = waive(&job(), 2, "ann".parse().unwrap(), "the vendor did it").unwrap();
    assert!(sprint_job().finish(2, waived, None, None, T0).is_ok(), "a person's word opens either");
}

fn any_row() -> impl Strategy<Value = Row> {
    let status = prop::sample::select(Status::ALL);
    let result = prop::sample::select(VerifyResult::ALL);
    let required = prop::sample::select(Required::ALL);
    (0..6_u32, status, result, required, any::<bool>()).prop_map(|(order, status, result, required, only)| {
        let policy = Policy { required, verify_only: only };
        let bare = if status == Status::Done { done(order, result, 'a', 1) } else { row(order, status) };
        Row { policy, ..bare }
    })
}

proptest! {
    #[test]
    fn one_more_blocker_never_opens(rows in prop::collection::vec(any_row(), 0..6), more in any_row(), at_place in 0..6_usize) {
        let alone = judged(std::slice::from_ref(&more), Some('a'), &at('a'));
        let before = judged(&rows, Some('a'), &at('a'));
        let mut with = rows.clone();
        with.insert(at_place.min(rows.len()), more);
        let after = judged(&with, Some('a'), &at('a'));
        prop_assert!(alone.is_ok() || after.is_err(), "a row that blocks alone blocks among others");
        prop_assert!(before.is_ok() || rows.is_empty() || after.is_err(), "no row takes a blocker away");
        if let (Err(before), Err(after), false) = (before, after, rows.is_empty()) {
            prop_assert!(after.len() >= before.len());
        }
    }
}
