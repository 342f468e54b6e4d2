//! Questions of agents to people.

use async_trait::async_trait;

use crate::domain::id::QuestionId;
use crate::store::{NewQuestion, QuestionRecord, Stamp, StoreError};

/// Questions.
#[async_trait]
pub trait Questions {
    /// Adds a question, open. A run waits for one answer at a time.
    async fn add_question(&mut self, new: &NewQuestion, stamp: &Stamp) -> Result<(), StoreError>;
    /// A question, whoever asked. In a transaction that writes, its row is locked.
    async fn question(&mut self, id: &QuestionId) -> Result<Option<QuestionRecord>, StoreError>;
}
