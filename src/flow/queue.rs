//! `check_queue_empty`: how many jobs are open, and how many can be claimed now.

use super::wire::{CheckQueueEmpty, QueueAnswer};
use super::{FlowError, Session, Sprintgate, text};
use crate::domain::id::ProductId;

impl Sprintgate {
    /// Counts the user's open jobs.
    ///
    /// # Errors
    /// `NOT_FOUND` for a product that the user cannot see.
    pub async fn check_queue_empty(
        &self,
        session: &Session,
        ask: CheckQueueEmpty,
    ) -> Result<QueueAnswer, FlowError> {
        let mut tx = self.store.read().await?;
        let caller = self.caller(&mut *tx, session).await?;
        caller.may_write()?;
        caller.may_read()?;
        let mut counts = tx.remaining(caller.user()).await?;
        let mut by_product = None;
        match &ask.product_id {
            Some(given) => {
                let id: ProductId = text::id("product_id", given)?;
                let seen = tx.product(caller.user(), &id).await?;
                seen.ok_or_else(|| FlowError::not_found("product", given))?;
                counts.retain(|count| count.product == id);
            }
            None => by_product = Some(counts.iter().map(|c| (c.product.to_string(), c.open)).collect()),
        }
        let remaining = counts.iter().map(|count| count.open).sum();
        let claimable = counts.iter().map(|count| count.claimable).sum();
        Ok(QueueAnswer { empty: remaining == 0, remaining, claimable, by_product })
    }
}
