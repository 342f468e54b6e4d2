//! The key of a repository in rows that have its address as text.

use crate::domain::remote::RemoteUrl;

/// The [key](RemoteUrl::key) of the repository at that address; text that is no address is like itself only.
pub(crate) fn repo_key(url: &str) -> String {
    RemoteUrl::new(url).map_or_else(|_| url.to_owned(), |url| url.key())
}
