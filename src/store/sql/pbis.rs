//! Product backlog items.

use super::cells::Cells;
use super::dialect::DbRow;
use super::outbox::Whose;
use super::statement::{statements, visible};
use super::tx::DbTx;
use crate::domain::backlog::pbi;
use crate::domain::id::{PbiId, ProductId, UserId};
use crate::store::{NewPbi, Pbi, Stamp, StoreError};

statements! {
    ADD_PBI = "INSERT INTO pbis (id, product_id, code, title, description, priority, sort_order, \
        status, status_event, ledger_seq, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, coalesce($7, (SELECT coalesce(max(sort_order), 0) + 1 FROM pbis \
            WHERE product_id = $2 AND priority = $6)), 'READY', 'create', 1, $8, $8) \
        RETURNING id, product_id, code, title, description, priority, sort_order, status, created_at";
    PBI = concat!("SELECT b.id, b.product_id, b.code, b.title, b.description, b.priority, b.sort_order, b.status, \
        b.created_at FROM pbis b WHERE b.id = $2 AND ", visible!("b.product_id"));
    PBIS_OF = "SELECT b.id, b.product_id, b.code, b.title, b.description, b.priority, b.sort_order, b.status, \
        b.created_at FROM pbis b WHERE b.product_id = $1 \
        ORDER BY b.priority, b.sort_order, b.created_at, b.id LIMIT 1000";
    SET_PBI_PR = "UPDATE pbis SET pr_url = $2, pr_merged_at = NULL, updated_at = $3 WHERE id = $1 RETURNING id";
    MARK_PBI_MERGED = "UPDATE pbis SET pr_merged_at = $2, updated_at = $2 WHERE id = $1 AND pr_url IS NOT NULL \
        RETURNING pr_url";
    PBI_STATUS = "SELECT status FROM pbis WHERE id = $1";
}

pub(super) async fn add(tx: &mut DbTx, new: &NewPbi, stamp: &Stamp) -> Result<Pbi, StoreError> {
    super::births::note(tx, "pbi", new.id.as_str(), pbi::Status::Ready, Whose::Product(&new.product), stamp)
        .await?;
    let bound = sqlx::query(ADD_PBI)
        .bind(new.id.as_str())
        .bind(new.product.as_str())
        .bind(&new.code)
        .bind(&new.title)
        .bind(new.description.as_deref())
        .bind(new.priority)
        .bind(new.sort_order)
        .bind(tx.time());
    let row = tx.written(bound, "pbis").await?;
    pbi(&row)
}

pub(super) async fn by_id(tx: &mut DbTx, user: &UserId, id: &PbiId) -> Result<Option<Pbi>, StoreError> {
    let row = tx.one(sqlx::query(PBI).bind(user.as_str()).bind(id.as_str())).await?;
    row.as_ref().map(pbi).transpose()
}

pub(super) async fn set_pr(tx: &mut DbTx, id: &PbiId, url: &str) -> Result<(), StoreError> {
    let now = tx.time();
    tx.written(sqlx::query(SET_PBI_PR).bind(id.as_str()).bind(url).bind(now), "pbis").await.map(drop)
}

pub(super) async fn mark_merged(tx: &mut DbTx, id: &PbiId) -> Result<Option<String>, StoreError> {
    let now = tx.time();
    let row = tx.one(sqlx::query(MARK_PBI_MERGED).bind(id.as_str()).bind(now)).await?;
    row.map(|row| Cells(&row).get("pr_url")).transpose()
}

pub(super) async fn status(tx: &mut DbTx, id: &PbiId) -> Result<Option<pbi::Status>, StoreError> {
    let row = tx.one(sqlx::query(PBI_STATUS).bind(id.as_str())).await?;
    row.map(|row| Cells(&row).word("status")).transpose()
}

pub(super) async fn of_product(tx: &mut DbTx, id: &ProductId) -> Result<Vec<Pbi>, StoreError> {
    let rows = tx.all(sqlx::query(PBIS_OF).bind(id.as_str())).await?;
    rows.iter().map(pbi).collect()
}

fn pbi(row: &DbRow) -> Result<Pbi, StoreError> {
    let cells = Cells(row);
    Ok(Pbi {
        id: cells.id("id")?,
        product: cells.id("product_id")?,
        code: cells.get("code")?,
        title: cells.get("title")?,
        description: cells.get("description")?,
        priority: cells.get("priority")?,
        sort_order: cells.get("sort_order")?,
        status: cells.word("status")?,
        created_at: cells.time("created_at")?,
    })
}
