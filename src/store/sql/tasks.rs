//! Tasks.

use super::cells::Cells;
use super::dialect::DbRow;
use super::outbox::Whose;
use super::statement::{statements, visible};
use super::tx::DbTx;
use crate::domain::gate::Policy;
use crate::domain::id::{StoryId, TaskId, UserId};
use crate::domain::machine::Word;
use crate::domain::task;
use crate::store::{NewTask, Stamp, StoreError, Task};

macro_rules! tasks {
    ($rest:expr) => {
        concat!(
            "SELECT t.id, t.story_id, t.product_id, t.sprint_id, t.code, t.title, t.description, ",
            "t.implementation_plan, t.priority, t.sort_order, t.repo_url, t.verify_required, t.verify_only, ",
            "t.status, t.created_at FROM tasks t WHERE ",
            $rest
        )
    };
}

statements! {
    ADD_TASK = "INSERT INTO tasks (id, story_id, product_id, sprint_id, code, title, description, \
        implementation_plan, priority, sort_order, repo_url, verify_required, verify_only, status, status_event, \
        ledger_seq, created_at, updated_at) \
        SELECT $1, s.id, s.product_id, s.sprint_id, $3, $4, $5, $6, $7, coalesce($8, (SELECT \
            coalesce(max(sort_order), 0) + 1 FROM tasks WHERE story_id = $2 AND priority = $7)), $9, $10, $11, \
            'TO_DO', 'create', 1, $12, $12 FROM stories s WHERE s.id = $2 \
        RETURNING id, story_id, product_id, sprint_id, code, title, description, implementation_plan, priority, \
            sort_order, repo_url, verify_required, verify_only, status, created_at";
    TASK = concat!(tasks!("t.id = $2 AND "), visible!("t.product_id"));
    TASKS_OF = tasks!("t.story_id = $1 ORDER BY t.priority, t.sort_order, t.created_at, t.id");
    TASKS_TO_DO = tasks!("t.story_id = $1 AND t.status = 'TO_DO' \
        ORDER BY t.priority, t.sort_order, t.created_at, t.id");
    SET_TASK_PLAN = "UPDATE tasks SET implementation_plan = $2, updated_at = $3 WHERE id = $1 RETURNING id";
    TASK_STATUSES = "SELECT status FROM tasks WHERE story_id = $1";
}

pub(super) async fn add(tx: &mut DbTx, new: &NewTask, stamp: &Stamp) -> Result<Task, StoreError> {
    super::births::note(tx, "task", new.id.as_str(), task::Status::ToDo, Whose::Story(&new.story), stamp)
        .await?;
    let bound = sqlx::query(ADD_TASK)
        .bind(new.id.as_str())
        .bind(new.story.as_str())
        .bind(&new.code)
        .bind(&new.title)
        .bind(new.description.as_deref())
        .bind(new.implementation_plan.as_deref())
        .bind(new.priority)
        .bind(new.sort_order)
        .bind(new.repo_url.as_deref())
        .bind(new.policy.required.word())
        .bind(new.policy.verify_only)
        .bind(tx.time());
    let row = tx.written(bound, "stories").await?;
    task(&row)
}

pub(super) async fn by_id(tx: &mut DbTx, user: &UserId, id: &TaskId) -> Result<Option<Task>, StoreError> {
    let row = tx.one(sqlx::query(TASK).bind(user.as_str()).bind(id.as_str())).await?;
    row.as_ref().map(task).transpose()
}

pub(super) async fn set_plan(tx: &mut DbTx, id: &TaskId, plan: &str) -> Result<(), StoreError> {
    let now = tx.time();
    tx.written(sqlx::query(SET_TASK_PLAN).bind(id.as_str()).bind(plan).bind(now), "tasks").await.map(drop)
}

pub(super) async fn of_story(tx: &mut DbTx, story: &StoryId) -> Result<Vec<Task>, StoreError> {
    let rows = tx.all(sqlx::query(TASKS_OF).bind(story.as_str())).await?;
    rows.iter().map(task).collect()
}

pub(super) async fn to_do(tx: &mut DbTx, story: &StoryId) -> Result<Vec<Task>, StoreError> {
    let rows = tx.all(sqlx::query(TASKS_TO_DO).bind(story.as_str())).await?;
    rows.iter().map(task).collect()
}

pub(super) async fn statuses(tx: &mut DbTx, story: &StoryId) -> Result<Vec<task::Status>, StoreError> {
    let rows = tx.all(sqlx::query(TASK_STATUSES).bind(story.as_str())).await?;
    rows.iter().map(|row| Cells(row).word("status")).collect()
}

fn task(row: &DbRow) -> Result<Task, StoreError> {
    let cells = Cells(row);
    Ok(Task {
        id: cells.id("id")?,
        story: cells.id("story_id")?,
        product: cells.id("product_id")?,
        sprint: cells.id_if("sprint_id")?,
        code: cells.get("code")?,
        title: cells.get("title")?,
        description: cells.get("description")?,
        implementation_plan: cells.get("implementation_plan")?,
        priority: cells.get("priority")?,
        sort_order: cells.get("sort_order")?,
        repo_url: cells.get("repo_url")?,
        policy: Policy { required: cells.word("verify_required")?, verify_only: cells.get("verify_only")? },
        status: cells.word("status")?,
        created_at: cells.time("created_at")?,
    })
}
