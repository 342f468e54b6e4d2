//! Sprints.

use super::cells::Cells;
use super::dialect::DbRow;
use super::outbox::Whose;
use super::statement::{statements, visible};
use super::tx::DbTx;
use crate::domain::backlog::sprint;
use crate::domain::id::{ProductId, SprintId, UserId};
use crate::store::{NewSprint, Sprint, Stamp, StoreError};

macro_rules! sprints {
    ($rest:expr) => {
        concat!(
            "SELECT s.id, s.product_id, s.code, s.sprint_goal, s.status, s.completed_at, s.created_at FROM sprints s WHERE ",
            $rest
        )
    };
}

statements! {
    ADD_SPRINT = "INSERT INTO sprints (id, product_id, code, sprint_goal, status, status_event, ledger_seq, \
        created_at, updated_at) VALUES ($1, $2, $3, $4, 'OPEN', 'create', 1, $5, $5) \
        RETURNING id, product_id, code, sprint_goal, status, completed_at, created_at";
    SPRINT = concat!(sprints!("s.id = $2 AND "), visible!("s.product_id"));
    OPEN_SPRINT = sprints!("s.product_id = $1 AND s.status = 'OPEN' ORDER BY s.created_at DESC, s.id DESC LIMIT 1");
    SPRINTS = sprints!("s.product_id = $1 ORDER BY s.created_at DESC, s.id DESC LIMIT $2");
}

pub(super) async fn add(tx: &mut DbTx, new: &NewSprint, stamp: &Stamp) -> Result<Sprint, StoreError> {
    super::births::note(
        tx,
        "sprint",
        new.id.as_str(),
        sprint::Status::Open,
        Whose::Product(&new.product),
        stamp,
    )
    .await?;
    let bound = sqlx::query(ADD_SPRINT)
        .bind(new.id.as_str())
        .bind(new.product.as_str())
        .bind(&new.code)
        .bind(&new.goal)
        .bind(tx.time());
    let row = tx.written(bound, "sprints").await?;
    sprint(&row)
}

pub(super) async fn by_id(tx: &mut DbTx, user: &UserId, id: &SprintId) -> Result<Option<Sprint>, StoreError> {
    let row = tx.one(sqlx::query(SPRINT).bind(user.as_str()).bind(id.as_str())).await?;
    row.as_ref().map(sprint).transpose()
}

pub(super) async fn open(tx: &mut DbTx, product: &ProductId) -> Result<Option<Sprint>, StoreError> {
    let row = tx.one(sqlx::query(OPEN_SPRINT).bind(product.as_str())).await?;
    row.as_ref().map(sprint).transpose()
}

pub(super) async fn list(tx: &mut DbTx, product: &ProductId, limit: u32) -> Result<Vec<Sprint>, StoreError> {
    let rows = tx.all(sqlx::query(SPRINTS).bind(product.as_str()).bind(i64::from(limit))).await?;
    rows.iter().map(sprint).collect()
}

fn sprint(row: &DbRow) -> Result<Sprint, StoreError> {
    let cells = Cells(row);
    Ok(Sprint {
        id: cells.id("id")?,
        product: cells.id("product_id")?,
        code: cells.get("code")?,
        goal: cells.get("sprint_goal")?,
        status: cells.word("status")?,
        completed_at: cells.time_if("completed_at")?,
        created_at: cells.time("created_at")?,
    })
}
