//! What groups of states have in common. A supertrait is the table's: take the edge away and its group does not
//! compile.

use super::state::{
    AutoMergeEnabled, BranchPushed, ChecksFailed, Closed, DraftOpened, MergeConflictPaused, Merged, Opened,
    PrOpened, ReadyForReview, State, Unpublished, WaitingForChecks,
};
use crate::domain::commit::CommitId;
use crate::domain::machine::To;

/// The branch takes further commits.
pub trait Takes: State + To<Self::After> {
    /// The state after a further commit: what was decided about the commit before it is withdrawn.
    type After: State;
    /// The last commit that was pushed.
    fn head(&self) -> Option<&CommitId>;
    /// The state with `head` as the last commit.
    fn take(self, head: CommitId) -> Self::After;
}

/// A pull request is open at the forge, as far as is known.
pub trait Open: State + To<Merged> + To<Closed> {
    /// It.
    fn pr(&self) -> &Opened;
    /// Takes it out.
    fn into_pr(self) -> Opened;
}

/// The forge was asked to merge by itself, or has agreed to.
pub trait Awaits: Open + To<ChecksFailed> {}

/// The forge was asked to merge by itself, and that can be withdrawn.
pub trait Asked: Open + To<PrOpened> {}

/// A conflict can come to light.
pub trait Mergeable: Open + To<MergeConflictPaused> {}

macro_rules! open {
    ($($state:ident),+) => {$(
        impl Open for $state {
            fn pr(&self) -> &Opened {
                &self.pr
            }
            fn into_pr(self) -> Opened {
                self.pr
            }
        }
    )+};
}
open!(
    PrOpened,
    DraftOpened,
    WaitingForChecks,
    AutoMergeEnabled,
    ReadyForReview,
    ChecksFailed,
    MergeConflictPaused
);

impl Awaits for WaitingForChecks {}
impl Awaits for AutoMergeEnabled {}

impl Asked for WaitingForChecks {}
impl Asked for AutoMergeEnabled {}
impl Asked for ChecksFailed {}

impl Mergeable for PrOpened {}
impl Mergeable for DraftOpened {}
impl Mergeable for WaitingForChecks {}
impl Mergeable for AutoMergeEnabled {}

macro_rules! takes {
    ($($state:ident => $after:ident { $($field:ident: $value:expr)? }),+ $(,)?) => {$(
        impl Takes for $state {
            type After = $after;
            fn head(&self) -> Option<&CommitId> {
                Some(&self.pr.head)
            }
            fn take(self, head: CommitId) -> $after {
                $after { pr: Opened { head, $($field: $value,)? ..self.pr } }
            }
        }
    )+};
}
takes!(
    PrOpened => PrOpened {},
    WaitingForChecks => PrOpened {},
    AutoMergeEnabled => PrOpened {},
    ChecksFailed => PrOpened {},
    DraftOpened => DraftOpened {},
    ReadyForReview => DraftOpened { draft: true },
);

impl Takes for Unpublished {
    type After = BranchPushed;
    fn head(&self) -> Option<&CommitId> {
        None
    }
    fn take(self, head: CommitId) -> BranchPushed {
        BranchPushed { head }
    }
}

impl Takes for BranchPushed {
    type After = Self;
    fn head(&self) -> Option<&CommitId> {
        Some(&self.head)
    }
    fn take(self, head: CommitId) -> Self {
        Self { head }
    }
}

impl Takes for MergeConflictPaused {
    type After = Self;
    fn head(&self) -> Option<&CommitId> {
        Some(&self.pr.head)
    }
    fn take(self, head: CommitId) -> Self {
        Self { pr: Opened { head, ..self.pr }, ..self }
    }
}
