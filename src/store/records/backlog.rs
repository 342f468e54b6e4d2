//! Products, backlog items, stories, tasks and sprints.

use crate::domain::backlog::{pbi, sprint, story};
use crate::domain::gate::Policy;
use crate::domain::id::{PbiId, ProductId, SprintId, StoryId, TaskId, UserId};
use crate::domain::run::PrStrategy;
use crate::domain::task;
use crate::domain::time::Timestamp;

/// What a code numbers, per product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeKind {
    /// `PBI-<n>`.
    Pbi,
    /// `ST-<nnn>`.
    Story,
    /// `T-<n>`.
    Task,
    /// `S-<date>-<n>`, counted per product.
    Sprint,
}

/// A product to be added.
#[derive(Debug, Clone)]
pub struct NewProduct {
    /// Which.
    pub id: ProductId,
    /// The owner.
    pub user: UserId,
    /// The name, unique per owner.
    pub name: String,
    /// A short code, unique per owner.
    pub code: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// Where its repository is.
    pub repo_url: Option<String>,
    /// When work counts as done.
    pub definition_of_done: String,
    /// How its runs turn work into branches.
    pub pr_strategy: PrStrategy,
    /// Failures of the surroundings cascade too.
    pub cascade_on_infrastructure: bool,
    /// Branches get their pull requests by themselves.
    pub auto_pr: bool,
    /// What is kept of attempts is sent to the remote, too.
    pub push_salvage: bool,
    /// The commits of attempts name job, attempt and plan.
    pub trailers: bool,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Which.
    pub id: ProductId,
    /// The owner.
    pub user: UserId,
    /// The name.
    pub name: String,
    /// A short code.
    pub code: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// Where its repository is.
    pub repo_url: Option<String>,
    /// When work counts as done.
    pub definition_of_done: String,
    /// How its runs turn work into branches.
    pub pr_strategy: PrStrategy,
    /// Failures of the surroundings cascade too.
    pub cascade_on_infrastructure: bool,
    /// Branches get their pull requests by themselves.
    pub auto_pr: bool,
    /// What is kept of attempts is sent to the remote, too.
    pub push_salvage: bool,
    /// The commits of attempts name job, attempt and plan.
    pub trailers: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A backlog item to be added; `sort_order` absent means after the last of the same priority.
#[derive(Debug, Clone)]
pub struct NewPbi {
    /// Which.
    pub id: PbiId,
    /// Its product.
    pub product: ProductId,
    /// Its code.
    pub code: String,
    /// The title.
    pub title: String,
    /// What it is.
    pub description: Option<String>,
    /// 1 (first) to 4.
    pub priority: i64,
    /// The place among those of the same priority.
    pub sort_order: Option<f64>,
}

/// A product backlog item.
#[derive(Debug, Clone, PartialEq)]
pub struct Pbi {
    /// Which.
    pub id: PbiId,
    /// Its product.
    pub product: ProductId,
    /// Its code.
    pub code: String,
    /// The title.
    pub title: String,
    /// What it is.
    pub description: Option<String>,
    /// 1 (first) to 4.
    pub priority: i64,
    /// The place among those of the same priority.
    pub sort_order: f64,
    /// Where it is.
    pub status: pbi::Status,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A story to be added.
#[derive(Debug, Clone)]
pub struct NewStory {
    /// Which.
    pub id: StoryId,
    /// Its backlog item.
    pub pbi: PbiId,
    /// Its product.
    pub product: ProductId,
    /// The sprint it is planned for.
    pub sprint: Option<SprintId>,
    /// Its code.
    pub code: String,
    /// The title.
    pub title: String,
    /// What it is.
    pub description: Option<String>,
    /// When it is accepted.
    pub acceptance_criteria: Option<String>,
    /// 1 (first) to 4.
    pub priority: i64,
    /// The place among those of the same priority.
    pub sort_order: Option<f64>,
}

/// A story.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// Which.
    pub id: StoryId,
    /// Its backlog item.
    pub pbi: PbiId,
    /// Its product.
    pub product: ProductId,
    /// The sprint it is planned for.
    pub sprint: Option<SprintId>,
    /// Its code.
    pub code: String,
    /// The title.
    pub title: String,
    /// What it is.
    pub description: Option<String>,
    /// When it is accepted.
    pub acceptance_criteria: Option<String>,
    /// 1 (first) to 4.
    pub priority: i64,
    /// The place among those of the same priority.
    pub sort_order: f64,
    /// Where it is.
    pub status: story::Status,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A task to be added.
#[derive(Debug, Clone)]
pub struct NewTask {
    /// Which.
    pub id: TaskId,
    /// Its story; product and sprint are taken from it.
    pub story: StoryId,
    /// Its code.
    pub code: String,
    /// The title.
    pub title: String,
    /// What it is.
    pub description: Option<String>,
    /// The plan it will be judged by.
    pub implementation_plan: Option<String>,
    /// 1 (first) to 4.
    pub priority: i64,
    /// The place among those of the same priority.
    pub sort_order: Option<f64>,
    /// Another repository than the product's.
    pub repo_url: Option<String>,
    /// What the gate demands.
    pub policy: Policy,
}

/// A task.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Which.
    pub id: TaskId,
    /// Its story.
    pub story: StoryId,
    /// Its product.
    pub product: ProductId,
    /// The sprint its story is planned for.
    pub sprint: Option<SprintId>,
    /// Its code.
    pub code: String,
    /// The title.
    pub title: String,
    /// What it is.
    pub description: Option<String>,
    /// The plan it will be judged by.
    pub implementation_plan: Option<String>,
    /// 1 (first) to 4.
    pub priority: i64,
    /// The place among those of the same priority.
    pub sort_order: f64,
    /// Another repository than the product's.
    pub repo_url: Option<String>,
    /// What the gate demands.
    pub policy: Policy,
    /// Where it is.
    pub status: task::Status,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A sprint to be added.
#[derive(Debug, Clone)]
pub struct NewSprint {
    /// Which.
    pub id: SprintId,
    /// Its product.
    pub product: ProductId,
    /// Its code.
    pub code: String,
    /// What it is for.
    pub goal: String,
}

/// A sprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sprint {
    /// Which.
    pub id: SprintId,
    /// Its product.
    pub product: ProductId,
    /// Its code.
    pub code: String,
    /// What it is for.
    pub goal: String,
    /// Where it is.
    pub status: sprint::Status,
    /// When it was closed, also of one that was put away since.
    pub completed_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}
