//! Everything that is read to decide what a publication is due.

use crate::domain::backlog::story;
use crate::domain::commit::CommitId;
use crate::domain::job;
use crate::domain::pull_request;
use crate::domain::run::{self, PrStrategy};
use crate::domain::time::Timestamp;

/// A publication and what it depends on, read from locked rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    /// Where the publication is.
    pub status: pull_request::Status,
    /// How its run makes pull requests.
    pub strategy: PrStrategy,
    /// The last commit that was pushed.
    pub head: Option<CommitId>,
    /// The product wants pull requests to be made and merged by themselves.
    pub auto_pr: bool,
    /// The repository's host is a forge that is configured here.
    pub forge: bool,
    /// The story whose branch it is; read for STORY only.
    pub story: Option<story::Status>,
    /// The run whose branch it is, the last one if it was resumed; not read for STORY.
    pub run: Option<run::Status>,
    /// The work on the branch.
    pub work: Work,
    /// What the branch changes has a path that keeps it from being merged by itself ([`protects`](super::protects)).
    pub protected: bool,
    /// A cascade undoes the branch, and no job was made for it since.
    pub undone: bool,
}

/// The work on one branch of one repository.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Work {
    /// Its jobs that are QUEUED, CLAIMED or RUNNING.
    pub open: usize,
    /// Whether a job of it is DONE.
    pub done: bool,
    /// What the last DONE job that published something published: the last commit that was verified.
    pub last_published: Option<CommitId>,
}

/// A job of the branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkOf {
    /// Where it is.
    pub status: job::Status,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// What it published.
    pub published: Option<CommitId>,
}

impl Work {
    /// The work that these jobs are; of two that ended at one moment the later in this order is the last.
    #[must_use]
    pub fn of(jobs: &[WorkOf]) -> Self {
        let done = || jobs.iter().filter(|job| job.status == job::Status::Done);
        let published = done().filter(|job| job.published.is_some());
        Self {
            open: jobs.iter().filter(|job| !job.status.is_terminal()).count(),
            done: done().next().is_some(),
            last_published: published.max_by_key(|job| job.finished_at).and_then(|job| job.published.clone()),
        }
    }
}
