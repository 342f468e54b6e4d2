//! The pull-request machine on one page: every edge there is.

use crate::domain::machine::transitions;

transitions! { typed;
    born Unpublished;

    Unpublished         => BranchPushed        on Push,

    BranchPushed        => BranchPushed        on Push,
    BranchPushed        => PrOpened            on Open,
    BranchPushed        => DraftOpened         on OpenDraft,
    BranchPushed        => Unpublished         on DeleteBranch,

    PrOpened            => PrOpened            on Push,
    PrOpened            => WaitingForChecks    on CompleteStory,
    PrOpened            => MergeConflictPaused on Conflict,
    PrOpened            => Merged              on Merge,
    PrOpened            => Closed              on Close,

    DraftOpened         => DraftOpened         on Push,
    DraftOpened         => ReadyForReview      on CompleteSprint,
    DraftOpened         => MergeConflictPaused on Conflict,
    DraftOpened         => Merged              on Merge,
    DraftOpened         => Closed              on Close,

    WaitingForChecks    => AutoMergeEnabled    on AcceptMerge,
    WaitingForChecks    => ChecksFailed        on FailChecks,
    WaitingForChecks    => MergeConflictPaused on Conflict,
    WaitingForChecks    => PrOpened            on Push | Withdraw,
    WaitingForChecks    => Merged              on Merge,
    WaitingForChecks    => Closed              on Close,

    AutoMergeEnabled    => ChecksFailed        on FailChecks,
    AutoMergeEnabled    => MergeConflictPaused on Conflict,
    AutoMergeEnabled    => PrOpened            on Push | Withdraw,
    AutoMergeEnabled    => Merged              on Merge,
    AutoMergeEnabled    => Closed              on Close,

    ReadyForReview      => DraftOpened         on Push,
    ReadyForReview      => Merged              on Merge,
    ReadyForReview      => Closed              on Close,

    ChecksFailed        => PrOpened            on Push | Withdraw,
    ChecksFailed        => Merged              on Merge,
    ChecksFailed        => Closed              on Close,

    MergeConflictPaused => MergeConflictPaused on Push,
    MergeConflictPaused => PrOpened            on Resume,
    MergeConflictPaused => DraftOpened         on Resume,
    MergeConflictPaused => Merged              on Merge,
    MergeConflictPaused => Closed              on Close,
}
