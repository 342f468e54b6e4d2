//! What follows from a move at the forge, and in the run.

use super::row::Change;
use super::state::{MergeConflictPaused, PullRequest};
use super::words::{Event, Status};
use crate::domain::commit::CommitId;
use crate::domain::id::QuestionId;
use crate::domain::run::Pause;
use crate::domain::time::Timestamp;

/// What the forge is asked for after a move: an effect, done when the move is written, and done once however often it
/// is tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Merge by itself when the checks pass, and only this commit.
    EnableAutoMerge {
        /// The pull request.
        url: String,
        /// The commit that was verified; any other must not be merged.
        expected_head: CommitId,
    },
    /// Do not merge by itself any more.
    WithdrawAutoMerge {
        /// The pull request.
        url: String,
    },
    /// A draft no more.
    MarkReady {
        /// The pull request.
        url: String,
    },
    /// A draft again.
    MarkDraft {
        /// The pull request.
        url: String,
    },
}

/// What the forge is asked for after a change, in this order.
///
/// A sprint that is worked on needs a draft, and a story or sprint that is done none: each move into the one and each of
/// the others asks for it, whatever is known. A person may have changed it at the forge, and to ask for what is so
/// already does nothing. After any other move a draft stays as people left it there, also where the row says otherwise:
/// they may hold back a merge so, or show what waits for them.
#[must_use]
pub fn asks(change: &Change) -> Vec<Ask> {
    let row = change.row();
    let (Some(url), Some(head)) = (&row.url, &row.head) else { return Vec::new() };
    // Refused by the forge or not: while it was asked, an answer may be on its way.
    let was_asked = change.before().is_asked();
    match change.event() {
        Event::CompleteSprint => vec![Ask::MarkReady { url: url.clone() }],
        Event::CompleteStory => vec![
            // A draft is not merged.
            Ask::MarkReady { url: url.clone() },
            Ask::EnableAutoMerge { url: url.clone(), expected_head: head.clone() },
        ],
        _ if change.after() == Status::DraftOpened => vec![Ask::MarkDraft { url: url.clone() }],
        Event::Push | Event::Conflict | Event::Withdraw if was_asked => {
            vec![Ask::WithdrawAutoMerge { url: url.clone() }]
        }
        _ => Vec::new(),
    }
}

impl PullRequest<MergeConflictPaused> {
    /// Why the run waits, for its pause in the same transaction: the pull request, the files in conflict (sorted, each
    /// once) and the question that a person is asked.
    #[must_use]
    pub fn pause(
        &self,
        files: impl IntoIterator<Item = String>,
        question: QuestionId,
        now: Timestamp,
    ) -> Pause {
        let mut conflict_files: Vec<String> = files.into_iter().collect();
        conflict_files.sort_unstable();
        conflict_files.dedup();
        let pr = &self.state.pr;
        let branch = &self.branch;
        Pause::MergeConflict {
            pr_url: pr.url.clone(),
            pr_head_sha: pr.head.clone(),
            conflict_files,
            claude_question_id: question,
            resume_instructions: format!(
                "Merge the base branch into {branch}, solve the conflicts and push. Then resume the run."
            ),
            paused_at: now,
        }
    }
}
