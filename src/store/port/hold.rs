//! What a transaction that writes several rows holds from its beginning to its end.

use async_trait::async_trait;

use crate::domain::id::{JobId, PbiId, ProductId, StoryId, TaskId, UserId};
use crate::store::StoreError;

/// Something that belongs to a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of<'a> {
    /// The product itself.
    Product(&'a ProductId),
    /// A backlog item.
    Pbi(&'a PbiId),
    /// A story.
    Story(&'a StoryId),
    /// A task.
    Task(&'a TaskId),
    /// A job.
    Job(&'a JobId),
    /// Jobs, of one product or several.
    Jobs(&'a [JobId]),
}

/// Deciding alone.
#[async_trait]
pub trait Hold {
    /// Waits until no other transaction holds this thing's product, and holds it until this transaction ends.
    ///
    /// Whoever writes what is derived from several rows (a story from its tasks, a run from its jobs), or moves more
    /// than one job, begins with it: so that two who each change one of these rows see each other's change, and
    /// nobody waits in a circle. A claim and a note move one job, and need not.
    ///
    /// What user `by` may not see is not held, so that nobody keeps strangers waiting; nobody stands for the system. The
    /// transaction's time is that of its end: what waited writes no time before those whom it waited for.
    async fn hold(&mut self, of: Of<'_>, by: Option<&UserId>) -> Result<(), StoreError>;

    /// Waits until no other transaction holds that lane of effects, and holds it until this transaction ends. Two products
    /// that publish the same branch of one repository share a lane, and no product.
    ///
    /// Whoever moves an effect of a lane asks for it once its product is held, and before the effect's row is locked: so
    /// nobody waits in a circle for one lane. Who adds one holds its lane by adding it, and whoever moves a publication holds
    /// that of its branch before he locks its row. Two who want the same two lanes the other way around are told apart by the
    /// database, as after any deadlock.
    async fn hold_lane(&mut self, lane: &str) -> Result<(), StoreError>;
}
