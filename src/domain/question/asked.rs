//! What is frozen when a question is asked: by whom, with which choice of answers, and how long it waits.

use super::words::Purpose;
use crate::domain::id::UserId;
use crate::domain::time::{Millis, Timestamp};

/// How long a question waits for an answer (`original` 2.8).
pub const TTL: Millis = Millis::minutes(24 * 60);
/// How long one about a merge does (`original` 2.8): a run that waits can wait over a weekend.
pub const TTL_MERGE_CONFLICT: Millis = Millis::minutes(7 * 24 * 60);
/// Answers that a question may offer (`original` 3.14).
pub const OPTIONS_MAX: usize = 8;

impl Purpose {
    /// How long such a question waits.
    #[must_use]
    pub fn ttl(self) -> Millis {
        match self {
            Self::Work => TTL,
            Self::MergeConflict | Self::UnverifiedMerge => TTL_MERGE_CONFLICT,
        }
    }
}

/// What was asked, but for its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The user behind the token that asked.
    pub asked_by: UserId,
    /// The answers to choose from.
    pub options: Options,
    /// The last moment at which it can be answered.
    pub expires_at: Timestamp,
}

impl Asked {
    /// Asks now; the purpose says how long the question waits.
    #[must_use]
    pub fn at(now: Timestamp, asked_by: UserId, options: Options, purpose: Purpose) -> Self {
        Self { asked_by, options, expires_at: now + purpose.ttl() }
    }
}

/// The answers to choose from: none when the answer is free, at most eight, none empty and none twice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options(Vec<String>);

/// Texts that are no choice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadOptions {
    /// There are too many.
    #[error("a question offers at most {OPTIONS_MAX} answers, and these are {found}")]
    TooMany {
        /// How many.
        found: usize,
    },
    /// One says nothing.
    #[error("answer {place} to choose from is empty")]
    Empty {
        /// Which, from 0.
        place: usize,
    },
    /// One stands there twice.
    #[error("answer {place} to choose from stands there twice")]
    Twice {
        /// Which, from 0: the second one.
        place: usize,
    },
}

impl Options {
    /// Takes texts for a choice, without the white space around them.
    ///
    /// # Errors
    /// [`BadOptions`], naming the first text that is none.
    pub fn new(texts: Vec<String>) -> Result<Self, BadOptions> {
        let found = texts.len();
        if found > OPTIONS_MAX {
            return Err(BadOptions::TooMany { found });
        }
        let mut options: Vec<String> = Vec::with_capacity(found);
        for (place, text) in texts.iter().map(|text| text.trim()).enumerate() {
            if text.is_empty() {
                return Err(BadOptions::Empty { place });
            }
            if options.iter().any(|option| option == text) {
                return Err(BadOptions::Twice { place });
            }
            options.push(text.to_owned());
        }
        Ok(Self(options))
    }

    /// Whether that text can be an answer: one of them, or any where there are none.
    #[must_use]
    pub fn allow(&self, answer: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|option| option == answer)
    }

    /// The texts, in the order in which they are shown.
    #[must_use]
    pub fn texts(&self) -> &[String] {
        &self.0
    }
}

impl From<Options> for Vec<String> {
    fn from(options: Options) -> Self {
        options.0
    }
}
