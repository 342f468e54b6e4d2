//! The access token, checked without being repeated.

use super::ConfigError;
use crate::cli::wiring::Secret;

/// Takes text for an access token.
pub(super) fn secret(name: &str, from: &str, text: String) -> Result<Secret, ConfigError> {
    if (1..=512).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic()) {
        return Ok(Secret::shown(text));
    }
    Err(ConfigError::Value {
        name: name.to_owned(),
        from: from.to_owned(),
        why: "is not a token: it has 1 to 512 visible ASCII characters and no spaces".to_owned(),
    })
}
