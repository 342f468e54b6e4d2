//! An answer that came, and what it says.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::error::ForgeError;
use crate::domain::credential::Credential;
use crate::domain::shortened::shortened;

/// The most characters of a forge's words that are passed on.
const SAID_MAX: usize = 300;

/// An answer of a status that the caller has to judge: a success, or a refusal that may mean something.
pub(super) struct Reply {
    pub(super) status: u16,
    /// Whether it says that another page follows.
    pub(super) more: bool,
    /// How many entries all pages have together, if it says so.
    pub(super) total: Option<usize>,
    body: Vec<u8>,
    /// What it must not be shown with, whatever it repeats.
    token: Credential,
}

/// What the headers of an answer say of further pages.
pub(super) struct Paging<'a> {
    pub(super) link: Option<&'a str>,
    pub(super) total: Option<&'a str>,
}

/// How forges put their errors.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Said {
    message: Option<String>,
    errors: Vec<serde_json::Value>,
}

impl Reply {
    pub(super) fn new(status: u16, pages: Paging<'_>, body: Vec<u8>, token: Credential) -> Self {
        let next = |link: &str| link.split(',').any(|part| part.contains("rel=\"next\""));
        let total = pages.total.and_then(|total| total.parse().ok());
        Self { status, more: pages.link.is_some_and(next), total, body, token }
    }

    /// Whether what was asked for was done.
    pub(super) fn is_done(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// What it says of an error, in its own words, short and without the token; nothing when it is a success.
    pub(super) fn said(&self) -> String {
        if self.is_done() { String::new() } else { shown(&self.token.hide(&self.words())) }
    }

    fn words(&self) -> String {
        let said: Said = serde_json::from_slice(&self.body).unwrap_or_default();
        let mut words: Vec<String> = said.message.into_iter().collect();
        for error in said.errors {
            match error.get("message").unwrap_or(&error) {
                serde_json::Value::String(text) => words.push(text.clone()),
                other => words.push(other.to_string()),
            }
        }
        if words.is_empty() {
            return String::from_utf8_lossy(&self.body).into_owned();
        }
        words.join("; ")
    }

    /// Its content.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, ForgeError> {
        serde_json::from_slice(&self.body)
            // What does not fit is repeated in the text.
            .map_err(|error| ForgeError::Shape {
                why: shown(&self.token.hide(&error.to_string())),
                status: self.status,
            })
    }

    /// Its content if it is a success; else the refusal.
    pub(super) fn done<T: DeserializeOwned>(&self) -> Result<T, ForgeError> {
        if self.is_done() { self.json() } else { Err(self.refused()) }
    }

    /// The refusal that it is, when it means nothing in particular.
    pub(super) fn refused(&self) -> ForgeError {
        ForgeError::Invalid { why: shown(&format!("status {}: {}", self.status, self.said())) }
    }
}

/// The text on one line, without what changes how a line looks, and not too long.
pub(super) fn shown(text: &str) -> String {
    let hidden =
        |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}');
    let plain = |c: char| if c.is_control() || hidden(c) { ' ' } else { c };
    let line: String = text.chars().map(plain).collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    shortened(&line, SAID_MAX)
}
