//! Questions of agents to people.

use crate::domain::id::{IdeaId, ProductId, RunId, StoryId, TaskId};
use crate::domain::question::{Open, Question, Row};
use crate::domain::time::Timestamp;

/// What a question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A story.
    Story {
        /// The story.
        story: StoryId,
        /// The one of its tasks that it came up with.
        task: Option<TaskId>,
    },
    /// An idea.
    Idea(IdeaId),
    /// A run that waits for the answer.
    Run(RunId),
}

/// A question to be added.
#[derive(Debug, Clone)]
pub struct NewQuestion {
    /// The question as its machine knows it.
    pub question: Question<Open>,
    /// The product, whose people see it.
    pub product: ProductId,
    /// What it is about.
    pub about: About,
    /// Its words, 1 to 4000 characters.
    pub text: String,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionRecord {
    /// What the machine knows.
    pub row: Row,
    /// The product, whose people see it.
    pub product: ProductId,
    /// What it is about.
    pub about: About,
    /// Its words.
    pub text: String,
    /// When it was asked.
    pub created_at: Timestamp,
}
