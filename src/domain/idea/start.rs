//! Whether a job may begin on an idea, and if not, which guard is the first that does not hold and what it read
//! (`original` 2.7).

use crate::domain::id::{IdeaId, JobId, ProductId, UserId};
use crate::domain::time::Timestamp;
use crate::domain::worker::is_active;

/// What the guards read, from rows that are locked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The idea.
    pub idea: IdeaId,
    /// Whose it is.
    pub owner: UserId,
    /// Who wants the job to begin.
    pub caller: UserId,
    /// The product it is linked with.
    pub product: Option<ProductId>,
    /// Whether that product has a repository.
    pub has_repository: bool,
    /// The job of this idea that is QUEUED, CLAIMED or RUNNING.
    pub open_job: Option<JobId>,
    /// The last sign of life of any of the owner's workers.
    pub worker_seen_at: Option<Timestamp>,
    /// Now.
    pub now: Timestamp,
}

/// Proof that every guard held for one idea. Only [`check`] makes one.
#[derive(Debug, PartialEq, Eq)]
pub struct Ready {
    idea: IdeaId,
}

impl Ready {
    /// The idea it was given for.
    #[must_use]
    pub fn idea(&self) -> &IdeaId {
        &self.idea
    }
}

/// The first guard that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannotStart {
    /// It is somebody else's idea.
    #[error("the idea is not yours")]
    NotYours,
    /// It is linked with no product.
    #[error("the idea is linked with no product")]
    NoProduct,
    /// Its product has no repository to look into.
    #[error("product {0} has no repository")]
    NoRepository(ProductId),
    /// A job of it has not ended.
    #[error("job {0} of this idea has not ended")]
    JobOpen(JobId),
    /// Nobody is there to take the job.
    #[error("{}", no_worker(.seen_at.as_ref()))]
    NoWorker {
        /// When a worker was last there.
        seen_at: Option<Timestamp>,
    },
}

fn no_worker(seen_at: Option<&Timestamp>) -> String {
    match seen_at {
        Some(at) => format!("no worker is active; the last sign of life was at {at}"),
        None => "no worker has ever registered".to_owned(),
    }
}

impl CannotStart {
    /// The guard as a word, for programs.
    #[must_use]
    pub fn guard(&self) -> &'static str {
        match self {
            Self::NotYours => "owns_idea",
            Self::NoProduct => "has_product",
            Self::NoRepository(_) => "has_repository",
            Self::JobOpen(_) => "no_open_job",
            Self::NoWorker { .. } => "worker_active",
        }
    }
}

/// Checks every guard of a start in order.
///
/// # Errors
/// The first that does not hold.
pub fn check(facts: &Facts) -> Result<Ready, CannotStart> {
    if facts.owner != facts.caller {
        return Err(CannotStart::NotYours);
    }
    let product = facts.product.as_ref().ok_or(CannotStart::NoProduct)?;
    if !facts.has_repository {
        return Err(CannotStart::NoRepository(product.clone()));
    }
    if let Some(job) = &facts.open_job {
        return Err(CannotStart::JobOpen(job.clone()));
    }
    match facts.worker_seen_at {
        Some(at) if is_active(at, facts.now) => Ok(Ready { idea: facts.idea.clone() }),
        seen_at => Err(CannotStart::NoWorker { seen_at }),
    }
}
