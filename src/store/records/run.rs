//! Sprint runs and the scope they freeze.

use crate::domain::backlog::pbi;
use crate::domain::id::{ProductId, RunId, SprintId, UserId};
use crate::domain::run::{PrStrategy, Row};
use crate::domain::time::Timestamp;

use super::backlog::{Story, Task};

/// A run to be added.
#[derive(Debug, Clone)]
pub struct NewRun {
    /// Which.
    pub id: RunId,
    /// Its sprint.
    pub sprint: SprintId,
    /// Who started it.
    pub started_by: UserId,
    /// Frozen from the product.
    pub strategy: PrStrategy,
    /// The branch of a run that has one for all.
    pub branch: Option<String>,
    /// The run that it takes on, whose branch and undone work it goes on with.
    pub previous: Option<RunId>,
}

/// A sprint run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRecord {
    /// What the machine knows.
    pub row: Row,
    /// Its sprint.
    pub sprint: SprintId,
    /// Its product.
    pub product: ProductId,
    /// Who started it.
    pub started_by: UserId,
    /// Frozen from the product.
    pub strategy: PrStrategy,
    /// The branch of a run that has one for all.
    pub branch: Option<String>,
    /// The run that it takes on.
    pub previous: Option<RunId>,
    /// The address of the first pull request that it opened.
    pub pr_url: Option<String>,
    /// When it was started.
    pub created_at: Timestamp,
}

/// A task that a run would hand out, with what the pre-flight checks read.
#[derive(Debug, Clone, PartialEq)]
pub struct ScopeTask {
    /// The task.
    pub task: Task,
    /// Its story.
    pub story: Story,
    /// Its backlog item's code.
    pub pbi_code: String,
    /// Its backlog item's status.
    pub pbi_status: pbi::Status,
}
