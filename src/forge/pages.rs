//! Lists that come in pages. The pages are counted; an address that a forge names for the next one is not followed, so
//! that the token goes nowhere else.

use serde::de::DeserializeOwned;

use super::error::ForgeError;
use super::http::Http;

/// The most pages of a list that are read.
const PAGES: u32 = 20;
/// What a longer one is.
const MORE: ForgeError = ForgeError::TooLarge { what: "a list of more than 20 pages" };
/// As many entries of a part as Forgejo gives.
const PART: usize = 50;

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
        Err(MORE)
    }

    /// The first part of a list within something else of which `choose` makes something, where the forge names no next
    /// page: it ends with a part that has nothing, or with one that is not full when as many were read as there are.
    pub(super) async fn first_part<T: DeserializeOwned + Part, U>(
        &self,
        path: &str,
        mut choose: impl FnMut(T) -> Option<U> + Send,
    ) -> Result<Option<U>, ForgeError> {
        let mut read = 0;
        for page in 1..=PAGES {
            let reply = self.get(&format!("{path}?limit={PART}&page={page}")).await?;
            let part: T = reply.done()?;
            let entries = part.entries();
            read += entries;
            if let Some(chosen) = choose(part) {
                return Ok(Some(chosen));
            }
            // It may give fewer at once than it was asked for.
            let over = entries < PART && reply.total.is_none_or(|total| total <= read);
            if entries == 0 || over {
                return Ok(None);
            }
        }
        Err(MORE)
    }
}

/// A part of a list.
pub(super) trait Part {
    /// How many entries it has.
    fn entries(&self) -> usize;
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
