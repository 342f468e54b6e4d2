//! What was kept of attempts before their worktrees went.

use async_trait::async_trait;

use crate::domain::id::{JobId, UserId};
use crate::domain::time::Timestamp;
use crate::store::{NewSalvage, SalvageRecord, StoreError};

/// Salvaged work.
#[async_trait]
pub trait Salvages {
    /// Notes what was kept of an attempt. Of one that was salvaged before it replaces the note: the new commit stands
    /// before the old one.
    async fn note_salvage(&mut self, new: &NewSalvage) -> Result<(), StoreError>;
    /// What is still kept of the user's jobs, newest first, salvaged up to this moment, at most `limit`.
    async fn kept_salvages(
        &mut self,
        user: &UserId,
        upto: Timestamp,
        limit: u32,
    ) -> Result<Vec<SalvageRecord>, StoreError>;
    /// What is still kept of a job's attempts, first to last.
    async fn salvages_of(&mut self, job: &JobId) -> Result<Vec<SalvageRecord>, StoreError>;
    /// Notes that it was restored, now; false when that commit is not what is kept of that attempt.
    async fn note_restored(&mut self, kept: &NewSalvage) -> Result<bool, StoreError>;
    /// Notes that it is no longer kept; false when that commit is not what is kept of that attempt.
    async fn note_pruned(&mut self, kept: &NewSalvage) -> Result<bool, StoreError>;
}
