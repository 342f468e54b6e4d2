//! What a worker is told of its task and of what stands above it, read at once.

use crate::domain::backlog::{pbi, sprint};
use crate::domain::id::{PbiId, SprintId, StoryId};

/// A task with what stands above it, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// The task's code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub description: Option<String>,
    /// 1 is the most urgent.
    pub priority: i64,
    /// Its own repository, where it has one.
    pub repo_url: Option<String>,
    /// Its story.
    pub story: StoryId,
    /// The story's code.
    pub story_code: String,
    /// The story's title.
    pub story_title: String,
    /// What the story is about.
    pub story_description: Option<String>,
    /// When it is good enough.
    pub acceptance_criteria: Option<String>,
    /// Its backlog item.
    pub pbi: PbiId,
    /// The item's code.
    pub pbi_code: String,
    /// The item's title.
    pub pbi_title: String,
    /// The item's priority.
    pub pbi_priority: i64,
    /// Where the item is.
    pub pbi_status: pbi::Status,
    /// The story's sprint with its goal and where it is.
    pub sprint: Option<(SprintId, String, sprint::Status)>,
    /// The product's name.
    pub product_name: String,
    /// The product's repository.
    pub product_repo_url: Option<String>,
    /// What the product calls done.
    pub definition_of_done: String,
}
