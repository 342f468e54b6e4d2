//! The name of a commit.

use std::fmt;

/// A full commit id: 40 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CommitId(String);

/// Text that is not a full commit id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a commit id is 40 lower-case hexadecimal digits")]
pub struct BadCommitId;

impl CommitId {
    /// Takes text for a commit id.
    ///
    /// # Errors
    /// [`BadCommitId`] unless it is 40 lower-case hexadecimal digits.
    pub fn new(text: impl Into<String>) -> Result<Self, BadCommitId> {
        let text = text.into();
        let hex = text.len() == 40 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if hex { Ok(Self(text)) } else { Err(BadCommitId) }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first ten digits, for people.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.get(..10).unwrap_or(&self.0)
    }
}

impl fmt::Display for CommitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for CommitId {
    type Error = BadCommitId;
    fn try_from(text: String) -> Result<Self, BadCommitId> {
        Self::new(text)
    }
}

impl std::str::FromStr for CommitId {
    type Err = BadCommitId;
    fn from_str(text: &str) -> Result<Self, BadCommitId> {
        Self::new(text)
    }
}

impl From<CommitId> for String {
    fn from(id: CommitId) -> String {
        id.0
    }
}
