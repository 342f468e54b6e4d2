//! Lists that come in pages. The pages are counted; an address that a forge names for the next one is not followed, so
//! that the token goes nowhere else.

use serde::de::DeserializeOwned;

use super::error::ForgeError;
use super::http::Http;

/// The most pages of a list that are read.
const PAGES: u32 = 20;

impl Http {
    /// The first entry of a list that `choose` makes something of. `path` ends in its query.
    pub(super) async fn first<T: DeserializeOwned, U>(
        &self,
        path: &str,
        mut choose: impl FnMut(T) -> Option<U> + Send,
    ) -> Result<Option<U>, ForgeError> {
        self.first_page(path, |entries: Vec<T>| entries.into_iter().find_map(&mut choose)).await
    }

    /// The first page of which `choose` makes something.
    pub(super) async fn first_page<T: DeserializeOwned, U>(
        &self,
        path: &str,
        mut choose: impl FnMut(T) -> Option<U> + Send,
    ) -> Result<Option<U>, ForgeError> {
        for page in 1..=PAGES {
            let reply = self.get(&format!("{path}&page={page}")).await?;
            if let Some(chosen) = choose(reply.done()?) {
                return Ok(Some(chosen));
            }
            if !reply.more {
                return Ok(None);
            }
        }
        Err(ForgeError::TooLarge { what: "a list of more than 20 pages" })
    }
}

/// Text as a value in a query.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
