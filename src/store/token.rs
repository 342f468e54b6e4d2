//! Access tokens: 256 random bits that are shown once, and the hash that is kept.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

const PREFIX: &str = "sg_";

/// A plain token. It cannot be printed by accident, and is compared in constant time.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Takes text that a caller showed for a token.
    #[must_use]
    pub fn shown(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Makes a new token from the system's randomness.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn fresh() -> Result<Self, getrandom::Error> {
        let mut bits = [0_u8; 32];
        getrandom::fill(&mut bits)?;
        Ok(Self(format!("{PREFIX}{}", super::hash::hex(&bits))))
    }

    /// The text, for the one place that shows or sends it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The hash that is kept instead (`original` 3: hexadecimal SHA-256).
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash(super::hash::hex(&Sha256::digest(self.0.as_bytes())))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

/// The hash under which a token is kept.
#[derive(Debug, Clone)]
pub struct TokenHash(String);

impl TokenHash {
    /// The hash as 64 hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
