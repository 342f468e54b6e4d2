//! A product, held by one transaction at a time: its row is locked before any other.

use async_trait::async_trait;

use super::dialect::{ONE_WRITER, lock};
use super::statement::statements;
use super::tx::DbTx;
use crate::store::{Hold, Of, StoreError};

statements! {
    HOLD_PRODUCT = concat!("SELECT id FROM products WHERE id = $1", lock!("products"));
    HOLD_PRODUCT_OF_PBI = concat!("SELECT id FROM products \
        WHERE id = (SELECT product_id FROM pbis WHERE id = $1)", lock!("products"));
    HOLD_PRODUCT_OF_STORY = concat!("SELECT id FROM products \
        WHERE id = (SELECT product_id FROM stories WHERE id = $1)", lock!("products"));
    HOLD_PRODUCT_OF_TASK = concat!("SELECT id FROM products \
        WHERE id = (SELECT product_id FROM tasks WHERE id = $1)", lock!("products"));
    HOLD_PRODUCT_OF_JOB = concat!("SELECT id FROM products \
        WHERE id = (SELECT product_id FROM claude_jobs WHERE id = $1)", lock!("products"));
}

#[async_trait]
impl Hold for DbTx {
    async fn hold(&mut self, of: Of<'_>) -> Result<(), StoreError> {
        if ONE_WRITER {
            return Ok(());
        }
        let (text, id) = match of {
            Of::Product(id) => (HOLD_PRODUCT, id.as_str()),
            Of::Pbi(id) => (HOLD_PRODUCT_OF_PBI, id.as_str()),
            Of::Story(id) => (HOLD_PRODUCT_OF_STORY, id.as_str()),
            Of::Task(id) => (HOLD_PRODUCT_OF_TASK, id.as_str()),
            Of::Job(id) => (HOLD_PRODUCT_OF_JOB, id.as_str()),
        };
        // Of what is not there nothing is held; whoever reads it next finds that out.
        self.one(sqlx::query(text).bind(id)).await.map(drop)
    }
}
