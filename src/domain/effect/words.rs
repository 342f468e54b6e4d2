//! The words of the effect machine: its states and events.

use crate::domain::machine::words;

words! {
    /// Where an effect is.
    pub enum Status: "effect status" {
        /// Waits for its first try.
        Pending = "PENDING",
        /// A process holds it and tries.
        Running = "RUNNING",
        /// A try failed; waits for the next.
        Retry = "RETRY",
        /// It was done.
        Done = "DONE",
        /// Nobody tries any more, until a person asks.
        GaveUp = "GAVE_UP",
    }
}

words! {
    /// What can happen to an effect.
    pub enum Event: "effect event" {
        /// A process takes it.
        Start = "start",
        /// It was done, or found done.
        Succeed = "succeed",
        /// The try failed in a way that another may not; the last try gives up.
        Fail = "fail",
        /// The try failed in a way that every other would.
        Refuse = "refuse",
        /// The process that held it gave no sign of life.
        Expire = "expire",
        /// A person asks for more tries.
        Again = "again",
        /// A person gives up on it.
        Dismiss = "dismiss",
    }
}

words! {
    /// What an effect does. Each can be done twice without harm, for nobody can know of a try that was cut off.
    pub enum Kind: "effect kind" {
        /// Opens a pull request, or adopts the one that is open for the branch.
        OpenPr = "open_pr",
        /// Takes a pull request out of its draft.
        MarkReady = "mark_ready",
        /// Makes a draft of a pull request again.
        MarkDraft = "mark_draft",
        /// Has the forge merge a pull request once its checks pass.
        AutoMerge = "auto_merge",
        /// Has the forge merge it by itself no more.
        WithdrawAutoMerge = "withdraw_auto_merge",
        /// Closes a pull request.
        ClosePr = "close_pr",
        /// Says something on a pull request.
        CommentPr = "comment_pr",
        /// Opens a pull request that takes a merged one back.
        RevertPr = "revert_pr",
        /// Deletes a branch whose work is reachable from elsewhere.
        DeleteBranch = "delete_branch",
        /// Sends what was kept of an attempt to the remote.
        Salvage = "salvage",
        /// Removes a worktree that no live attempt holds.
        RemoveWorktree = "remove_worktree",
    }
}

words! {
    /// Why nobody tries an effect any more.
    pub enum Why: "reason for giving up" {
        /// Its last try failed.
        Spent = "spent",
        /// A try failed in a way that every other would.
        Refused = "refused",
        /// A person gave up on it.
        Dismissed = "dismissed",
    }
}
