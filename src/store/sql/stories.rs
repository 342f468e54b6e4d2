//! Stories.

use super::cells::Cells;
use super::dialect::DbRow;
use super::outbox::Whose;
use super::statement::{statements, visible};
use super::tx::DbTx;
use crate::domain::backlog::story;
use crate::domain::id::{PbiId, SprintId, StoryId, UserId};
use crate::domain::machine::Word;
use crate::store::{NewStory, Stamp, StoreError, Story};

statements! {
    ADD_STORY = "INSERT INTO stories (id, pbi_id, product_id, sprint_id, code, title, description, \
        acceptance_criteria, priority, sort_order, status, status_event, ledger_seq, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10, (SELECT coalesce(max(sort_order), 0) + 1 \
            FROM stories WHERE pbi_id = $2 AND priority = $9)), $11, 'create', 1, $12, $12) \
        RETURNING id, pbi_id, product_id, sprint_id, code, title, description, acceptance_criteria, priority, \
            sort_order, status, created_at";
    STORY = concat!("SELECT s.id, s.pbi_id, s.product_id, s.sprint_id, s.code, s.title, s.description, \
        s.acceptance_criteria, s.priority, s.sort_order, s.status, s.created_at \
        FROM stories s WHERE s.id = $2 AND ", visible!("s.product_id"));
    PLAN_STORY = "UPDATE stories SET sprint_id = $2, updated_at = $3 WHERE id = $1 RETURNING id";
    PLAN_TASKS = "UPDATE tasks SET sprint_id = $2, updated_at = $3 WHERE story_id = $1";
    STORIES_OF = "SELECT s.id, s.pbi_id, s.product_id, s.sprint_id, s.code, s.title, s.description, \
        s.acceptance_criteria, s.priority, s.sort_order, s.status, s.created_at FROM stories s \
        WHERE s.sprint_id = $1 ORDER BY s.priority, s.sort_order, s.created_at, s.id LIMIT 1000";
    STORIES_UNDER = "SELECT s.id, s.pbi_id, s.product_id, s.sprint_id, s.code, s.title, s.description, \
        s.acceptance_criteria, s.priority, s.sort_order, s.status, s.created_at FROM stories s \
        WHERE s.pbi_id = $1 ORDER BY s.priority, s.sort_order, s.created_at, s.id LIMIT 1000";
    NEXT_STORY = "SELECT s.id, s.pbi_id, s.product_id, s.sprint_id, s.code, s.title, s.description, \
        s.acceptance_criteria, s.priority, s.sort_order, s.status, s.created_at FROM stories s \
        WHERE s.sprint_id = $1 AND s.status IN ('OPEN', 'IN_SPRINT') \
        AND (NOT EXISTS (SELECT 1 FROM tasks t WHERE t.story_id = s.id) OR EXISTS (SELECT 1 FROM tasks t \
            WHERE t.story_id = s.id AND t.status NOT IN ('DONE', 'EXCLUDED'))) \
        ORDER BY s.priority, s.sort_order, s.created_at, s.id LIMIT 1";
}

pub(super) async fn add(tx: &mut DbTx, new: &NewStory, stamp: &Stamp) -> Result<Story, StoreError> {
    let status = if new.sprint.is_some() { story::Status::InSprint } else { story::Status::Open };
    super::births::note(tx, "story", new.id.as_str(), status, Whose::Product(&new.product), stamp).await?;
    let bound = sqlx::query(ADD_STORY)
        .bind(new.id.as_str())
        .bind(new.pbi.as_str())
        .bind(new.product.as_str())
        .bind(new.sprint.as_ref().map(|id| id.as_str()))
        .bind(&new.code)
        .bind(&new.title)
        .bind(new.description.as_deref())
        .bind(new.acceptance_criteria.as_deref())
        .bind(new.priority)
        .bind(new.sort_order)
        .bind(status.word())
        .bind(tx.time());
    let row = tx.written(bound, "stories").await?;
    story(&row)
}

pub(super) async fn by_id(tx: &mut DbTx, user: &UserId, id: &StoryId) -> Result<Option<Story>, StoreError> {
    let row = tx.one(sqlx::query(STORY).bind(user.as_str()).bind(id.as_str())).await?;
    row.as_ref().map(story).transpose()
}

pub(super) async fn plan(tx: &mut DbTx, id: &StoryId, sprint: &SprintId) -> Result<(), StoreError> {
    let now = tx.time();
    tx.written(sqlx::query(PLAN_STORY).bind(id.as_str()).bind(sprint.as_str()).bind(now), "stories").await?;
    tx.run(sqlx::query(PLAN_TASKS).bind(id.as_str()).bind(sprint.as_str()).bind(now)).await.map(drop)
}

pub(super) async fn next(tx: &mut DbTx, sprint: &SprintId) -> Result<Option<Story>, StoreError> {
    let row = tx.one(sqlx::query(NEXT_STORY).bind(sprint.as_str())).await?;
    row.as_ref().map(story).transpose()
}

pub(super) async fn of_sprint(tx: &mut DbTx, sprint: &SprintId) -> Result<Vec<Story>, StoreError> {
    let rows = tx.all(sqlx::query(STORIES_OF).bind(sprint.as_str())).await?;
    rows.iter().map(story).collect()
}

pub(super) async fn under(tx: &mut DbTx, pbi: &PbiId) -> Result<Vec<Story>, StoreError> {
    let rows = tx.all(sqlx::query(STORIES_UNDER).bind(pbi.as_str())).await?;
    rows.iter().map(story).collect()
}

pub(super) fn story(row: &DbRow) -> Result<Story, StoreError> {
    let cells = Cells(row);
    Ok(Story {
        id: cells.id("id")?,
        pbi: cells.id("pbi_id")?,
        product: cells.id("product_id")?,
        sprint: cells.id_if("sprint_id")?,
        code: cells.get("code")?,
        title: cells.get("title")?,
        description: cells.get("description")?,
        acceptance_criteria: cells.get("acceptance_criteria")?,
        priority: cells.get("priority")?,
        sort_order: cells.get("sort_order")?,
        status: cells.word("status")?,
        created_at: cells.time("created_at")?,
    })
}
