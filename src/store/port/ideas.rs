//! Ideas.

use async_trait::async_trait;

use crate::domain::id::IdeaId;
use crate::store::{IdeaRecord, NewIdea, Stamp, StoreError};

/// Ideas.
#[async_trait]
pub trait Ideas {
    /// Adds an idea, DRAFT. Its code is unique with its user.
    async fn add_idea(&mut self, new: &NewIdea, stamp: &Stamp) -> Result<(), StoreError>;
    /// An idea, whoever it belongs to. In a transaction that writes, its row is locked.
    async fn idea(&mut self, id: &IdeaId) -> Result<Option<IdeaRecord>, StoreError>;
}
