//! What the forge is asked for: after each move the state, the draft that the row tells of and the forge agree.

use sprintgate::domain::commit::CommitId;
use sprintgate::domain::machine;
use sprintgate::domain::pull_request::*;
use sprintgate::domain::run::PrStrategy;

use super::pull_request::{T0, URL, commit, draft, found, pr, pushed, row, rows, sprint, story};

#[test]
fn the_forge_is_asked_for_the_verified_commit_only() {
    let a = commit('a');
    let url = || URL.to_owned();
    let merge = || Ask::EnableAutoMerge { url: url(), expected_head: commit('a') };
    let ready = || Ask::MarkReady { url: url() };
    let withdraw = || vec![Ask::WithdrawAutoMerge { url: url() }];
    let waiting = || story(WaitingForChecks { pr: pr() });
    let enabled = || story(AutoMergeEnabled { pr: pr() });
    let failed = || story(ChecksFailed { pr: pr(), reason: "no".into() });
    let drafted = || sprint(DraftOpened { pr: draft() });
    let paused = || MergeConflictPaused { pr: draft(), reason: "no".into() };
    let redraft = || vec![Ask::MarkDraft { url: url() }];
    let b = || commit('b');
    let cases: Vec<(&str, Change, Vec<Ask>)> = vec![
        ("story", story(PrOpened { pr: pr() }).complete_story(&a).unwrap().into(), vec![ready(), merge()]),
        ("draft", story(PrOpened { pr: draft() }).complete_story(&a).unwrap().into(), vec![ready(), merge()]),
        ("sprint", drafted().complete_sprint(&a).unwrap().into(), vec![ready()]),
        ("sprint opened", sprint(pushed()).open_draft(found()).unwrap().into(), redraft()),
        ("push on a draft", drafted().push(b()).unwrap().into(), redraft()),
        (
            "push after the review began",
            sprint(ReadyForReview { pr: pr() }).push(b()).unwrap().into(),
            redraft(),
        ),
        ("push after the question", waiting().push(b()).unwrap().into(), withdraw()),
        ("push after the answer", enabled().push(b()).unwrap().into(), withdraw()),
        ("push after a failed check", failed().push(b()).unwrap().into(), withdraw()),
        ("conflict after the question", waiting().conflict(&a, "no").unwrap().into(), withdraw()),
        ("conflict after the answer", enabled().conflict(&a, "no").unwrap().into(), withdraw()),
        ("conflict before", story(PrOpened { pr: pr() }).conflict(&a, "no").unwrap().into(), vec![]),
        ("push before", story(PrOpened { pr: pr() }).push(b()).unwrap().into(), vec![]),
        ("conflict of a draft", drafted().conflict(&a, "no").unwrap().into(), vec![]),
        ("push during a pause", sprint(paused()).push(b()).unwrap().into(), vec![]),
        ("sprint resumed", sprint(paused()).resume_sprint().unwrap().into(), redraft()),
        ("story resumed", story(paused()).resume_story().unwrap().into(), vec![]),
        ("reopened after the question", waiting().withdraw().into(), withdraw()),
        ("reopened after the answer", enabled().withdraw().into(), withdraw()),
        ("reopened after a failed check", failed().withdraw().into(), withdraw()),
        ("first push", story(Unpublished).push(b()).unwrap().into(), vec![]),
        ("opened", story(pushed()).open(found()).unwrap().into(), vec![]),
        ("accepted", waiting().accept_merge(&a).unwrap().into(), vec![]),
        ("failed", enabled().fail_checks(&a, "no").unwrap().into(), vec![]),
        ("merged", enabled().merge(None, None, T0).into(), vec![]),
        ("closed", enabled().close("no", T0).into(), vec![]),
    ];
    for (name, change, want) in cases {
        assert_eq!(asks(&change), want, "{name}");
    }
}

/// What `draft` may say in a state, of a story's pull request or a sprint's; nothing where there is no such state.
fn drafts(status: Status, strategy: PrStrategy) -> Option<&'static [Option<bool>]> {
    Some(match (status, strategy == PrStrategy::Story) {
        (Status::Unpublished | Status::BranchPushed, _) => &[None],
        // One that was found may be either until the story is done.
        (Status::PrOpened | Status::MergeConflictPaused, true) => &[Some(false), Some(true)],
        (Status::WaitingForChecks | Status::AutoMergeEnabled | Status::ChecksFailed, true) => &[Some(false)],
        (Status::DraftOpened | Status::MergeConflictPaused, false) => &[Some(true)],
        (Status::ReadyForReview, false) => &[Some(false)],
        (Status::Merged | Status::Closed, _) => &[Some(false), Some(true)],
        _ => return None,
    })
}

/// Every publication that can be.
fn every_publication() -> Vec<AnyPullRequest> {
    let mut all = Vec::new();
    for strategy in [PrStrategy::Story, PrStrategy::Sprint, PrStrategy::SprintBatch] {
        for row in rows() {
            let may = drafts(row.status, strategy).unwrap_or_default();
            for draft in [None, Some(false), Some(true)] {
                let read = AnyPullRequest::try_from(Row { strategy, draft, ..row.clone() });
                assert_eq!(read.is_ok(), may.contains(&draft), "{strategy} {} {draft:?}", row.status);
                all.extend(read);
            }
        }
    }
    all
}

/// Every change that the moves of a publication can make, with what the forge shows by then where that is news.
fn every_change(any: AnyPullRequest) -> Vec<(Option<bool>, Change)> {
    fn some<S: machine::State<Status = Status, Event = Event>, T>(
        step: Result<Step<S, T>, Refusal>,
    ) -> Vec<(Option<bool>, Change)>
    where
        T: machine::State<Status = Status, Event = Event>,
        Row: From<PullRequest<T>>,
    {
        step.ok().map(|step| (None, step.into())).into_iter().collect()
    }
    fn ends<S: Open + Takes>(it: &PullRequest<S>) -> Vec<(Option<bool>, Change)>
    where
        PullRequest<S>: Clone,
        Row: From<PullRequest<S::After>>,
        S::After: State,
    {
        let mut all = some(it.clone().push(commit('b')));
        all.push((None, it.clone().merge(None, None, T0).into()));
        all.push((None, it.clone().close("no", T0).into()));
        all
    }
    let a = &commit('a');
    match any {
        AnyPullRequest::Unpublished(it) => some(it.push(commit('b'))),
        AnyPullRequest::BranchPushed(it) => {
            let mut all = some(it.clone().push(commit('b')));
            all.push((None, it.clone().delete_branch().into()));
            for draft in [false, true] {
                let found = || Found { draft, ..found() };
                let opened = [some(it.clone().open(found())), some(it.clone().open_draft(found()))];
                all.extend(opened.into_iter().flatten().map(|(_, change)| (Some(draft), change)));
            }
            all
        }
        AnyPullRequest::PrOpened(it) => {
            [ends(&it), some(it.clone().complete_story(a)), some(it.conflict(a, "no"))].concat()
        }
        AnyPullRequest::DraftOpened(it) => {
            [ends(&it), some(it.clone().complete_sprint(a)), some(it.conflict(a, "no"))].concat()
        }
        AnyPullRequest::WaitingForChecks(it) => {
            let answers = [some(it.clone().accept_merge(a)), some(it.clone().fail_checks(a, "no"))].concat();
            [ends(&it), answers, some(Ok(it.clone().withdraw())), some(it.conflict(a, "no"))].concat()
        }
        AnyPullRequest::AutoMergeEnabled(it) => {
            let answers = [some(it.clone().fail_checks(a, "no")), some(Ok(it.clone().withdraw()))].concat();
            [ends(&it), answers, some(it.conflict(a, "no"))].concat()
        }
        AnyPullRequest::ReadyForReview(it) => ends(&it),
        AnyPullRequest::ChecksFailed(it) => [ends(&it), some(Ok(it.withdraw()))].concat(),
        AnyPullRequest::MergeConflictPaused(it) => {
            [ends(&it), some(it.clone().resume_story()), some(it.resume_sprint())].concat()
        }
        AnyPullRequest::Merged(_) | AnyPullRequest::Closed(_) => vec![],
    }
}

/// What a forge that does what it is asked for shows: whether it is a draft, and which commit it merges by itself.
#[derive(Debug, Clone, PartialEq)]
struct Forge {
    draft: Option<bool>,
    merges: Option<CommitId>,
}

impl Forge {
    fn of(row: &Row) -> Self {
        let asked =
            matches!(row.status, Status::WaitingForChecks | Status::AutoMergeEnabled | Status::ChecksFailed);
        Self { draft: row.draft, merges: row.head.clone().filter(|_| asked) }
    }

    fn when_asked(mut self, asks: Vec<Ask>) -> Self {
        for ask in asks {
            let (Ask::EnableAutoMerge { url, .. }
            | Ask::WithdrawAutoMerge { url }
            | Ask::MarkReady { url }
            | Ask::MarkDraft { url }) = &ask;
            assert_eq!(url, URL);
            match ask {
                Ask::EnableAutoMerge { expected_head, .. } => {
                    assert_eq!(self.draft, Some(false), "no forge merges a draft");
                    self.merges = Some(expected_head);
                }
                Ask::WithdrawAutoMerge { .. } => self.merges = None,
                Ask::MarkReady { .. } => self.draft = Some(false),
                Ask::MarkDraft { .. } => self.draft = Some(true),
            }
        }
        self
    }
}

#[test]
fn after_each_move_the_state_the_draft_and_the_forge_agree() {
    let mut seen: Vec<(Status, Event, Status)> = Vec::new();
    for before in every_publication() {
        let row = row(before.clone());
        for (found, change) in every_change(before) {
            let (from, on, to) = (change.before(), change.event(), change.after());
            let edge = format!("{} {from} -{on}-> {to}, found {found:?}: {row:?}", row.strategy);
            let after = change.row();
            assert!(drafts(to, after.strategy).unwrap().contains(&after.draft), "{edge}");
            let known = found.or(row.draft);
            // A person may have changed it at the forge before any of them.
            let shown = known.map_or(vec![None], |_| vec![Some(false), Some(true)]);
            // A sprint's work needs a draft, and the end of the work none; in between it is as the person wants it.
            let needed =
                to == Status::DraftOpened || matches!(on, Event::CompleteStory | Event::CompleteSprint);
            for draft in shown.into_iter().filter(|_| !to.is_terminal()) {
                let forge = Forge { draft, ..Forge::of(&row) }.when_asked(asks(&change));
                let want = if needed || draft == known { after.draft } else { draft };
                assert_eq!(forge, Forge { draft: want, ..Forge::of(after) }, "{edge}, shown {draft:?}");
            }
            seen.push((from, on, to));
        }
    }
    for edge in TRANSITIONS {
        assert!(seen.contains(&(edge.from, edge.on, edge.to)), "no change takes {edge:?}");
    }
}
