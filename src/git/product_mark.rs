//! What the server itself remembers of products' worktrees, where agents cannot reach: whether one is whole, and of
//! which remote.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use super::error::GitError;
use super::place::Place;
use super::product_place::{PRODUCTS, ProductPlace};
use super::record::durably;
use super::settings::Git;

/// What is known of a product's worktree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    /// Nothing.
    None,
    /// It is being made, reset or removed, or that never came to an end.
    Making,
    /// It is whole.
    Made {
        /// The attempt that was given it.
        user: Place,
        /// The address of its remote.
        url: String,
    },
}

impl Mark {
    fn parse(text: &str) -> Self {
        let made = text.strip_suffix('\n').and_then(|line| line.strip_prefix("made "));
        let both = made.and_then(|made| made.split_once(' '));
        let both = both.and_then(|(user, url)| Some((Place::parse(user)?, url.to_owned())));
        both.map_or(Self::Making, |(user, url)| Self::Made { user, url })
    }

    fn text(&self) -> String {
        match self {
            Self::None | Self::Making => "making\n".to_owned(),
            Self::Made { user, url } => format!("made {} {url}\n", user.folder()),
        }
    }
}

impl Git {
    pub(super) fn product_mark(&self, place: &ProductPlace) -> Result<Mark, GitError> {
        let path = self.product_note(place);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Mark::parse(&text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Mark::None),
            Err(source) => Err(GitError::Io { what: "read", path, source }),
        }
    }

    /// The address of the remote whose vault a product's worktree borrows from; none when it is not whole.
    #[must_use]
    pub fn remote_of_product(&self, place: &ProductPlace) -> Option<String> {
        match self.product_mark(place) {
            Ok(Mark::Made { url, .. }) => Some(url),
            _ => None,
        }
    }

    /// The attempt that was given the worktree last; none when it is not whole.
    ///
    /// # Errors
    /// [`GitError::Io`] when what is noted cannot be read: then nobody knows whether it is.
    pub fn user_of_product(&self, place: &ProductPlace) -> Result<Option<Place>, GitError> {
        Ok(match self.product_mark(place)? {
            Mark::Made { user, .. } => Some(user),
            Mark::None | Mark::Making => None,
        })
    }

    pub(super) fn mark_product(&self, place: &ProductPlace, mark: &Mark) -> Result<(), GitError> {
        let path = self.product_note(place);
        let new = path.with_extension("new");
        durably(&new, &path, &mark.text()).map_err(GitError::io("write", path))
    }

    pub(super) fn forget_product(&self, place: &ProductPlace) -> Result<(), GitError> {
        for path in [self.product_index(place), self.product_note(place)] {
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
    pub(super) fn product_index(&self, place: &ProductPlace) -> PathBuf {
        self.product_note(place).with_extension("index")
    }

    /// No attempt's note has such a name, because no id begins so.
    fn product_note(&self, place: &ProductPlace) -> PathBuf {
        self.settings().vault_root.join("places").join(format!("{PRODUCTS}-{}", place.folder()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_again_and_half_of_one_is_none() {
        let user = Place::parse("grill-a1").unwrap();
        for mark in [Mark::Making, Mark::Made { user, url: "https://example.org/made ".to_owned() }] {
            assert_eq!(Mark::parse(&mark.text()), mark);
        }
        for half in
            ["", "made", "made ", "made grill-a1\n", "made grill-a1 https://example.org/shop", "makin"]
        {
            assert_eq!(Mark::parse(half), Mark::Making, "{half:?}");
        }
    }
}
