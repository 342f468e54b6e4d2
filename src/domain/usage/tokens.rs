//! Numbers of tokens, by how they are priced.

use serde::{Deserialize, Serialize};

use super::count::Count;

/// Tokens of one model. Sums stop at `u64::MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Tokens {
    /// Read, and in no cache.
    pub input: u64,
    /// Written by the model.
    pub output: u64,
    /// Read from a cache.
    pub cache_read: u64,
    /// Written to a cache.
    pub cache_write: u64,
}

/// Tokens as a transcript spells them, or as they are spelled here.
#[derive(Deserialize)]
struct Written {
    #[serde(default, alias = "input")]
    input_tokens: Count,
    #[serde(default, alias = "output")]
    output_tokens: Count,
    #[serde(default, alias = "cache_read")]
    cache_read_input_tokens: Count,
    #[serde(default, alias = "cache_write")]
    cache_creation_input_tokens: Count,
}

impl From<Written> for Tokens {
    fn from(written: Written) -> Self {
        Self {
            input: written.input_tokens.0,
            output: written.output_tokens.0,
            cache_read: written.cache_read_input_tokens.0,
            cache_write: written.cache_creation_input_tokens.0,
        }
    }
}

impl Tokens {
    /// Whether there is none.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }

    /// Both together.
    #[must_use]
    pub fn and(self, more: Self) -> Self {
        self.each(more, u64::saturating_add)
    }

    /// Of each kind the larger number: the tokens of one message that was told more than once, the first times
    /// perhaps before it was whole.
    #[must_use]
    pub fn at_least(self, other: Self) -> Self {
        self.each(other, u64::max)
    }

    fn each(self, other: Self, f: fn(u64, u64) -> u64) -> Self {
        Self {
            input: f(self.input, other.input),
            output: f(self.output, other.output),
            cache_read: f(self.cache_read, other.cache_read),
            cache_write: f(self.cache_write, other.cache_write),
        }
    }
}
