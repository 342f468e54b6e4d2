//! A secret text: a token or a password. It can be used, and cannot be printed, compared or stored by accident.

use std::fmt;

/// A secret. `Debug` says only that there is one; there is no `Display`, no comparison and no serialization.
#[derive(Clone)]
pub struct Credential(String);

/// Text that can be no secret of a host. It does not repeat the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a credential is 1 to 4096 visible characters of ASCII without spaces")]
pub struct BadCredential;

impl Credential {
    /// The most bytes a secret may have.
    pub const MAX: usize = 4096;

    /// Takes text for a secret; white space at its ends, as files have it, is no part of it.
    ///
    /// # Errors
    /// [`BadCredential`] for what could not stand in a header of HTTP.
    pub fn new(text: impl AsRef<str>) -> Result<Self, BadCredential> {
        let text = text.as_ref().trim();
        let plain = !text.is_empty() && text.len() <= Self::MAX && text.bytes().all(|b| b.is_ascii_graphic());
        if plain { Ok(Self(text.to_owned())) } else { Err(BadCredential) }
    }

    /// The secret itself, to be handed to whom it is for and to nobody else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The text with `***` wherever the secret stood. What the other side said is shown only after this.
    #[must_use]
    pub fn hide(&self, text: &str) -> String {
        text.replace(&self.0, "***")
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(***)")
    }
}
