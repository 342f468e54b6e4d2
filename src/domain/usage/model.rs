//! A model's id, in the one spelling that prices and reports use.

use std::fmt;

/// The id of a model, as in `claude-opus-4-7-1m`: 1 to 200 visible ASCII characters without brackets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ModelId(String);

/// Text that is no model's id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a model id has 1 to {} visible ASCII characters", ModelId::MAX)]
pub struct BadModelId;

impl ModelId {
    /// The most characters it may have (`original` 6).
    pub const MAX: usize = 200;

    /// Takes text for a model's id. A variant in brackets becomes a suffix: `x[1m]` is `x-1m` (`original` 12).
    ///
    /// # Errors
    /// [`BadModelId`] when it is empty, too long, or has other characters than visible ASCII.
    pub fn new(text: &str) -> Result<Self, BadModelId> {
        if text.len() > Self::MAX || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(BadModelId);
        }
        let plain: String =
            text.chars().filter(|c| *c != ']').map(|c| if c == '[' { '-' } else { c }).collect();
        if plain.is_empty() { Err(BadModelId) } else { Ok(Self(plain)) }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for ModelId {
    type Error = BadModelId;
    fn try_from(text: String) -> Result<Self, BadModelId> {
        Self::new(&text)
    }
}

impl From<ModelId> for String {
    fn from(id: ModelId) -> String {
        id.0
    }
}
