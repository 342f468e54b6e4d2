//! The proof that a job may be DONE. Only this module can make one.

use crate::domain::commit::CommitId;
use crate::domain::id::{JobId, UserId};
use crate::domain::job::Kind;
use crate::domain::verify::VerifyResult;

/// Proof that the gate opened for one attempt of one job.
///
/// It cannot be built outside of `gate`, copied or kept for later: `finish` takes it by value and
/// compares job and attempt, so that one job's proof never finishes another.
///
/// ```compile_fail
/// use sprintgate::domain::gate::Passed;
/// let forged = Passed { job: todo!(), attempt: 1, grounds: todo!() };
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Passed {
    pub(super) job: JobId,
    pub(super) attempt: u32,
    pub(super) grounds: Grounds,
}

/// Why the gate opened.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Grounds {
    /// The verdict satisfied the policy.
    Verified {
        /// The verdict.
        result: VerifyResult,
        /// The commit it judged, and the only one that may be published.
        commit: CommitId,
    },
    /// Every task of a sprint job stands.
    Aggregate {
        /// The verdict farthest from its plan; EMPTY when nothing was changed at all.
        result: VerifyResult,
        /// The commit that was verified last, and the only one that may be published.
        commit: CommitId,
    },
    /// A person took responsibility.
    Waived {
        /// Who.
        by: UserId,
        /// Why, in their words.
        reason: String,
    },
    /// A job of this kind changes no code and has nothing to write down.
    NoCode {
        /// The kind.
        kind: Kind,
    },
    /// A job of this kind wrote its result down on its idea.
    Answered {
        /// The kind.
        kind: Kind,
    },
}

impl Passed {
    /// The job it was given for.
    #[must_use]
    pub fn job(&self) -> &JobId {
        &self.job
    }

    /// The attempt it was given for.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The one commit that may be published on it; none where nothing was verified.
    #[must_use]
    pub fn commit(&self) -> Option<&CommitId> {
        match &self.grounds {
            Grounds::Verified { commit, .. } | Grounds::Aggregate { commit, .. } => Some(commit),
            Grounds::Waived { .. } | Grounds::NoCode { .. } | Grounds::Answered { .. } => None,
        }
    }

    /// Why the gate opened.
    #[must_use]
    pub fn grounds(&self) -> &Grounds {
        &self.grounds
    }

    /// Why the gate opened, taken out of the proof.
    #[must_use]
    pub fn into_grounds(self) -> Grounds {
        self.grounds
    }
}
