//! Ideas.

use crate::domain::id::{IdeaId, ProductId, UserId};
use crate::domain::idea::Row;
use crate::domain::time::Timestamp;

/// An idea to be added.
#[derive(Debug, Clone)]
pub struct NewIdea {
    /// Which.
    pub id: IdeaId,
    /// Whose.
    pub user: UserId,
    /// The product it is about, if it is about one.
    pub product: Option<ProductId>,
    /// Its code, unique with its user.
    pub code: String,
    /// The title, 1 to 200 characters.
    pub title: String,
    /// More words, at most 4000 characters.
    pub description: Option<String>,
}

/// An idea.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdeaRecord {
    /// What the machine knows.
    pub row: Row,
    /// Whose.
    pub user: UserId,
    /// The product it is about, if it is about one.
    pub product: Option<ProductId>,
    /// Its code, unique with its user.
    pub code: String,
    /// The title.
    pub title: String,
    /// More words.
    pub description: Option<String>,
    /// Put away: lists leave it out.
    pub archived: bool,
    /// When it was written down.
    pub created_at: Timestamp,
}
