//! A repository of a forge.

use std::fmt;

use crate::domain::remote::{RemoteUrl, Transport};

/// `owner/name`. Both are safe as parts of a path in an address.
#[derive(Debug, Clone, Eq)]
pub struct RepoPath {
    owner: String,
    name: String,
}

/// Text that names no repository of a forge.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a repository of a forge: it is owner/name, of letters, digits and . _ -")]
pub struct BadRepoPath;

impl RepoPath {
    /// Takes two texts for an owner and a name.
    ///
    /// # Errors
    /// [`BadRepoPath`] if one of them is empty, too long, a dot or has other characters than forges allow.
    pub fn new(owner: &str, name: &str) -> Result<Self, BadRepoPath> {
        if !is_part(owner) || !is_part(name) {
            return Err(BadRepoPath);
        }
        Ok(Self { owner: owner.to_owned(), name: name.to_owned() })
    }

    /// The repository at that address; none for a path of this machine or one that is not `owner/name`.
    #[must_use]
    pub fn of(url: &RemoteUrl) -> Option<Self> {
        let path = (url.transport() != Transport::File).then(|| url.path())?;
        path.parse().ok()
    }

    /// The user or organization.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The name under its owner.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Forges tell no two repositories apart by the case of their letters.
impl PartialEq for RepoPath {
    fn eq(&self, other: &Self) -> bool {
        self.owner.eq_ignore_ascii_case(&other.owner) && self.name.eq_ignore_ascii_case(&other.name)
    }
}

fn is_part(text: &str) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
    (1..=100).contains(&text.len()) && plain && !text.bytes().all(|b| b == b'.')
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

impl std::str::FromStr for RepoPath {
    type Err = BadRepoPath;
    fn from_str(text: &str) -> Result<Self, BadRepoPath> {
        let (owner, name) = text.split_once('/').ok_or(BadRepoPath)?;
        Self::new(owner, name)
    }
}
