//! What models cost.

use async_trait::async_trait;

use crate::store::{PriceRecord, StoreError};

/// Prices of models.
#[async_trait]
pub trait Prices {
    /// Sets the price of a model, in the place of the one it had.
    async fn set_price(&mut self, price: &PriceRecord) -> Result<(), StoreError>;
    /// The prices, by model, at most `limit`.
    async fn prices(&mut self, limit: u32) -> Result<Vec<PriceRecord>, StoreError>;
}
