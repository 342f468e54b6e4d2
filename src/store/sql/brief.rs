//! What a worker is told of its task, in one statement.

use super::cells::Cells;
use super::dialect::DbRow;
use super::statement::{statements, visible};
use super::tx::DbTx;
use crate::domain::id::{SprintId, TaskId, UserId};
use crate::store::{Brief, StoreError};

statements! {
    BRIEF = concat!("SELECT t.code, t.title, t.description, t.priority, t.repo_url, s.id AS story_id, \
        s.code AS story_code, s.title AS story_title, s.description AS story_description, s.acceptance_criteria, \
        b.id AS pbi_id, b.code AS pbi_code, b.title AS pbi_title, b.priority AS pbi_priority, b.status AS pbi_status, \
        p.id AS sprint_id, p.sprint_goal, p.status AS sprint_status, d.name AS product_name, \
        d.repo_url AS product_repo_url, d.definition_of_done \
        FROM tasks t JOIN products d ON d.id = t.product_id JOIN stories s ON s.id = t.story_id \
        JOIN pbis b ON b.id = s.pbi_id LEFT JOIN sprints p ON p.id = s.sprint_id WHERE t.id = $2 AND ",
        visible!("t.product_id"));
}

pub(super) async fn of(tx: &mut DbTx, user: &UserId, id: &TaskId) -> Result<Option<Brief>, StoreError> {
    let row = tx.one(sqlx::query(BRIEF).bind(user.as_str()).bind(id.as_str())).await?;
    row.as_ref().map(brief).transpose()
}

fn brief(row: &DbRow) -> Result<Brief, StoreError> {
    let cells = Cells(row);
    let sprint = match cells.id_if::<SprintId>("sprint_id")? {
        Some(id) => Some((id, cells.get("sprint_goal")?, cells.word("sprint_status")?)),
        None => None,
    };
    Ok(Brief {
        code: cells.get("code")?,
        title: cells.get("title")?,
        description: cells.get("description")?,
        priority: cells.get("priority")?,
        repo_url: cells.get("repo_url")?,
        story: cells.id("story_id")?,
        story_code: cells.get("story_code")?,
        story_title: cells.get("story_title")?,
        story_description: cells.get("story_description")?,
        acceptance_criteria: cells.get("acceptance_criteria")?,
        pbi: cells.id("pbi_id")?,
        pbi_code: cells.get("pbi_code")?,
        pbi_title: cells.get("pbi_title")?,
        pbi_priority: cells.get("pbi_priority")?,
        pbi_status: cells.word("pbi_status")?,
        sprint,
        product_name: cells.get("product_name")?,
        product_repo_url: cells.get("product_repo_url")?,
        definition_of_done: cells.get("definition_of_done")?,
    })
}
