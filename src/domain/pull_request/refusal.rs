//! Why a move of a pull request was refused.

use super::words::ForgeState;
use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::run::PrStrategy;

/// Why a move was refused, with the facts it read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A story has a pull request, a sprint a draft.
    #[error("that is not for a {strategy} run")]
    WrongStrategy {
        /// The run's strategy.
        strategy: PrStrategy,
    },
    /// What was merged or closed takes no further commit.
    #[error("the pull request {url} is {state}, and only an open one can be used")]
    NotOpen {
        /// Its address.
        url: String,
        /// Where it is.
        state: ForgeState,
    },
    /// The pull request is about another branch.
    #[error("the pull request is for {theirs}, and the branch is {ours}")]
    OtherBranch {
        /// The branch that is published.
        ours: BranchName,
        /// The branch of the pull request.
        theirs: String,
    },
    /// What was said is about another commit than the last one.
    #[error("that is about {yours}, and the branch is at {head}")]
    HeadMoved {
        /// The commit that it was about.
        yours: CommitId,
        /// The last commit that was pushed.
        head: CommitId,
    },
    /// The commit is the last one already.
    #[error("the branch is at {head} already")]
    NothingNew {
        /// The commit.
        head: CommitId,
    },
}
