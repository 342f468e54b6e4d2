//! What a publication is due, by level: whatever happened in whatever order, the last to look finds everything true
//! (defect 27).

use super::scene::Scene;
use crate::domain::backlog::story;
use crate::domain::commit::CommitId;
use crate::domain::pull_request::Status;
use crate::domain::run::{self, PrStrategy};

/// The one thing that is to be done for a publication now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Due {
    /// Nothing.
    Nothing,
    /// Open its pull request, or adopt the one that is open.
    Open {
        /// As a draft.
        draft: bool,
    },
    /// The story is done at this head: out of the draft, and merged by itself when the checks pass.
    CompleteStory {
        /// The commit to merge, and no other.
        head: CommitId,
    },
    /// The story is done at this head, and changes what only people may merge: out of the draft, with a comment that
    /// says so. It is no move of the publication, so that it stays due; asking once more does nothing.
    HandOver {
        /// The commit.
        head: CommitId,
    },
    /// The sprint is done at this head: out of the draft, for people to review.
    CompleteSprint {
        /// The commit.
        head: CommitId,
    },
    /// The forge was asked to merge it, and the story is not done at its head any more: that is withdrawn, and asked for
    /// anew when the story is done again.
    Withdraw,
    /// Close its pull request, which a cascade did not know of yet.
    Close,
}

/// What is due (`original` 9.3). Total: what cannot be is due nothing.
///
/// - Without a forge nothing is.
/// - [`Due::Close`]: a cascade undoes the branch, its pull request is open, and nobody works on the branch.
/// - [`Due::Withdraw`]: the forge was asked to merge a story's, and what completed the story is not so any more.
/// - Otherwise nothing, where a cascade undoes the branch or the product makes no pull requests by itself.
/// - [`Due::Open`]: the branch is pushed, a job on it is DONE; a draft unless the strategy is STORY.
/// - Complete: nobody works on the branch, and what was last verified is its head. A story's when the story is DONE, and
///   merged by itself unless a path is protected; a sprint's draft when the run is DONE.
#[must_use]
pub fn due(scene: &Scene) -> Due {
    if !scene.forge {
        return Due::Nothing;
    }
    if scene.undone && scene.status.is_open() && scene.work.open == 0 {
        return Due::Close;
    }
    let is_story = scene.strategy == PrStrategy::Story;
    let may_be_due = scene.auto_pr && !scene.undone;
    if is_story && scene.status.is_asked() {
        return if scene.stays_asked() { Due::Nothing } else { Due::Withdraw };
    }
    if !may_be_due {
        return Due::Nothing;
    }
    match (scene.status, scene.verified_head()) {
        (Status::BranchPushed, _) if scene.work.done && scene.head.is_some() => {
            Due::Open { draft: !is_story }
        }
        (Status::PrOpened, Some(head)) if is_story && scene.story == Some(story::Status::Done) => {
            if scene.protected { Due::HandOver { head } } else { Due::CompleteStory { head } }
        }
        (Status::DraftOpened, Some(head)) if !is_story && scene.run == Some(run::Status::Done) => {
            Due::CompleteSprint { head }
        }
        _ => Due::Nothing,
    }
}

/// Whether the forge may still be asked to merge `head` by itself, for the try of an effect that was decided before: the
/// story is still done at it, and nothing that [`due`] asks for is missing by now.
#[must_use]
pub fn still_merges(scene: &Scene, head: &CommitId) -> bool {
    let asked = matches!(scene.status, Status::WaitingForChecks | Status::AutoMergeEnabled);
    let is_ours = scene.forge && scene.strategy == PrStrategy::Story && scene.head.as_ref() == Some(head);
    asked && is_ours && !scene.protected && scene.stays_asked()
}

impl Scene {
    /// The head, if nobody works on the branch and it is what was last verified.
    fn verified_head(&self) -> Option<CommitId> {
        let head = self.head.clone()?;
        (self.work.open == 0 && self.work.last_published.as_ref() == Some(&head)).then_some(head)
    }

    /// Whether what a forge was asked to merge is right as it was. Its head was what was verified then: where no job says
    /// so any more, that job has left for an archive.
    fn stays_asked(&self) -> bool {
        let last = self.work.last_published.as_ref();
        let is_verified = self.head.as_ref().is_some_and(|head| last.is_none_or(|last| last == head));
        let is_done = self.story == Some(story::Status::Done) && self.work.open == 0 && is_verified;
        self.auto_pr && !self.undone && is_done
    }
}
