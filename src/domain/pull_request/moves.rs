//! What can be done with the publication of a branch, in order of its life.

use super::groups::{Asked, Awaits, Mergeable, Open, Takes};
use super::refusal::Refusal;
use super::state::{
    AutoMergeEnabled, BranchPushed, ChecksFailed, Closed, DraftOpened, MergeConflictPaused, Merged, Opened,
    PrOpened, PullRequest, ReadyForReview, Step, Unpublished, WaitingForChecks,
};
use super::words::{Event, ForgeState};
use crate::domain::commit::CommitId;
use crate::domain::run::PrStrategy;
use crate::domain::time::Timestamp;

/// A pull request as the forge shows it: one that was just opened, or found for the branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its address, for people.
    pub url: String,
    /// Where it is.
    pub state: ForgeState,
    /// Whether it is a draft.
    pub draft: bool,
    /// The branch that it is for.
    pub branch: String,
}

impl<S: Takes> PullRequest<S> {
    /// Notes a further commit. What was decided about the commit before it is withdrawn: a story is asked to merge
    /// anew, a sprint is a draft again. A pause stays.
    ///
    /// # Errors
    /// [`Refusal::NothingNew`] when it is the last one already.
    pub fn push(self, head: CommitId) -> Result<Step<S, S::After>, Refusal> {
        if self.state.head() == Some(&head) {
            return Err(Refusal::NothingNew { head });
        }
        Ok(self.step(Event::Push, |state| state.take(head)))
    }
}

impl PullRequest<BranchPushed> {
    /// Notes that the branch is gone from the remote.
    pub fn delete_branch(self) -> Step<BranchPushed, Unpublished> {
        self.step(Event::DeleteBranch, |BranchPushed { .. }| Unpublished)
    }

    /// Notes the pull request of a story: opened just now, or adopted.
    ///
    /// # Errors
    /// [`Refusal::WrongStrategy`], [`Refusal::NotOpen`] or [`Refusal::OtherBranch`].
    pub fn open(self, found: Found) -> Result<Step<BranchPushed, PrOpened>, Refusal> {
        self.is_story(true)?;
        let found = self.usable(found)?;
        Ok(self.step(Event::Open, |BranchPushed { head }| PrOpened { pr: opened(found, head) }))
    }

    /// Notes the draft of a sprint: opened just now, or adopted. One that is none is to become one.
    ///
    /// # Errors
    /// [`Refusal::WrongStrategy`], [`Refusal::NotOpen`] or [`Refusal::OtherBranch`].
    pub fn open_draft(self, found: Found) -> Result<Step<BranchPushed, DraftOpened>, Refusal> {
        self.is_story(false)?;
        let found = self.usable(found)?;
        let found = Found { draft: true, ..found };
        Ok(self.step(Event::OpenDraft, |BranchPushed { head }| DraftOpened { pr: opened(found, head) }))
    }

    fn usable(&self, found: Found) -> Result<Found, Refusal> {
        if found.state != ForgeState::Open {
            return Err(Refusal::NotOpen { url: found.url, state: found.state });
        }
        if found.branch != self.branch.as_str() {
            return Err(Refusal::OtherBranch { ours: self.branch.clone(), theirs: found.branch });
        }
        Ok(found)
    }
}

fn opened(found: Found, head: CommitId) -> Opened {
    Opened { url: found.url, draft: found.draft, head }
}

fn ready(pr: Opened) -> Opened {
    Opened { draft: false, ..pr }
}

impl PullRequest<PrOpened> {
    /// Notes that the story is done at `head`, and that the forge is to merge that commit and no other. It is no draft
    /// any more.
    ///
    /// # Errors
    /// [`Refusal::HeadMoved`] when the branch is somewhere else.
    pub fn complete_story(self, head: &CommitId) -> Result<Step<PrOpened, WaitingForChecks>, Refusal> {
        self.is_at(head)?;
        Ok(self.step(Event::CompleteStory, |PrOpened { pr }| WaitingForChecks { pr: ready(pr) }))
    }
}

impl PullRequest<DraftOpened> {
    /// Notes that the sprint is done at `head`, and that people may review it. It is no draft any more.
    ///
    /// # Errors
    /// [`Refusal::HeadMoved`] when the branch is somewhere else.
    pub fn complete_sprint(self, head: &CommitId) -> Result<Step<DraftOpened, ReadyForReview>, Refusal> {
        self.is_at(head)?;
        Ok(self.step(Event::CompleteSprint, |DraftOpened { pr }| ReadyForReview { pr: ready(pr) }))
    }
}

impl PullRequest<WaitingForChecks> {
    /// Notes that the forge merges `head` when its checks pass.
    ///
    /// # Errors
    /// [`Refusal::HeadMoved`] when the branch is somewhere else by now.
    pub fn accept_merge(self, head: &CommitId) -> Result<Step<WaitingForChecks, AutoMergeEnabled>, Refusal> {
        self.is_at(head)?;
        Ok(self.step(Event::AcceptMerge, |WaitingForChecks { pr }| AutoMergeEnabled { pr }))
    }
}

impl<S: Asked> PullRequest<S> {
    /// Notes that nothing is to be merged by itself any more, at whatever commit: the story is worked on again. It is
    /// asked for anew when the story is done.
    pub fn withdraw(self) -> Step<S, PrOpened> {
        self.step(Event::Withdraw, |state| PrOpened { pr: state.into_pr() })
    }
}

impl<S: Awaits> PullRequest<S> {
    /// Notes that a check of `head` failed.
    ///
    /// # Errors
    /// [`Refusal::HeadMoved`] when the branch is somewhere else by now.
    pub fn fail_checks(
        self,
        head: &CommitId,
        reason: impl Into<String>,
    ) -> Result<Step<S, ChecksFailed>, Refusal> {
        self.is_at(head)?;
        let reason = reason.into();
        Ok(self.step(Event::FailChecks, |state| ChecksFailed { pr: state.into_pr(), reason }))
    }
}

impl<S: Mergeable> PullRequest<S> {
    /// Notes that `head` does not merge with its base. The run is paused in the same transaction.
    ///
    /// # Errors
    /// [`Refusal::HeadMoved`] when the branch is somewhere else by now.
    pub fn conflict(
        self,
        head: &CommitId,
        reason: impl Into<String>,
    ) -> Result<Step<S, MergeConflictPaused>, Refusal> {
        self.is_at(head)?;
        let reason = reason.into();
        Ok(self.step(Event::Conflict, |state| MergeConflictPaused { pr: state.into_pr(), reason }))
    }
}

impl PullRequest<MergeConflictPaused> {
    /// Goes on with the pull request of a story, when a person lets the run go on.
    ///
    /// # Errors
    /// [`Refusal::WrongStrategy`] for a sprint's.
    pub fn resume_story(self) -> Result<Step<MergeConflictPaused, PrOpened>, Refusal> {
        self.is_story(true)?;
        Ok(self.step(Event::Resume, |MergeConflictPaused { pr, .. }| PrOpened { pr }))
    }

    /// Goes on with the draft of a sprint, when a person lets the run go on.
    ///
    /// # Errors
    /// [`Refusal::WrongStrategy`] for a story's.
    pub fn resume_sprint(self) -> Result<Step<MergeConflictPaused, DraftOpened>, Refusal> {
        self.is_story(false)?;
        Ok(self.step(Event::Resume, |MergeConflictPaused { pr, .. }| DraftOpened { pr }))
    }
}

impl<S: Open> PullRequest<S> {
    /// Notes that the forge shows it as merged, by whomever: by the commit `merge`, of what ended in the commit `head`.
    pub fn merge(self, merge: Option<CommitId>, head: Option<CommitId>, now: Timestamp) -> Step<S, Merged> {
        self.step(Event::Merge, |state| {
            let pr = state.into_pr();
            Merged { pr, merge, merged_head: head, finished_at: now }
        })
    }

    /// Notes that the forge shows it as closed, by whomever.
    pub fn close(self, reason: impl Into<String>, now: Timestamp) -> Step<S, Closed> {
        let reason = reason.into();
        self.step(Event::Close, |state| Closed { pr: state.into_pr(), reason, finished_at: now })
    }

    fn is_at(&self, head: &CommitId) -> Result<(), Refusal> {
        let at = &self.state.pr().head;
        if at == head { Ok(()) } else { Err(Refusal::HeadMoved { yours: head.clone(), head: at.clone() }) }
    }
}

impl<S> PullRequest<S> {
    fn is_story(&self, wanted: bool) -> Result<(), Refusal> {
        let strategy = self.strategy;
        if (strategy == PrStrategy::Story) == wanted {
            Ok(())
        } else {
            Err(Refusal::WrongStrategy { strategy })
        }
    }
}
