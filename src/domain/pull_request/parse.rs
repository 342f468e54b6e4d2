//! From a stored row to a typed publication; refuses rows that no move could have written.

use super::row::Row;
use super::state::{
    AnyPullRequest as Any, AutoMergeEnabled, BranchPushed, ChecksFailed, Closed, DraftOpened,
    MergeConflictPaused, Merged, Opened, PrOpened, PullRequest, ReadyForReview, Unpublished,
    WaitingForChecks,
};
use super::words::Status;
use crate::domain::machine::{Inconsistent, Reading};
use crate::domain::run::PrStrategy;

pub(super) fn parse(row: Row) -> Result<Any, Inconsistent> {
    shape(&row)?;
    let Row { id, strategy, branch, status, head, url, draft, reason, merge, merged_head, finished_at } = row;
    let reading = Reading::new("pull request", id.as_str(), status);
    let head = || reading.need(head, "head_sha");
    let pr = |head| {
        let (url, draft) = (reading.need(url, "pr_url")?, reading.need(draft, "draft")?);
        Ok::<_, Inconsistent>(Opened { url, draft, head })
    };
    let reason = || reading.need(reason, "reason");
    let finished_at = || reading.need(finished_at, "finished_at");
    macro_rules! read {
        ($state:ident { $($field:ident: $value:expr),* }) => {{
            let state = $state { $($field: $value),* };
            Any::$state(PullRequest { id: id.clone(), strategy, branch, state })
        }};
    }
    Ok(match status {
        Status::Unpublished => Any::Unpublished(PullRequest { id, strategy, branch, state: Unpublished }),
        Status::BranchPushed => read!(BranchPushed { head: head()? }),
        Status::PrOpened => read!(PrOpened { pr: pr(head()?)? }),
        Status::DraftOpened => read!(DraftOpened { pr: pr(head()?)? }),
        Status::WaitingForChecks => read!(WaitingForChecks { pr: pr(head()?)? }),
        Status::AutoMergeEnabled => read!(AutoMergeEnabled { pr: pr(head()?)? }),
        Status::ReadyForReview => read!(ReadyForReview { pr: pr(head()?)? }),
        Status::ChecksFailed => read!(ChecksFailed { pr: pr(head()?)?, reason: reason()? }),
        Status::MergeConflictPaused => read!(MergeConflictPaused { pr: pr(head()?)?, reason: reason()? }),
        Status::Merged => {
            let finished_at = finished_at()?;
            read!(Merged {
                pr: pr(head()?)?,
                merge: merge,
                merged_head: merged_head,
                finished_at: finished_at
            })
        }
        Status::Closed => {
            read!(Closed { pr: pr(head()?)?, reason: reason()?, finished_at: finished_at()? })
        }
    })
}

/// What every status implies, whatever else a row holds.
fn shape(row: &Row) -> Result<(), Inconsistent> {
    let status = row.status;
    let reading = Reading::new("pull request", row.id.as_str(), status);
    let is_story = row.strategy == PrStrategy::Story;
    // Whose state it is, and whether it is a draft in it, where only one can be.
    let (story, draft) = match status {
        Status::PrOpened => (Some(true), None),
        Status::WaitingForChecks | Status::AutoMergeEnabled | Status::ChecksFailed => {
            (Some(true), Some(false))
        }
        Status::DraftOpened => (Some(false), Some(true)),
        Status::ReadyForReview => (Some(false), Some(false)),
        Status::MergeConflictPaused if !is_story => (None, Some(true)),
        _ => (None, None),
    };
    let has_pr = status.is_open() || status.is_terminal();
    let says_why = matches!(status, Status::ChecksFailed | Status::MergeConflictPaused | Status::Closed);
    reading.fits(story.is_none_or(|story| story == is_story), "pr_strategy")?;
    reading.fits((status != Status::Unpublished) == row.head.is_some(), "head_sha")?;
    reading.fits(has_pr == row.url.is_some(), "pr_url")?;
    reading.fits(has_pr == row.draft.is_some() && (draft.is_none() || draft == row.draft), "draft")?;
    reading.fits(says_why == row.reason.is_some(), "reason")?;
    reading.fits(status == Status::Merged || row.merge.is_none(), "merge_sha")?;
    reading.fits(status == Status::Merged || row.merged_head.is_none(), "merged_head_sha")?;
    reading.fits(status.is_terminal() == row.finished_at.is_some(), "finished_at")
}
