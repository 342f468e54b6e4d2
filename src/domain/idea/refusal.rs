//! Why an idea's move was refused.

use crate::domain::id::{IdeaId, JobId};

/// Why a move was refused, with the facts it read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The job that speaks is not the one that the idea listens to.
    #[error("job {yours} does not work on this idea; {}", listened_to(.current.as_ref()))]
    ForeignJob {
        /// The job that speaks.
        yours: JobId,
        /// The one that works on the idea or wrote what is true of it, if there is one.
        current: Option<JobId>,
    },
    /// The proof was given for another idea.
    #[error("the proof was given for idea {idea}")]
    ForeignProof {
        /// That idea.
        idea: IdeaId,
    },
    /// A job of the idea has not ended.
    #[error("job {job} of this idea has not ended")]
    JobOpen {
        /// The job.
        job: JobId,
    },
}

fn listened_to(job: Option<&JobId>) -> String {
    job.map_or_else(|| "no job does".to_owned(), |job| format!("job {job} does"))
}
