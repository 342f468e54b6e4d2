//! The texts of an idea: what its jobs write.

use crate::domain::time::Timestamp;

/// Characters that the answers of a grilling or a plan may have (`original` 3.26, 3.27).
pub const MARKDOWN_MAX: usize = 64_000;

/// A Markdown text of 1 to 64 000 characters, without control characters but tab and the ends of lines.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Markdown(String);

/// Text that cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadMarkdown {
    /// It says nothing, or too much.
    #[error("a text has 1 to {MARKDOWN_MAX} characters, and this has {found}")]
    BadLength {
        /// The characters given.
        found: usize,
    },
    /// It holds a character that no text has, as NUL.
    #[error("the text contains a control character")]
    ControlCharacter,
}

impl Markdown {
    /// Takes text.
    ///
    /// # Errors
    /// [`BadMarkdown`], naming what does not fit.
    pub fn new(text: impl Into<String>) -> Result<Self, BadMarkdown> {
        let text = text.into();
        let found = text.chars().count();
        if !(1..=MARKDOWN_MAX).contains(&found) {
            return Err(BadMarkdown::BadLength { found });
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
            return Err(BadMarkdown::ControlCharacter);
        }
        Ok(Self(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Markdown {
    type Error = BadMarkdown;
    fn try_from(text: String) -> Result<Self, BadMarkdown> {
        Self::new(text)
    }
}

impl From<Markdown> for String {
    fn from(text: Markdown) -> Self {
        text.0
    }
}

/// What a review said of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Its rounds and its verdict, as the JSON that the reviewer handed in.
    pub log: String,
    /// When it was handed in.
    pub at: Timestamp,
}
