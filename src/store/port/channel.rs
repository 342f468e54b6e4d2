//! A channel that programs elsewhere listen on.

use async_trait::async_trait;

use crate::store::StoreError;

/// Where a relay sends what it reads from the outbox. What arrives there is a hint: it may be late, double or lost, and
/// the rows are the facts.
#[async_trait]
pub trait Channel: Send + Sync {
    /// Sends messages in their order, together; each has at most 7999 bytes.
    ///
    /// # Errors
    /// When it is not known that all of them were sent; the same ones will come again.
    async fn send(&self, messages: &[String]) -> Result<(), StoreError>;
}
