//! Sprint runs.

use async_trait::async_trait;

use crate::domain::forge::PrUrl;
use crate::domain::id::{RunId, SprintId, UserId};
use crate::domain::run::Tally;
use crate::store::{NewRun, RunRecord, ScopeTask, Stamp, StoreError};

/// Sprint runs.
#[async_trait]
pub trait Runs {
    /// Adds a run, QUEUED. A sprint has at most one run that has not ended.
    async fn add_run(&mut self, run: &NewRun, stamp: &Stamp) -> Result<(), StoreError>;
    /// A run.
    async fn run(&mut self, id: &RunId) -> Result<Option<RunRecord>, StoreError>;
    /// A run, and whether a job of it is open.
    async fn run_and_open(&mut self, id: &RunId) -> Result<Option<(RunRecord, bool)>, StoreError>;
    /// The run of a sprint that has not ended.
    async fn live_run(&mut self, sprint: &SprintId) -> Result<Option<RunRecord>, StoreError>;
    /// The runs that the user can see, newest first, at most `limit`.
    async fn runs(&mut self, user: &UserId, limit: u32) -> Result<Vec<RunRecord>, StoreError>;
    /// TO_DO tasks of the sprint's stories that are not DONE: stories, then tasks, each by priority, sort order,
    /// creation and id.
    async fn scope(&mut self, sprint: &SprintId) -> Result<Vec<ScopeTask>, StoreError>;
    /// Notes the address of a pull request that the run opened, if none was noted before; whether it did. Of a run that
    /// publishes a branch a story it is the first.
    async fn note_run_pr(&mut self, run: &RunId, url: &PrUrl) -> Result<bool, StoreError>;
    /// How many of a run's jobs are where.
    async fn tally(&mut self, run: &RunId) -> Result<Tally, StoreError>;
}
