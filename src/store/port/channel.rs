//! The channel of a database that has one, on which programs elsewhere listen.

use async_trait::async_trait;

use crate::store::StoreError;

/// What is said on the channel is heard when the transaction is committed, and not heard when it is undone. It is a hint
/// to who listens just then: the rows are the facts.
#[async_trait]
pub trait Channel {
    /// Says the messages in their order; each has at most 7999 bytes. False when the database has no channel.
    async fn say(&mut self, messages: &[String]) -> Result<bool, StoreError>;
}
