//! What is said on the database's channel.

use async_trait::async_trait;

use super::dialect::SAY;
use super::tx::DbTx;
use crate::store::{Channel, StoreError};

#[async_trait]
impl Channel for DbTx {
    async fn say(&mut self, messages: &[String]) -> Result<bool, StoreError> {
        let Some(text) = SAY else { return Ok(false) };
        if messages.is_empty() {
            return Ok(true);
        }
        let messages = serde_json::to_string(messages)
            .map_err(|error| StoreError::Inconsistent { what: format!("messages: {error}") })?;
        self.run(sqlx::query(text).bind(messages)).await.map(|_| true)
    }
}
