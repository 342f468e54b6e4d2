//! Whether a job of an idea called its result tool: without that it may not be done.

use super::state::AnyIdea;
use super::words::Status;
use crate::domain::id::{IdeaId, JobId};
use crate::domain::job::Kind;

/// Proof that a job wrote down what it was started for. Only [`answered`] makes one.
#[derive(Debug, PartialEq, Eq)]
pub struct Answered {
    idea: IdeaId,
    job: JobId,
    kind: Kind,
}

impl Answered {
    /// The idea.
    #[must_use]
    pub fn idea(&self) -> &IdeaId {
        &self.idea
    }

    /// The job.
    #[must_use]
    pub fn job(&self) -> &JobId {
        &self.job
    }

    /// What the job was started for.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }
}

/// Why a job of an idea may not be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnswered {
    /// It wrote nothing down.
    #[error("this {kind} job has written nothing down; the idea is {status}")]
    Nothing {
        /// What it was started for.
        kind: Kind,
        /// Where the idea is.
        status: Status,
    },
    /// The plan that it wrote cannot be read.
    #[error("the plan that this job wrote cannot be read")]
    Unreadable,
    /// A job of this kind has no answer to write down.
    #[error("a {kind} job has no result to write down on an idea")]
    NoResult {
        /// The kind.
        kind: Kind,
    },
}

/// Checks that the job wrote down what a job of its kind is started for.
///
/// # Errors
/// [`NotAnswered`], naming what is missing.
pub fn answered(kind: Kind, idea: &AnyIdea, job: &JobId) -> Result<Answered, NotAnswered> {
    let status = idea.status();
    let (id, by) = match (kind, idea) {
        (Kind::PlanChat | Kind::TaskImplementation | Kind::SprintImplementation, _) => {
            return Err(NotAnswered::NoResult { kind });
        }
        (Kind::IdeaGrill, AnyIdea::Grilled(idea)) => (&idea.id, &idea.state.job),
        (Kind::IdeaMakePlan, AnyIdea::PlanReady(idea)) => (&idea.id, &idea.state.job),
        (Kind::IdeaMakePlan, AnyIdea::PlanFailed(idea)) if idea.state.job.as_ref() == Some(job) => {
            return Err(NotAnswered::Unreadable);
        }
        (Kind::IdeaReviewPlan, AnyIdea::PlanReviewed(idea)) => (&idea.id, &idea.state.job),
        (Kind::IdeaReviewPlan, AnyIdea::PlanReviewFailed(idea)) => (&idea.id, &idea.state.job),
        _ => return Err(NotAnswered::Nothing { kind, status }),
    };
    if by.as_ref() == Some(job) {
        Ok(Answered { idea: id.clone(), job: job.clone(), kind })
    } else {
        Err(NotAnswered::Nothing { kind, status })
    }
}
