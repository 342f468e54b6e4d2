//! What is to be done outside of the database.

use async_trait::async_trait;

use crate::domain::effect::{Kind, Status};
use crate::domain::id::{EffectId, JobId, UserId};
use crate::domain::time::{Millis, Timestamp};
use crate::store::{Added, EffectCount, EffectOutcome, EffectRecord, NewEffect, Stamp, StoreError};

/// Effects. Who ends one of a lane holds its product and its lane, as who adds one does: so that none is left behind one
/// that is over.
#[async_trait]
pub trait Effects {
    /// Adds an effect, PENDING, at the end of its lane; nothing when one with its key is there, wherever that is by now.
    ///
    /// # Errors
    /// [`StoreError::Lost`] when another transaction adds one with its key at this moment.
    async fn add_effect(&mut self, new: &NewEffect, stamp: &Stamp) -> Result<Added, StoreError>;
    /// An effect. In a transaction that writes, its row is locked.
    async fn effect(&mut self, id: &EffectId) -> Result<Option<EffectRecord>, StoreError>;

    /// Effects of a kind that can be tried now, on that machine alone or, without one, on any; the first due first, at
    /// most `limit`. A transaction that writes locks them, and passes over those that another one has locked.
    async fn due_effects(
        &mut self,
        kind: Kind,
        host: Option<&str>,
        limit: u32,
    ) -> Result<Vec<EffectRecord>, StoreError>;
    /// Effects of a kind that are due since before that time and that one machine alone can do, another one than that;
    /// machine by machine, the first due first, at most `limit`; locked as those that are due.
    async fn abandoned_effects(
        &mut self,
        kind: Kind,
        here: &str,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<EffectRecord>, StoreError>;
    /// Effects whose process gave no sign of life until their lease ran out, the oldest lease first, at most `limit`; locked
    /// as those that are due.
    async fn expired_effects(&mut self, limit: u32) -> Result<Vec<EffectRecord>, StoreError>;
    /// Notes a sign of life of the process that runs that try, from now on for `lease`; false when it is not the one that
    /// runs.
    async fn renew_effect(&mut self, id: &EffectId, number: u32, lease: Millis) -> Result<bool, StoreError>;
    /// The effects that follow from these jobs, oldest first, at most `limit`, with what was learned of each.
    async fn effects_of_jobs(&mut self, jobs: &[JobId], limit: u32)
    -> Result<Vec<EffectOutcome>, StoreError>;
    /// Whether one that comes after it in its lane was tried already.
    async fn lane_went_on(&mut self, id: &EffectId) -> Result<bool, StoreError>;

    /// The effects in a status that the user can see, newest first, at most `limit`.
    async fn effects_in(
        &mut self,
        user: &UserId,
        status: Status,
        limit: u32,
    ) -> Result<Vec<EffectRecord>, StoreError>;
    /// Those that were given up on at that time at the latest and that the user can see, oldest first, after that one, at
    /// most `limit`.
    async fn given_up_effects(
        &mut self,
        user: &UserId,
        until: Timestamp,
        after: Option<&EffectId>,
        limit: u32,
    ) -> Result<Vec<EffectId>, StoreError>;
    /// Counts what is not DONE by status and kind: of all products, or of those that the user can see.
    async fn count_effects(&mut self, user: Option<&UserId>) -> Result<Vec<EffectCount>, StoreError>;
}
