//! A story with all that is derived from it, read at once.

use crate::domain::id::{PbiId, SprintId, StoryId};
use crate::domain::rollup::Picture;

/// A story, what stands above it, and where all of these are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lineage {
    /// The story.
    pub story: StoryId,
    /// Its backlog item.
    pub pbi: PbiId,
    /// Its sprint.
    pub sprint: Option<SprintId>,
    /// Where they are, and what they are derived from. There is no run.
    pub picture: Picture,
}
