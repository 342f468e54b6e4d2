//! What the server itself remembers of products' worktrees, where agents cannot reach: whether one is whole, and of
//! which remote.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use crate::domain::id::ProductId;

use super::error::GitError;
use super::product_tree::PRODUCTS;
use super::settings::Git;

/// What is known of a product's worktree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    /// Nothing.
    None,
    /// It is being made, reset or removed, or that never came to an end.
    Making,
    /// It is whole, and of the remote at that address.
    Made(String),
}

impl Mark {
    fn parse(text: &str) -> Self {
        let made = text.strip_suffix('\n').and_then(|line| line.strip_prefix("made "));
        made.map_or(Self::Making, |url| Self::Made(url.to_owned()))
    }

    fn text(&self) -> String {
        match self {
            Self::None | Self::Making => "making\n".to_owned(),
            Self::Made(url) => format!("made {url}\n"),
        }
    }
}

impl Git {
    pub(super) fn product_mark(&self, product: &ProductId) -> Result<Mark, GitError> {
        let path = self.product_note(product);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Mark::parse(&text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Mark::None),
            Err(source) => Err(GitError::Io { what: "read", path, source }),
        }
    }

    /// The address of the remote whose vault a product's worktree borrows from; none when it is not whole.
    #[must_use]
    pub fn remote_of_product(&self, product: &ProductId) -> Option<String> {
        match self.product_mark(product) {
            Ok(Mark::Made(url)) => Some(url),
            _ => None,
        }
    }

    pub(super) fn mark_product(&self, product: &ProductId, mark: &Mark) -> Result<(), GitError> {
        let path = self.product_note(product);
        let new = path.with_extension("new");
        fs::write(&new, mark.text()).map_err(GitError::io("write", &new))?;
        fs::rename(&new, &path).map_err(GitError::io("write", path))
    }

    pub(super) fn forget_product(&self, product: &ProductId) -> Result<(), GitError> {
        for path in [self.product_index(product), self.product_note(product)] {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(GitError::io("remove", path)(error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The server's own index of the files that it wrote.
    pub(super) fn product_index(&self, product: &ProductId) -> PathBuf {
        self.product_note(product).with_extension("index")
    }

    /// No attempt's note has such a name, because no id begins so.
    fn product_note(&self, product: &ProductId) -> PathBuf {
        self.settings().vault_root.join("places").join(format!("{PRODUCTS}-{product}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_again_and_half_of_one_is_none() {
        for mark in [Mark::Making, Mark::Made("https://example.org/made ".to_owned())] {
            assert_eq!(Mark::parse(&mark.text()), mark);
        }
        for half in ["", "made", "made ", "made https://example.org/shop", "makin"] {
            assert_eq!(Mark::parse(half), Mark::Making, "{half:?}");
        }
    }
}
