//! The words of the question machine: its states and events.

use crate::domain::machine::words;

words! {
    /// Where a question is; in lower case, as the original spells it.
    pub enum Status: "question status" {
        /// Waits for an answer.
        Open = "open",
        /// A person answered.
        Answered = "answered",
        /// The asker withdrew it.
        Cancelled = "cancelled",
        /// Nobody answered in time.
        Expired = "expired",
        /// What it was asked for was settled in another way.
        Closed = "closed",
    }
}

words! {
    /// What can happen to a question.
    pub enum Event: "question event" {
        /// A person answers.
        Answer = "answer",
        /// The asker withdraws it.
        Cancel = "cancel",
        /// Its time is over.
        Expire = "expire",
        /// What it was asked for is settled, as when a paused run goes on.
        Close = "close",
    }
}

words! {
    /// What a question is asked for.
    pub enum Purpose: "question purpose" {
        /// An agent needs to know it for its work on a story or an idea.
        Work = "work",
        /// A pull request of a sprint run does not merge, and the run waits.
        MergeConflict = "merge_conflict",
        /// The pull request of a story was merged at a commit that nobody verified.
        UnverifiedMerge = "unverified_merge",
    }
}
