//! A product, held by one transaction at a time: its row is locked before any other.

use async_trait::async_trait;

use super::cells::Cells;
use super::dialect::{LANE_HELD, ONE_WRITER, among, clock, listed, lock_in_order};
use super::statement::statements;
use super::tx::DbTx;
use super::values::Document;
use crate::domain::id::UserId;
use crate::domain::time::Timestamp;
use crate::store::{Hold, Of, StoreError};

/// Locks the products, if user $2 may see them; $2 is NULL for the system.
macro_rules! product {
    ($which:expr) => {
        concat!(
            // The clock is read of a row that is held already.
            "SELECT ",
            clock!(),
            " AS later FROM (SELECT p.id FROM products p WHERE p.id ",
            $which,
            " AND (CAST($2 AS TEXT) IS NULL OR p.user_id = $2 OR EXISTS (SELECT 1 FROM product_members m \
            WHERE m.product_id = p.id AND m.user_id = $2))",
            lock_in_order!("p"),
            ") AS held"
        )
    };
}

statements! {
    HOLD_PRODUCT = product!("= $1");
    HOLD_PRODUCT_OF_PBI = product!("= (SELECT product_id FROM pbis WHERE id = $1)");
    HOLD_PRODUCT_OF_STORY = product!("= (SELECT product_id FROM stories WHERE id = $1)");
    HOLD_PRODUCT_OF_TASK = product!("= (SELECT product_id FROM tasks WHERE id = $1)");
    HOLD_PRODUCT_OF_JOB = product!("= (SELECT product_id FROM claude_jobs WHERE id = $1)");
    HOLD_PRODUCTS_OF_JOBS = product!(among!(concat!("SELECT product_id FROM claude_jobs WHERE id ", listed!("$1"))));
}

#[async_trait]
impl Hold for DbTx {
    async fn hold(&mut self, of: Of<'_>, by: Option<&UserId>) -> Result<(), StoreError> {
        if ONE_WRITER {
            return Ok(());
        }
        let by = by.map(UserId::as_str);
        let (text, id) = match of {
            Of::Jobs(ids) => {
                let ids = Document(serde_json::json!(ids).to_string());
                for held in self.all(sqlx::query(HOLD_PRODUCTS_OF_JOBS).bind(ids).bind(by)).await? {
                    self.waited(Timestamp(Cells(&held).get("later")?));
                }
                return Ok(());
            }
            Of::Product(id) => (HOLD_PRODUCT, id.as_str()),
            Of::Pbi(id) => (HOLD_PRODUCT_OF_PBI, id.as_str()),
            Of::Story(id) => (HOLD_PRODUCT_OF_STORY, id.as_str()),
            Of::Task(id) => (HOLD_PRODUCT_OF_TASK, id.as_str()),
            Of::Job(id) => (HOLD_PRODUCT_OF_JOB, id.as_str()),
        };
        // Of what is not there nothing is held; whoever reads it next finds that out.
        if let Some(held) = self.one(sqlx::query(text).bind(id).bind(by)).await? {
            self.holds();
            self.waited(Timestamp(Cells(&held).get("later")?));
        }
        Ok(())
    }

    async fn hold_lane(&mut self, lane: &str) -> Result<(), StoreError> {
        match LANE_HELD {
            Some(held) => self.one(sqlx::query(held).bind(lane)).await.map(drop),
            None => Ok(()),
        }
    }
}
