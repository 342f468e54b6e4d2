//! Names of the branches that jobs work on; by their type they cannot be an option, a refspec, a
//! path out of `refs/heads` or a branch that people own. Nothing here asks a repository.

use std::fmt;

use crate::domain::id::{JobId, RunId, StoryId};

/// The name of a branch that a job may work on and push, as in `feat/story-1a2b3c4d`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BranchName(String);

/// Text that may not name a job's branch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a branch for a job: {why}")]
pub struct BadBranchName {
    /// The rule it breaks.
    pub why: &'static str,
}

impl BranchName {
    /// The most bytes a name may have.
    pub const MAX: usize = 200;

    /// Takes text for a branch name.
    ///
    /// # Errors
    /// [`BadBranchName`] with the rule that it breaks.
    pub fn new(text: impl Into<String>) -> Result<Self, BadBranchName> {
        let text = text.into();
        match fault(&text) {
            None => Ok(Self(text)),
            Some(why) => Err(BadBranchName { why }),
        }
    }

    /// The branch that the jobs of a story share.
    #[must_use]
    pub fn story(id: &StoryId) -> Self {
        Self(format!("feat/story-{}", id.tail()))
    }

    /// The branch that the jobs of a sprint run share.
    #[must_use]
    pub fn run(id: &RunId) -> Self {
        Self(format!("feat/sprint-{}", id.tail()))
    }

    /// The branch of a job that shares with none.
    #[must_use]
    pub fn job(id: &JobId) -> Self {
        Self(format!("feat/job-{}", id.tail()))
    }

    /// The branch on which a merge of another branch is taken back, because of a job (`original` 8.1). Where the other
    /// one's name cannot be a part of it, the job's alone is.
    ///
    /// ```
    /// use sprintgate::domain::branch::BranchName;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let job = "0123456789abcdef".parse()?;
    /// assert_eq!(BranchName::revert("feat/story-1", &job).as_str(), "revert/feat/story-1-89abcdef");
    /// assert_eq!(BranchName::revert("feat/story 1", &job).as_str(), "revert/job-89abcdef");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn revert(branch: &str, job: &JobId) -> Self {
        let tail = job.tail();
        Self::new(format!("revert/{branch}-{tail}")).unwrap_or_else(|_| Self(format!("revert/job-{tail}")))
    }

    /// The name without `refs/heads/`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name with `refs/heads/` before it, the only form that goes into a refspec.
    #[must_use]
    pub fn full(&self) -> String {
        format!("refs/heads/{}", self.0)
    }
}

fn fault(text: &str) -> Option<&'static str> {
    if text.is_empty() || text.len() > BranchName::MAX {
        return Some("it needs 1 to 200 characters");
    }
    if !text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'/' | b'-')) {
        return Some("only a-z, A-Z, 0-9 and . _ / - are allowed");
    }
    if !text.bytes().next().is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        return Some("it starts with a lower-case letter or a digit");
    }
    if text.contains("..") {
        return Some("two dots are a range");
    }
    for part in text.split('/') {
        if part.is_empty() {
            return Some("no part between slashes is empty");
        }
        if part.starts_with(['.', '-']) {
            return Some("no part starts with a dot or a hyphen");
        }
        if part.ends_with('.') || part.to_ascii_lowercase().ends_with(".lock") {
            return Some("no part ends with a dot or .lock");
        }
    }
    let first = text.split('/').next().unwrap_or_default();
    if OWNED.iter().any(|name| text.eq_ignore_ascii_case(name)) {
        return Some("people own that branch");
    }
    if matches!(first, "refs" | "heads" | "tags" | "remotes") && text.contains('/') || first == "refs" {
        return Some("it reads as a full ref");
    }
    // git takes 40 hexadecimal digits for a commit wherever a branch is asked for
    if text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Some("it reads as a commit");
    }
    None
}

/// Names that no job may take, in whatever letter case (a file system may not tell them apart).
const OWNED: &[&str] = &["head", "main", "master"];

impl fmt::Display for BranchName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for BranchName {
    type Error = BadBranchName;
    fn try_from(text: String) -> Result<Self, BadBranchName> {
        Self::new(text)
    }
}

impl std::str::FromStr for BranchName {
    type Err = BadBranchName;
    fn from_str(text: &str) -> Result<Self, BadBranchName> {
        Self::new(text)
    }
}

impl From<BranchName> for String {
    fn from(name: BranchName) -> String {
        name.0
    }
}
