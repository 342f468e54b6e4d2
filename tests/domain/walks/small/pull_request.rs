//! Pull requests: the first of a sprint run, the others of stories.

use sprintgate::domain::commit::CommitId;
use sprintgate::domain::machine::Change;
use sprintgate::domain::pull_request::*;
use sprintgate::domain::run::PrStrategy;
use sprintgate::domain::time::Timestamp;

use super::walker::{Machine, Throw, typed, walks};

struct PullRequests;

fn commit(n: u8) -> CommitId {
    CommitId::new((n % 2).to_string().repeat(40)).unwrap()
}

fn branch(n: usize) -> String {
    format!("feat/branch-{n}")
}

/// Makes the moves of a state that is open on the forge; what ends or restarts it less often.
fn of_open<S: Open + Takes>(it: PullRequest<S>, event: Event, throw: &Throw) -> Option<Change<Row>>
where
    Row: From<PullRequest<S::After>>,
    S::After: sprintgate::domain::machine::State<Status = Status, Event = Event>,
{
    Some(match event {
        Event::Push if throw.b < 60 => it.push(commit(throw.a)).ok()?.into(),
        Event::Merge if throw.b < 40 => {
            it.merge(Some(commit(throw.a)), Some(commit(throw.b)), throw.now).into()
        }
        Event::Close if throw.b < 40 => it.close("a person closed it", throw.now).into(),
        _ => return None,
    })
}

impl Machine for PullRequests {
    const NAME: &'static str = "pull_request";
    type Row = Row;
    type Any = AnyPullRequest;

    fn born(n: usize) -> Row {
        let strategy = if n == 0 { PrStrategy::Sprint } else { PrStrategy::Story };
        let (id, branch) = (format!("p{n}").parse().unwrap(), branch(n).parse().unwrap());
        PullRequest { id, strategy, branch, state: Unpublished }.into()
    }

    typed!(AnyPullRequest: Unpublished, BranchPushed, PrOpened, DraftOpened, WaitingForChecks, AutoMergeEnabled,
        ReadyForReview, ChecksFailed, MergeConflictPaused, Merged, Closed);

    fn fire(any: AnyPullRequest, event: Event, throw: &Throw, _: &[AnyPullRequest]) -> Option<Change<Row>> {
        use AnyPullRequest as Any;
        let head = commit(throw.a);
        let found = |branch: String| Found {
            url: "https://forge/p/1".to_owned(),
            state: if throw.b.is_multiple_of(5) { ForgeState::Merged } else { ForgeState::Open },
            draft: throw.b.is_multiple_of(2),
            branch: if throw.b.is_multiple_of(7) { "main".to_owned() } else { branch },
        };
        // What stops it comes less often, so that some get far.
        if matches!(event, Event::Conflict | Event::DeleteBranch) && throw.b >= 130 {
            return None;
        }
        Some(match (event, any) {
            (Event::Push, Any::Unpublished(it)) => it.push(head).ok()?.into(),
            (Event::Push, Any::BranchPushed(it)) => it.push(head).ok()?.into(),
            (Event::DeleteBranch, Any::BranchPushed(it)) => it.delete_branch().into(),
            (Event::Open, Any::BranchPushed(it)) => {
                let found = found(it.branch.to_string());
                it.open(found).ok()?.into()
            }
            (Event::OpenDraft, Any::BranchPushed(it)) => {
                let found = found(it.branch.to_string());
                it.open_draft(found).ok()?.into()
            }
            (Event::CompleteStory, Any::PrOpened(it)) => it.complete_story(&head).ok()?.into(),
            (Event::CompleteSprint, Any::DraftOpened(it)) => it.complete_sprint(&head).ok()?.into(),
            (Event::AcceptMerge, Any::WaitingForChecks(it)) => it.accept_merge(&head).ok()?.into(),
            (Event::Withdraw, Any::WaitingForChecks(it)) => it.withdraw().into(),
            (Event::Withdraw, Any::AutoMergeEnabled(it)) => it.withdraw().into(),
            (Event::Withdraw, Any::ChecksFailed(it)) => it.withdraw().into(),
            (Event::FailChecks, Any::WaitingForChecks(it)) => it.fail_checks(&head, "red").ok()?.into(),
            (Event::FailChecks, Any::AutoMergeEnabled(it)) => it.fail_checks(&head, "red").ok()?.into(),
            (Event::Conflict, Any::PrOpened(it)) => it.conflict(&head, "a.rs").ok()?.into(),
            (Event::Conflict, Any::DraftOpened(it)) => it.conflict(&head, "a.rs").ok()?.into(),
            (Event::Conflict, Any::WaitingForChecks(it)) => it.conflict(&head, "a.rs").ok()?.into(),
            (Event::Conflict, Any::AutoMergeEnabled(it)) => it.conflict(&head, "a.rs").ok()?.into(),
            (Event::Resume, Any::MergeConflictPaused(it)) => match it.clone().resume_story() {
                Ok(step) => step.into(),
                Err(_) => it.resume_sprint().ok()?.into(),
            },
            (event, Any::PrOpened(it)) => return of_open(it, event, throw),
            (event, Any::DraftOpened(it)) => return of_open(it, event, throw),
            (event, Any::WaitingForChecks(it)) => return of_open(it, event, throw),
            (event, Any::AutoMergeEnabled(it)) => return of_open(it, event, throw),
            (event, Any::ReadyForReview(it)) => return of_open(it, event, throw),
            (event, Any::ChecksFailed(it)) => return of_open(it, event, throw),
            (event, Any::MergeConflictPaused(it)) => return of_open(it, event, throw),
            _ => return None,
        })
    }

    fn sound(rows: &[Row], now: Timestamp) -> Result<(), String> {
        rows.iter().enumerate().try_for_each(|(n, row)| {
            let opened = !matches!(row.status, Status::Unpublished | Status::BranchPushed);
            let over = matches!(row.status, Status::Merged | Status::Closed);
            // A sprint's pull request is never on the way of a story's, and the other way round.
            let of_story = [Status::WaitingForChecks, Status::AutoMergeEnabled, Status::ChecksFailed];
            let of_sprint = [Status::DraftOpened, Status::ReadyForReview];
            let own_way =
                if n == 0 { !of_story.contains(&row.status) } else { !of_sprint.contains(&row.status) };
            let holds = own_way
                && opened == row.url.is_some()
                && opened == row.draft.is_some()
                && (row.status != Status::DraftOpened || row.draft == Some(true))
                && (row.status != Status::ReadyForReview || row.draft == Some(false))
                && (!of_story.contains(&row.status) || row.draft == Some(false))
                && (row.status == Status::Unpublished) == row.head.is_none()
                && over == row.finished_at.is_some_and(|at| at <= now)
                && (row.merge.is_none() || row.status == Status::Merged)
                && row.branch.as_str() == branch(n);
            if holds { Ok(()) } else { Err(format!("{row:?} at {now}")) }
        })
    }
}

walks!(PullRequests);
