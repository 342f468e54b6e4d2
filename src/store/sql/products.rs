//! Products and the numbers of their codes.

use super::cells::Cells;
use super::dialect::DbRow;
use super::statement::{seen, statements, visible};
use super::tx::DbTx;
use crate::domain::id::{ProductId, UserId};
use crate::domain::machine::Word;
use crate::store::{CodeKind, NewProduct, Product, StoreError};

macro_rules! product {
    ($($condition:expr),+) => {
        concat!(
            "SELECT p.id, p.user_id, p.name, p.code, p.description, p.repo_url, p.definition_of_done, ",
            "p.pr_strategy, p.cascade_on_infrastructure, p.auto_pr, p.push_salvage, p.trailers, p.created_at FROM products p WHERE ",
            $($condition),+
        )
    };
}

statements! {
    ADD_PRODUCT = "INSERT INTO products (id, user_id, name, code, description, repo_url, definition_of_done, \
        pr_strategy, cascade_on_infrastructure, auto_pr, push_salvage, trailers, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $11, $12, $13, $10, $10)";
    SET_PRODUCT = "UPDATE products SET definition_of_done = $3, pr_strategy = $4, auto_pr = $5, push_salvage = $6, \
        trailers = $7, updated_at = $8 WHERE id = $1 AND user_id = $2";
    PRODUCT = product!("p.id = $2 AND ", visible!("p.id"));
    PRODUCT_NAMED = product!("p.id IN ", seen!(), " AND (p.name = $2 OR p.code = $2) ORDER BY p.user_id = $1 DESC, p.id LIMIT 1");
    PRODUCTS = product!("p.id IN ", seen!(), " AND NOT p.archived ORDER BY p.created_at DESC, p.id DESC LIMIT $2");
    NEXT_NUMBER = "INSERT INTO counters (product_id, kind, n) VALUES ($1, $2, 1) \
        ON CONFLICT (product_id, kind) DO UPDATE SET n = counters.n + 1 RETURNING n";
}

pub(super) async fn add(tx: &mut DbTx, product: &NewProduct) -> Result<(), StoreError> {
    let bound = sqlx::query(ADD_PRODUCT)
        .bind(product.id.as_str())
        .bind(product.user.as_str())
        .bind(&product.name)
        .bind(product.code.as_deref())
        .bind(product.description.as_deref())
        .bind(product.repo_url.as_deref())
        .bind(&product.definition_of_done)
        .bind(product.pr_strategy.word())
        .bind(product.cascade_on_infrastructure)
        .bind(tx.time())
        .bind(product.auto_pr)
        .bind(product.push_salvage)
        .bind(product.trailers);
    tx.run(bound).await.map(drop)
}

pub(super) async fn set(tx: &mut DbTx, user: &UserId, product: &Product) -> Result<bool, StoreError> {
    let bound = sqlx::query(SET_PRODUCT)
        .bind(product.id.as_str())
        .bind(user.as_str())
        .bind(&product.definition_of_done)
        .bind(product.pr_strategy.word())
        .bind(product.auto_pr)
        .bind(product.push_salvage)
        .bind(product.trailers)
        .bind(tx.time());
    Ok(tx.run(bound).await? > 0)
}

pub(super) async fn by_id(
    tx: &mut DbTx,
    user: &UserId,
    id: &ProductId,
) -> Result<Option<Product>, StoreError> {
    let row = tx.one(sqlx::query(PRODUCT).bind(user.as_str()).bind(id.as_str())).await?;
    row.as_ref().map(product).transpose()
}

pub(super) async fn named(tx: &mut DbTx, user: &UserId, name: &str) -> Result<Option<Product>, StoreError> {
    let row = tx.one(sqlx::query(PRODUCT_NAMED).bind(user.as_str()).bind(name)).await?;
    row.as_ref().map(product).transpose()
}

pub(super) async fn list(tx: &mut DbTx, user: &UserId, limit: u32) -> Result<Vec<Product>, StoreError> {
    let rows = tx.all(sqlx::query(PRODUCTS).bind(user.as_str()).bind(i64::from(limit))).await?;
    rows.iter().map(product).collect()
}

pub(super) async fn next_number(tx: &mut DbTx, id: &ProductId, kind: CodeKind) -> Result<i64, StoreError> {
    let kind = match kind {
        CodeKind::Pbi => "pbi",
        CodeKind::Story => "story",
        CodeKind::Task => "task",
        CodeKind::Sprint => "sprint",
    };
    let row = tx.one(sqlx::query(NEXT_NUMBER).bind(id.as_str()).bind(kind)).await?;
    let row = row.ok_or_else(|| StoreError::Inconsistent { what: format!("no counter {kind} of {id}") })?;
    Cells(&row).get("n")
}

fn product(row: &DbRow) -> Result<Product, StoreError> {
    let cells = Cells(row);
    Ok(Product {
        id: cells.id("id")?,
        user: cells.id("user_id")?,
        name: cells.get("name")?,
        code: cells.get("code")?,
        description: cells.get("description")?,
        repo_url: cells.get("repo_url")?,
        definition_of_done: cells.get("definition_of_done")?,
        pr_strategy: cells.word("pr_strategy")?,
        cascade_on_infrastructure: cells.get("cascade_on_infrastructure")?,
        auto_pr: cells.get("auto_pr")?,
        push_salvage: cells.get("push_salvage")?,
        trailers: cells.get("trailers")?,
        created_at: cells.time("created_at")?,
    })
}
