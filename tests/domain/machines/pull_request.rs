//! The pull-request machine a second time, each of its moves made once, what its refusals name, and its rows.

use sprintgate::domain::commit::CommitId;
use sprintgate::domain::machine::Word;
use sprintgate::domain::pull_request::*;
use sprintgate::domain::run::{Pause, PrStrategy, Run, Running};
use sprintgate::domain::time::Timestamp;

use super::proof::{Made, every_edge_is_one_move, made, matrix};

pub(super) const T0: Timestamp = Timestamp(7);
pub(super) const URL: &str = "https://forge/p/1";

#[test]
fn the_matrix() {
    matrix(
        "pull_request",
        "
        NONE                  push            BRANCH_PUSHED
        BRANCH_PUSHED         push            BRANCH_PUSHED
        BRANCH_PUSHED         delete_branch   NONE
        BRANCH_PUSHED         open            PR_OPENED
        BRANCH_PUSHED         open_draft      DRAFT_OPENED
        PR_OPENED             push            PR_OPENED
        PR_OPENED             complete_story  WAITING_FOR_CHECKS
        PR_OPENED             conflict        MERGE_CONFLICT_PAUSED
        PR_OPENED             merge           MERGED
        PR_OPENED             close           CLOSED
        DRAFT_OPENED          push            DRAFT_OPENED
        DRAFT_OPENED          complete_sprint READY_FOR_REVIEW
        DRAFT_OPENED          conflict        MERGE_CONFLICT_PAUSED
        DRAFT_OPENED          merge           MERGED
        DRAFT_OPENED          close           CLOSED
        WAITING_FOR_CHECKS    push            PR_OPENED
        WAITING_FOR_CHECKS    withdraw        PR_OPENED
        WAITING_FOR_CHECKS    accept_merge    AUTO_MERGE_ENABLED
        WAITING_FOR_CHECKS    fail_checks     CHECKS_FAILED
        WAITING_FOR_CHECKS    conflict        MERGE_CONFLICT_PAUSED
        WAITING_FOR_CHECKS    merge           MERGED
        WAITING_FOR_CHECKS    close           CLOSED
        AUTO_MERGE_ENABLED    push            PR_OPENED
        AUTO_MERGE_ENABLED    withdraw        PR_OPENED
        AUTO_MERGE_ENABLED    fail_checks     CHECKS_FAILED
        AUTO_MERGE_ENABLED    conflict        MERGE_CONFLICT_PAUSED
        AUTO_MERGE_ENABLED    merge           MERGED
        AUTO_MERGE_ENABLED    close           CLOSED
        READY_FOR_REVIEW      push            DRAFT_OPENED
        READY_FOR_REVIEW      merge           MERGED
        READY_FOR_REVIEW      close           CLOSED
        CHECKS_FAILED         push            PR_OPENED
        CHECKS_FAILED         withdraw        PR_OPENED
        CHECKS_FAILED         merge           MERGED
        CHECKS_FAILED         close           CLOSED
        MERGE_CONFLICT_PAUSED push            MERGE_CONFLICT_PAUSED
        MERGE_CONFLICT_PAUSED resume          PR_OPENED
        MERGE_CONFLICT_PAUSED resume          DRAFT_OPENED
        MERGE_CONFLICT_PAUSED merge           MERGED
        MERGE_CONFLICT_PAUSED close           CLOSED
        ",
    );
}

pub(super) fn commit(digit: char) -> CommitId {
    CommitId::new(digit.to_string().repeat(40)).unwrap()
}

pub(super) fn story<S>(state: S) -> PullRequest<S> {
    let branch = "feat/story-1".parse().unwrap();
    PullRequest { id: "p".parse().unwrap(), strategy: PrStrategy::Story, branch, state }
}

pub(super) fn sprint<S>(state: S) -> PullRequest<S> {
    PullRequest { strategy: PrStrategy::Sprint, ..story(state) }
}

pub(super) fn pr() -> Opened {
    Opened { url: URL.into(), draft: false, head: commit('a') }
}

pub(super) fn draft() -> Opened {
    Opened { draft: true, ..pr() }
}

pub(super) fn pushed() -> BranchPushed {
    BranchPushed { head: commit('a') }
}

fn paused() -> MergeConflictPaused {
    MergeConflictPaused { pr: pr(), reason: "it does not merge".into() }
}

pub(super) fn paused_draft() -> MergeConflictPaused {
    MergeConflictPaused { pr: draft(), ..paused() }
}

pub(super) fn found() -> Found {
    Found { url: URL.into(), state: ForgeState::Open, draft: false, branch: "feat/story-1".into() }
}

fn of_open<S: Open + Takes>(open: impl Fn() -> PullRequest<S>, all: &mut Vec<Made>) {
    all.push(made("merge", &open().merge(Some(commit('f')), Some(commit('a')), T0)));
    all.push(made("close", &open().close("a person closed it", T0)));
    all.push(made("push", &open().push(commit('b')).unwrap()));
}

#[test]
fn every_edge_is_one_typed_move() {
    let a = commit('a');
    let opened = || story(PrOpened { pr: pr() });
    let drafted = || sprint(DraftOpened { pr: draft() });
    let waiting = || story(WaitingForChecks { pr: pr() });
    let enabled = || story(AutoMergeEnabled { pr: pr() });
    let failed = || story(ChecksFailed { pr: pr(), reason: "no".into() });
    let mut all = vec![
        made("withdraw", &waiting().withdraw()),
        made("withdraw", &enabled().withdraw()),
        made("withdraw", &failed().withdraw()),
        made("push", &story(Unpublished).push(a.clone()).unwrap()),
        made("push", &story(pushed()).push(commit('b')).unwrap()),
        made("delete_branch", &story(pushed()).delete_branch()),
        made("open", &story(pushed()).open(found()).unwrap()),
        made("open_draft", &sprint(pushed()).open_draft(found()).unwrap()),
        made("complete_story", &opened().complete_story(&a).unwrap()),
        made("complete_sprint", &drafted().complete_sprint(&a).unwrap()),
        made("accept_merge", &waiting().accept_merge(&a).unwrap()),
        made("fail_checks", &waiting().fail_checks(&a, "no").unwrap()),
        made("fail_checks", &enabled().fail_checks(&a, "no").unwrap()),
        made("conflict", &opened().conflict(&a, "no").unwrap()),
        made("conflict", &drafted().conflict(&a, "no").unwrap()),
        made("conflict", &waiting().conflict(&a, "no").unwrap()),
        made("conflict", &enabled().conflict(&a, "no").unwrap()),
        made("resume_story", &story(paused()).resume_story().unwrap()),
        made("resume_sprint", &sprint(paused_draft()).resume_sprint().unwrap()),
    ];
    of_open(opened, &mut all);
    of_open(drafted, &mut all);
    of_open(waiting, &mut all);
    of_open(enabled, &mut all);
    of_open(|| sprint(ReadyForReview { pr: pr() }), &mut all);
    of_open(failed, &mut all);
    of_open(|| story(paused()), &mut all);
    every_edge_is_one_move("pull_request", "pull_request", &all);
}

#[test]
fn a_story_has_a_pull_request_and_a_sprint_a_draft() {
    let wrong = |strategy| Refusal::WrongStrategy { strategy };
    assert_eq!(story(pushed()).open_draft(found()).unwrap_err(), wrong(PrStrategy::Story));
    assert_eq!(story(paused()).resume_sprint().unwrap_err(), wrong(PrStrategy::Story));
    for strategy in [PrStrategy::Sprint, PrStrategy::SprintBatch] {
        let of = |state| PullRequest { strategy, ..story(state) };
        assert_eq!(of(pushed()).open(found()).unwrap_err(), wrong(strategy));
        assert!(of(pushed()).open_draft(found()).is_ok());
        let paused = PullRequest { strategy, ..story(paused_draft()) };
        assert_eq!(paused.clone().resume_story().unwrap_err(), wrong(strategy));
        assert_eq!(paused.resume_sprint().unwrap().next().state, DraftOpened { pr: draft() });
    }
}

#[test]
fn defect_068_only_an_open_pull_request_of_the_branch_is_used() {
    for state in [ForgeState::Merged, ForgeState::Closed] {
        let found = Found { state, ..found() };
        let refused = Refusal::NotOpen { url: URL.into(), state };
        assert_eq!(story(pushed()).open(found.clone()).unwrap_err(), refused);
        assert_eq!(sprint(pushed()).open_draft(found).unwrap_err(), refused);
    }
    let theirs = Found { branch: "feat/story-2".into(), ..found() };
    let refused =
        Refusal::OtherBranch { ours: "feat/story-1".parse().unwrap(), theirs: "feat/story-2".into() };
    assert_eq!(story(pushed()).open(theirs.clone()).unwrap_err(), refused);
    assert_eq!(sprint(pushed()).open_draft(theirs).unwrap_err(), refused);
    let adopted = story(pushed()).open(Found { draft: true, ..found() }).unwrap();
    assert_eq!(adopted.next().state, PrOpened { pr: draft() });
    let adopted = sprint(pushed()).open_draft(Found { draft: false, ..found() }).unwrap();
    assert_eq!(adopted.next().state, DraftOpened { pr: draft() }, "it is to be one");
    let used: Vec<&str> =
        Status::ALL.iter().filter(|status| status.is_open()).map(|status| status.word()).collect();
    let open = "PR_OPENED DRAFT_OPENED WAITING_FOR_CHECKS AUTO_MERGE_ENABLED READY_FOR_REVIEW CHECKS_FAILED \
                MERGE_CONFLICT_PAUSED";
    assert_eq!(used.join(" "), open);
}

#[test]
fn an_answer_about_another_commit_is_refused() {
    let late = commit('9');
    let moved = Refusal::HeadMoved { yours: late.clone(), head: commit('a') };
    let opened = || story(PrOpened { pr: pr() });
    let waiting = || story(WaitingForChecks { pr: pr() });
    let enabled = || story(AutoMergeEnabled { pr: pr() });
    let drafted = || sprint(DraftOpened { pr: draft() });
    assert_eq!(opened().complete_story(&late).unwrap_err(), moved);
    assert_eq!(drafted().complete_sprint(&late).unwrap_err(), moved);
    assert_eq!(waiting().accept_merge(&late).unwrap_err(), moved);
    assert_eq!(waiting().fail_checks(&late, "no").unwrap_err(), moved);
    assert_eq!(enabled().fail_checks(&late, "no").unwrap_err(), moved);
    assert_eq!(opened().conflict(&late, "no").unwrap_err(), moved);
    assert_eq!(drafted().conflict(&late, "no").unwrap_err(), moved);
    assert_eq!(waiting().conflict(&late, "no").unwrap_err(), moved);
    assert_eq!(enabled().conflict(&late, "no").unwrap_err(), moved);
    // A later commit withdraws what was decided; the same commit again does not.
    let step = enabled().push(commit('b')).unwrap();
    assert_eq!(step.next().state, PrOpened { pr: Opened { head: commit('b'), ..pr() } });
    let same = Refusal::NothingNew { head: commit('a') };
    assert_eq!(enabled().push(commit('a')).unwrap_err(), same);
    assert_eq!(story(pushed()).push(commit('a')).unwrap_err(), same);
    assert_eq!(story(paused()).push(commit('a')).unwrap_err(), same);
    let step = story(paused()).push(commit('b')).unwrap();
    let pr = Opened { head: commit('b'), ..pr() };
    assert_eq!(step.next().state, MergeConflictPaused { pr, ..paused() }, "a pause stays");
}

#[test]
fn three_of_the_forges_refusals_change_nothing() {
    let by_hand = [
        ("MERGE_CONFLICT", Some(Event::Conflict)),
        ("CHECKS_FAILED", Some(Event::FailChecks)),
        ("GH_AUTH_ERROR", None),
        ("AUTO_MERGE_NOT_ALLOWED", None),
        ("UNKNOWN", None),
    ];
    let ours: Vec<(&str, Option<Event>)> =
        MergeRefusal::ALL.iter().map(|refusal| (refusal.word(), refusal.event())).collect();
    assert_eq!(ours, by_hand);
}

#[test]
fn a_conflict_pauses_the_run() {
    let files = ["src/b.rs", "src/a.rs", "src/b.rs"].map(str::to_owned);
    let pause = story(paused()).pause(files, "q".parse().unwrap(), T0);
    let want = Pause::MergeConflict {
        pr_url: URL.into(),
        pr_head_sha: commit('a'),
        conflict_files: vec!["src/a.rs".into(), "src/b.rs".into()],
        claude_question_id: "q".parse().unwrap(),
        resume_instructions:
            "Merge the base branch into feat/story-1, solve the conflicts and push. Then resume the run."
                .into(),
        paused_at: T0,
    };
    assert_eq!(pause, want);
    let run = Run { id: "r".parse().unwrap(), state: Running { started_at: T0 } };
    assert_eq!(run.pause(pause).next().state.pause.question().unwrap().as_str(), "q");
}

pub(super) fn row(any: AnyPullRequest) -> Row {
    match any {
        AnyPullRequest::Unpublished(it) => it.into(),
        AnyPullRequest::BranchPushed(it) => it.into(),
        AnyPullRequest::PrOpened(it) => it.into(),
        AnyPullRequest::DraftOpened(it) => it.into(),
        AnyPullRequest::WaitingForChecks(it) => it.into(),
        AnyPullRequest::AutoMergeEnabled(it) => it.into(),
        AnyPullRequest::ReadyForReview(it) => it.into(),
        AnyPullRequest::ChecksFailed(it) => it.into(),
        AnyPullRequest::MergeConflictPaused(it) => it.into(),
        AnyPullRequest::Merged(it) => it.into(),
        AnyPullRequest::Closed(it) => it.into(),
    }
}

pub(super) fn rows() -> Vec<Row> {
    let (reason, finished_at) = ("no".to_owned(), T0);
    vec![
        story(Unpublished).into(),
        story(pushed()).into(),
        story(PrOpened { pr: pr() }).into(),
        sprint(DraftOpened { pr: draft() }).into(),
        story(WaitingForChecks { pr: pr() }).into(),
        story(AutoMergeEnabled { pr: pr() }).into(),
        sprint(ReadyForReview { pr: pr() }).into(),
        story(ChecksFailed { pr: pr(), reason: reason.clone() }).into(),
        story(paused_draft()).into(),
        sprint(paused_draft()).into(),
        sprint(Merged { pr: pr(), merge: Some(commit('f')), merged_head: Some(commit('b')), finished_at })
            .into(),
        story(Closed { pr: pr(), reason, finished_at }).into(),
    ]
}

#[test]
fn every_state_comes_back_as_it_was_written() {
    let mut seen: Vec<Status> = Vec::new();
    for row in rows() {
        let read = AnyPullRequest::try_from(row.clone()).unwrap();
        assert_eq!(read.status(), row.status);
        seen.push(read.status());
        assert_eq!(self::row(read), row);
    }
    seen.dedup();
    assert_eq!(seen, Status::ALL, "each state once");
}

#[test]
fn rows_that_no_move_wrote_are_refused() {
    // One letter a state, in the order of the words; `y` where the spoilt row is still one that can be.
    type Spoil = fn(&mut Row);
    let spoils: Vec<(&str, Spoil, &str)> = vec![
        ("head_sha", |r| r.head = None, "ynnnnnnnnnnn"),
        ("head_sha", |r| r.head = Some(commit('a')), "nyyyyyyyyyyy"),
        ("pr_url", |r| r.url = None, "yynnnnnnnnnn"),
        ("pr_url", |r| r.url = Some(URL.into()), "nnyyyyyyyyyy"),
        ("draft", |r| r.draft = None, "yynnnnnnnnnn"),
        ("draft", |r| r.draft = Some(true), "nnyynnnnyyyy"),
        ("draft", |r| r.draft = Some(false), "nnynyyyyynyy"),
        ("reason", |r| r.reason = None, "yyyyyyynnnyn"),
        ("reason", |r| r.reason = Some("no".into()), "nnnnnnnyyyny"),
        ("merge_sha", |r| r.merge = Some(commit('f')), "nnnnnnnnnnyn"),
        ("merged_head_sha", |r| r.merged_head = Some(commit('f')), "nnnnnnnnnnyn"),
        ("finished_at", |r| r.finished_at = None, "yyyyyyyyyynn"),
        ("finished_at", |r| r.finished_at = Some(T0), "nnnnnnnnnnyy"),
        ("pr_strategy", |r| r.strategy = PrStrategy::Story, "yyynyynyyyyy"),
        ("pr_strategy", |r| r.strategy = PrStrategy::Sprint, "yynynnynyyyy"),
        ("pr_strategy", |r| r.strategy = PrStrategy::SprintBatch, "yynynnynyyyy"),
    ];
    for (column, spoil, letters) in spoils {
        assert_eq!(letters.len(), rows().len());
        for (mut row, letter) in rows().into_iter().zip(letters.chars()) {
            spoil(&mut row);
            let status = row.status;
            match AnyPullRequest::try_from(row) {
                Ok(_) => assert_eq!(letter, 'y', "{status} {column}"),
                Err(bad) => assert_eq!((letter, bad.column), ('n', column), "{bad}"),
            }
        }
    }
}
