//! The backlog's interface; each subject has its own file.

use async_trait::async_trait;

use super::tx::DbTx;
use super::{brief, lineage, pbis, products, sprints, stories, tasks};
use crate::domain::backlog::pbi;
use crate::domain::id::{PbiId, ProductId, SprintId, StoryId, TaskId, UserId};
use crate::domain::task;
use crate::store::{
    Backlog, Brief, CodeKind, Lineage, NewPbi, NewProduct, NewSprint, NewStory, NewTask, Pbi, Product,
    Sprint, Stamp, StoreError, Story, Task,
};

#[async_trait]
impl Backlog for DbTx {
    async fn add_product(&mut self, product: &NewProduct) -> Result<(), StoreError> {
        products::add(self, product).await
    }
    async fn set_product(&mut self, user: &UserId, product: &Product) -> Result<bool, StoreError> {
        products::set(self, user, product).await
    }
    async fn product(&mut self, user: &UserId, id: &ProductId) -> Result<Option<Product>, StoreError> {
        products::by_id(self, user, id).await
    }
    async fn product_named(&mut self, user: &UserId, name: &str) -> Result<Option<Product>, StoreError> {
        products::named(self, user, name).await
    }
    async fn products(&mut self, user: &UserId, limit: u32) -> Result<Vec<Product>, StoreError> {
        products::list(self, user, limit).await
    }
    async fn next_number(&mut self, product: &ProductId, kind: CodeKind) -> Result<i64, StoreError> {
        products::next_number(self, product, kind).await
    }

    async fn add_pbi(&mut self, pbi: &NewPbi, stamp: &Stamp) -> Result<Pbi, StoreError> {
        pbis::add(self, pbi, stamp).await
    }
    async fn pbi(&mut self, user: &UserId, id: &PbiId) -> Result<Option<Pbi>, StoreError> {
        pbis::by_id(self, user, id).await
    }
    async fn set_pbi_pr(&mut self, id: &PbiId, url: &str) -> Result<(), StoreError> {
        pbis::set_pr(self, id, url).await
    }
    async fn mark_pbi_merged(&mut self, id: &PbiId) -> Result<Option<String>, StoreError> {
        pbis::mark_merged(self, id).await
    }
    async fn add_story(&mut self, story: &NewStory, stamp: &Stamp) -> Result<Story, StoreError> {
        stories::add(self, story, stamp).await
    }
    async fn story(&mut self, user: &UserId, id: &StoryId) -> Result<Option<Story>, StoreError> {
        stories::by_id(self, user, id).await
    }
    async fn add_task(&mut self, task: &NewTask, stamp: &Stamp) -> Result<Task, StoreError> {
        tasks::add(self, task, stamp).await
    }
    async fn task(&mut self, user: &UserId, id: &TaskId) -> Result<Option<Task>, StoreError> {
        tasks::by_id(self, user, id).await
    }
    async fn set_task_plan(&mut self, id: &TaskId, plan: &str) -> Result<(), StoreError> {
        tasks::set_plan(self, id, plan).await
    }

    async fn add_sprint(&mut self, sprint: &NewSprint, stamp: &Stamp) -> Result<Sprint, StoreError> {
        sprints::add(self, sprint, stamp).await
    }
    async fn sprint(&mut self, user: &UserId, id: &SprintId) -> Result<Option<Sprint>, StoreError> {
        sprints::by_id(self, user, id).await
    }
    async fn open_sprint(&mut self, product: &ProductId) -> Result<Option<Sprint>, StoreError> {
        sprints::open(self, product).await
    }
    async fn sprints(&mut self, product: &ProductId, limit: u32) -> Result<Vec<Sprint>, StoreError> {
        sprints::list(self, product, limit).await
    }
    async fn plan_story(&mut self, story: &StoryId, sprint: &SprintId) -> Result<(), StoreError> {
        stories::plan(self, story, sprint).await
    }

    async fn brief(&mut self, user: &UserId, id: &TaskId) -> Result<Option<Brief>, StoreError> {
        brief::of(self, user, id).await
    }
    async fn lineage(&mut self, user: &UserId, id: &StoryId) -> Result<Option<Lineage>, StoreError> {
        lineage::of_story(self, user, id).await
    }
    async fn lineage_of_task(
        &mut self,
        user: &UserId,
        id: &TaskId,
    ) -> Result<Option<(task::Status, Lineage)>, StoreError> {
        lineage::of_task(self, user, id).await
    }
    async fn task_statuses(&mut self, story: &StoryId) -> Result<Vec<task::Status>, StoreError> {
        tasks::statuses(self, story).await
    }
    async fn pbi_status(&mut self, pbi: &PbiId) -> Result<Option<pbi::Status>, StoreError> {
        pbis::status(self, pbi).await
    }
    async fn tasks_of(&mut self, story: &StoryId) -> Result<Vec<Task>, StoreError> {
        tasks::of_story(self, story).await
    }
    async fn stories_of(&mut self, sprint: &SprintId) -> Result<Vec<Story>, StoreError> {
        stories::of_sprint(self, sprint).await
    }
    async fn stories_under(&mut self, pbi: &PbiId) -> Result<Vec<Story>, StoreError> {
        stories::under(self, pbi).await
    }
    async fn pbis_of(&mut self, product: &ProductId) -> Result<Vec<Pbi>, StoreError> {
        pbis::of_product(self, product).await
    }
    async fn next_story(&mut self, sprint: &SprintId) -> Result<Option<Story>, StoreError> {
        stories::next(self, sprint).await
    }
}
