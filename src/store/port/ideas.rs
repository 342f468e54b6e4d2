//! Ideas.

use async_trait::async_trait;

use crate::domain::id::{IdeaId, UserId};
use crate::store::{IdeaRecord, NewIdea, Stamp, StoreError};

/// Ideas.
#[async_trait]
pub trait Ideas {
    /// Adds an idea, DRAFT. Its code is unique with its user.
    async fn add_idea(&mut self, new: &NewIdea, stamp: &Stamp) -> Result<(), StoreError>;
    /// The next number for the code of an idea of this user, from 1; never given twice.
    async fn next_idea_number(&mut self, user: &UserId) -> Result<i64, StoreError>;
    /// An idea, whoever it belongs to. In a transaction that writes, its row is locked.
    async fn idea(&mut self, id: &IdeaId) -> Result<Option<IdeaRecord>, StoreError>;
}
