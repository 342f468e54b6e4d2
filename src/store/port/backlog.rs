//! Products, backlog items, stories, tasks and sprints. What a user may not see is absent.

use async_trait::async_trait;

use crate::domain::backlog::pbi;
use crate::domain::id::{PbiId, ProductId, SprintId, StoryId, TaskId, UserId};
use crate::domain::task;
use crate::store::{
    Brief, CodeKind, Lineage, NewPbi, NewProduct, NewSprint, NewStory, NewTask, Pbi, Product, Sprint, Stamp,
    StoreError, Story, Task,
};

/// The backlog.
#[async_trait]
pub trait Backlog {
    /// Adds a product.
    async fn add_product(&mut self, product: &NewProduct) -> Result<(), StoreError>;
    /// Replaces what a product asks of its jobs and branches, if the user owns it; whether he does.
    async fn set_product(&mut self, user: &UserId, product: &Product) -> Result<bool, StoreError>;
    /// A product that the user owns or is a member of.
    async fn product(&mut self, user: &UserId, id: &ProductId) -> Result<Option<Product>, StoreError>;
    /// The user's product of that name or code.
    async fn product_named(&mut self, user: &UserId, name: &str) -> Result<Option<Product>, StoreError>;
    /// The user's products that are not archived, newest first, at most `limit`.
    async fn products(&mut self, user: &UserId, limit: u32) -> Result<Vec<Product>, StoreError>;

    /// The next number of a code; never given twice.
    async fn next_number(&mut self, product: &ProductId, kind: CodeKind) -> Result<i64, StoreError>;

    /// Adds a backlog item, READY.
    async fn add_pbi(&mut self, pbi: &NewPbi, stamp: &Stamp) -> Result<Pbi, StoreError>;
    /// A backlog item of a product that the user can see.
    async fn pbi(&mut self, user: &UserId, id: &PbiId) -> Result<Option<Pbi>, StoreError>;
    /// Notes the address of a backlog item's pull request, which is not merged then.
    async fn set_pbi_pr(&mut self, id: &PbiId, url: &str) -> Result<(), StoreError>;
    /// Notes that a backlog item's pull request is merged, now; its address, if it has one.
    async fn mark_pbi_merged(&mut self, id: &PbiId) -> Result<Option<String>, StoreError>;
    /// Adds a story, OPEN, or IN_SPRINT when it is planned for one.
    async fn add_story(&mut self, story: &NewStory, stamp: &Stamp) -> Result<Story, StoreError>;
    /// A story of a product that the user can see.
    async fn story(&mut self, user: &UserId, id: &StoryId) -> Result<Option<Story>, StoreError>;
    /// Adds a task, TO_DO.
    async fn add_task(&mut self, task: &NewTask, stamp: &Stamp) -> Result<Task, StoreError>;
    /// A task of a product that the user can see.
    async fn task(&mut self, user: &UserId, id: &TaskId) -> Result<Option<Task>, StoreError>;
    /// What a worker is told of a task, if the user can see its product.
    async fn brief(&mut self, user: &UserId, id: &TaskId) -> Result<Option<Brief>, StoreError>;
    /// Replaces a task's plan; attempts keep the one they were given.
    async fn set_task_plan(&mut self, id: &TaskId, plan: &str) -> Result<(), StoreError>;

    /// Adds a sprint, OPEN.
    async fn add_sprint(&mut self, sprint: &NewSprint, stamp: &Stamp) -> Result<Sprint, StoreError>;
    /// A sprint of a product that the user can see.
    async fn sprint(&mut self, user: &UserId, id: &SprintId) -> Result<Option<Sprint>, StoreError>;
    /// The newest OPEN sprint of a product.
    async fn open_sprint(&mut self, product: &ProductId) -> Result<Option<Sprint>, StoreError>;
    /// The sprints of a product, newest first, at most `limit`.
    async fn sprints(&mut self, product: &ProductId, limit: u32) -> Result<Vec<Sprint>, StoreError>;
    /// Plans a story and its tasks for a sprint; the status follows by roll-up.
    async fn plan_story(&mut self, story: &StoryId, sprint: &SprintId) -> Result<(), StoreError>;

    /// A story with what stands above it, of a product that the user can see. The statuses of all its tasks are there.
    async fn lineage(&mut self, user: &UserId, id: &StoryId) -> Result<Option<Lineage>, StoreError>;
    /// Where a task is, and its story with what stands above it; of the tasks only the others. In a transaction that
    /// writes, the task's row is locked.
    async fn lineage_of_task(
        &mut self,
        user: &UserId,
        id: &TaskId,
    ) -> Result<Option<(task::Status, Lineage)>, StoreError>;
    /// The statuses of a story's tasks.
    async fn task_statuses(&mut self, story: &StoryId) -> Result<Vec<task::Status>, StoreError>;
    /// A backlog item's status.
    async fn pbi_status(&mut self, pbi: &PbiId) -> Result<Option<pbi::Status>, StoreError>;
    /// A story's tasks by priority, sort order, creation and id.
    async fn tasks_of(&mut self, story: &StoryId) -> Result<Vec<Task>, StoreError>;
    /// A sprint's stories by priority, sort order, creation and id, at most 1000.
    async fn stories_of(&mut self, sprint: &SprintId) -> Result<Vec<Story>, StoreError>;
    /// The stories of a backlog item, in the same order, at most 1000.
    async fn stories_under(&mut self, pbi: &PbiId) -> Result<Vec<Story>, StoreError>;
    /// The backlog items of a product by priority, sort order, creation and id, at most 1000.
    async fn pbis_of(&mut self, product: &ProductId) -> Result<Vec<Pbi>, StoreError>;
    /// The first story of a sprint that is OPEN or IN_SPRINT and has no tasks or one that is not handled.
    async fn next_story(&mut self, sprint: &SprintId) -> Result<Option<Story>, StoreError>;
}
