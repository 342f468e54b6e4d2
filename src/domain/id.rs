//! Identifiers as types, so that a task's id cannot be handed where a job's belongs.
//!
//! An id is 1 to 64 characters of `a-z`, `0-9` and `-`, and starts with a letter or digit: safe as
//! part of a path, a ref and a URL. Nothing here makes ids; randomness comes from outside.

use std::fmt;

/// Text that is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a {what} id has 1 to 64 characters of a-z, 0-9 and '-' and starts with a letter or digit")]
pub struct BadId {
    /// Whose id was expected.
    pub what: &'static str,
}

fn well_formed(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes.first(), Some(b'a'..=b'z' | b'0'..=b'9'))
        && bytes.len() <= 64
        && bytes.iter().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident: $what:literal,)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes text for an id.
            ///
            /// # Errors
            /// [`BadId`] when it has other characters or another length than an id may have.
            pub fn new(text: impl Into<String>) -> Result<Self, BadId> {
                let text = text.into();
                if well_formed(&text) { Ok(Self(text)) } else { Err(BadId { what: $what }) }
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The last eight characters, which branch names carry (`original`: "last 8").
            #[must_use]
            pub fn tail(&self) -> &str {
                let start = self.0.len().saturating_sub(8);
                self.0.get(start..).unwrap_or(&self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                Self::new(text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    )+};
}

ids! {
    /// A person or organisation that owns products.
    UserId: "user",
    /// An access token's row (never the token itself).
    TokenId: "token",
    /// A worker process; several may share a token.
    WorkerId: "worker",
    /// A product.
    ProductId: "product",
    /// A product backlog item.
    PbiId: "pbi",
    /// A story.
    StoryId: "story",
    /// A task.
    TaskId: "task",
    /// A sprint.
    SprintId: "sprint",
    /// A sprint run.
    RunId: "sprint run",
    /// A job.
    JobId: "job",
    /// A task of a sprint job.
    ExecutionId: "task execution",
    /// An idea.
    IdeaId: "idea",
    /// A question.
    QuestionId: "question",
    /// The publication of a branch.
    PullRequestId: "pull request",
    /// An effect.
    EffectId: "effect",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_safe_in_paths_and_refs() {
        for good in ["a", "0199c2", "cl-1", &"x".repeat(64)] {
            assert!(JobId::new(good).is_ok(), "{good}");
        }
        for bad in ["", "-a", "../x", "A", "a/b", "a b", "a.lock", "é", "a\0", &"x".repeat(65)] {
            assert_eq!(JobId::new(bad), Err(BadId { what: "job" }), "{bad:?}");
        }
    }

    #[test]
    fn tail_is_the_last_eight_characters() {
        assert_eq!(JobId::new("0123456789abcdef").map(|id| id.tail().to_owned()), Ok("89abcdef".into()));
        assert_eq!(JobId::new("abc").map(|id| id.tail().to_owned()), Ok("abc".into()));
    }
}
