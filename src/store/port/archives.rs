//! What leaves the database for an archive: what may, what it is, and what stays of it.

use async_trait::async_trait;

use crate::domain::id::{JobId, UserId};
use crate::domain::time::Timestamp;
use crate::store::{ArchiveRecord, ArchivedRow, Leaving, LeftRow, NewArchive, StoreError};

/// Records of archives and the seals of their rows, written and read. None is ever changed.
#[async_trait]
pub trait Archives {
    /// The last archive.
    async fn last_archive(&mut self) -> Result<Option<ArchiveRecord>, StoreError>;

    /// Archives after number `after`, in order, at most `limit`.
    async fn archives(&mut self, after: i64, limit: u32) -> Result<Vec<ArchiveRecord>, StoreError>;

    /// Records an archive, after the one with the number `after` (0: none), which has to be the last.
    ///
    /// # Errors
    /// [`StoreError::Lost`] when it is not.
    async fn add_archive(&mut self, after: i64, new: NewArchive) -> Result<ArchiveRecord, StoreError>;

    /// Seals the first `rows` rows of an entity as rows of that archive; how many that were.
    async fn seal(&mut self, machine: &str, entity: &str, rows: i64, archive: i64)
    -> Result<u64, StoreError>;

    /// The name of the archive that has a job of this user's, and when it was recorded. Of a job of anybody else's nothing.
    async fn archive_of_job(
        &mut self,
        job: &JobId,
        user: &UserId,
    ) -> Result<Option<(String, Timestamp)>, StoreError>;

    /// Seals after `seq`, in order, at most `limit`.
    async fn archived_rows(&mut self, seq: i64, limit: u32) -> Result<Vec<ArchivedRow>, StoreError>;

    /// Seals of a machine's entities, one entity after another by the bytes of their ids, each first to last; from behind
    /// row `after` of `entity` on, at most `limit`.
    async fn archived_histories(
        &mut self,
        machine: &str,
        entity: &str,
        after: i64,
        limit: u32,
    ) -> Result<Vec<ArchivedRow>, StoreError>;
}

/// Jobs and effects that ended long ago. Why one stays is one of these words: `open` (it has not ended), `young` (it has
/// ended, not long enough ago), `sealed` (it is in an archive, and was not yet removed), `run` (its run has not ended),
/// `given_up`, `effect`, `idea`, `cause`, `worktree`, `attempt` (which refers to it and stays), `lane` (of an effect: one
/// before it in its lane stays).
#[async_trait]
pub trait Leavers {
    /// The jobs behind the id `after` in the order of their ids, at most `limit`, each with why it stays when only what
    /// ended before that time may leave; with `later` as if the effects that may leave had left.
    async fn jobs_leaving(
        &mut self,
        before: Timestamp,
        later: bool,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Leaving>, StoreError>;

    /// The same of effects. Those leave that are done or that a person dismissed.
    async fn effects_leaving(
        &mut self,
        before: Timestamp,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Leaving>, StoreError>;

    /// Why a sealed job stays nevertheless; nothing when nothing holds it, or when it is gone. Its row is locked, and
    /// whatever may change of it without.
    async fn job_stays(&mut self, job: &str) -> Result<Option<String>, StoreError>;

    /// The same of an effect.
    async fn effect_stays(&mut self, effect: &str) -> Result<Option<String>, StoreError>;

    /// A job with all rows that belong to it alone, itself first; nothing when it is gone. Tokens and answers to requests
    /// are no part of it.
    async fn job_left(&mut self, job: &str) -> Result<Vec<LeftRow>, StoreError>;

    /// An effect; nothing when it is gone.
    async fn effect_left(&mut self, effect: &str) -> Result<Vec<LeftRow>, StoreError>;

    /// Removes a job with all rows that belong to it alone, the tokens of its attempts among them, but not their ledger.
    async fn remove_job(&mut self, job: &str) -> Result<(), StoreError>;

    /// Removes an effect.
    async fn remove_effect(&mut self, effect: &str) -> Result<(), StoreError>;

    /// Removes an entity's rows of the ledger, each of which has to be sealed; how many that were.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when one is not.
    async fn remove_history(&mut self, machine: &str, entity: &str) -> Result<u64, StoreError>;
}
