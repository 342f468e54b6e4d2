//! What lies in the two roots. Looks at names, kinds and owners; goes into nothing, follows no link.

use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::process::geteuid;

use crate::domain::id::ProductId;
use crate::domain::machine::words;
use crate::domain::remote::RemoteUrl;

use super::error::GitError;
use super::inside::{Inside, open};
use super::place::Place;
use super::product_mark::Mark;
use super::product_place::{PRODUCTS, ProductPlace};
use super::record::State;
use super::settings::Git;

words! {
    /// Why something is not ours, so that nobody here touches it.
    pub enum Oddity: "oddity" {
        /// It has no name that we give.
        Name = "not_our_name",
        /// A link stands where a folder should be; it is not followed.
        Link = "link",
        /// It is not a folder.
        NotAFolder = "not_a_folder",
        /// The folder belongs to another user of this machine.
        Owner = "other_owner",
        /// It has a name as we give it, and we did not make it.
        NotMade = "not_made_here",
    }
}

/// What lies directly under the worktree root, or in its folder of products' worktrees.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    /// The folder of an attempt.
    Ours(Place),
    /// What the server noted of an attempt whose folder is gone.
    Notes(Place),
    /// A worktree that jobs about ideas of a product share.
    Product(ProductPlace),
    /// Anything else, by its name; nobody here touches it.
    Unknown {
        /// Its name, with a mark for each byte that is no text.
        name: String,
        /// What is odd about it.
        why: Oddity,
    },
}

/// What lies directly under the root of vaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shelved {
    /// A vault, and the address of its remote; none while it is half made.
    Vault {
        /// The name of its folder.
        name: String,
        /// The address.
        url: Option<RemoteUrl>,
    },
    /// What the server notes of worktrees, and its locks.
    Books(String),
    /// Anything else, by its name.
    Unknown {
        /// Its name, with a mark for each byte that is no text.
        name: String,
        /// What is odd about it.
        why: Oddity,
    },
}

impl Found {
    /// Its name under the root.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Ours(place) | Self::Notes(place) => place.folder(),
            Self::Product(place) => format!("{PRODUCTS}/{}", place.folder()),
            Self::Unknown { name, .. } => name.clone(),
        }
    }
}

impl Shelved {
    /// Its name under the root.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Vault { name, .. } | Self::Books(name) | Self::Unknown { name, .. } => name,
        }
    }
}

impl Git {
    /// Everything directly under the worktree root, each product's worktree, and every attempt that there are notes of; sorted.
    ///
    /// # Errors
    /// [`GitError::Io`] when a root cannot be read, [`GitError::BadRoot`] when the worktree root is no folder of ours
    /// any more.
    pub fn places(&self) -> Result<Vec<Found>, GitError> {
        let mut found = BTreeSet::new();
        let root = &self.settings().worktree_root;
        for (name, meta) in self.entries(root)? {
            if name == PRODUCTS && is_ours(&meta) {
                found.extend(self.products()?);
                continue;
            }
            found.insert(match (Place::parse(&name), oddity(&meta)) {
                (Some(place), None) => Found::Ours(place),
                (_, why) => Found::Unknown { name, why: why.unwrap_or(Oddity::Name) },
            });
        }
        let notes = self.settings().vault_root.join("places");
        for (name, _) in self.entries(&notes)? {
            let place = Place::parse(&name).filter(|place| !self.is_there(place));
            found.extend(place.map(Found::Notes));
        }
        Ok(found.into_iter().collect())
    }

    /// The folders that there are of a product, sorted, each with the attempt that was given it last; with none where its
    /// making, resetting or removal came to no end.
    ///
    /// # Errors
    /// As [`Git::places`].
    pub fn folders_of_product(
        &self,
        product: &ProductId,
    ) -> Result<Vec<(ProductPlace, Option<Place>)>, GitError> {
        let mut all = Vec::new();
        for found in self.products()? {
            if let Found::Product(place) = found
                && place.product == *product
            {
                let user = self.user_of_product(&place)?;
                all.push((place, user));
            }
        }
        all.sort();
        Ok(all)
    }

    /// Everything in the folder of products' worktrees; nothing when there is no such folder of ours.
    fn products(&self) -> Result<Vec<Found>, GitError> {
        let folder = self.settings().worktree_root.join(PRODUCTS);
        if !folder.symlink_metadata().is_ok_and(|meta| is_ours(&meta)) {
            return Ok(Vec::new());
        }
        Ok(self.entries(&folder)?.into_iter().map(|(name, meta)| self.of_product(name, &meta)).collect())
    }

    fn of_product(&self, name: String, meta: &Metadata) -> Found {
        let why = match (ProductPlace::parse(&name), oddity(meta)) {
            (_, Some(why)) => why,
            (None, None) => Oddity::Name,
            (Some(place), None) if self.product_mark(&place).is_ok_and(|mark| mark != Mark::None) => {
                return Found::Product(place);
            }
            (Some(_), None) => Oddity::NotMade,
        };
        Found::Unknown { name: format!("{PRODUCTS}/{name}"), why }
    }

    /// What there is of one attempt; none when there is nothing.
    ///
    /// # Errors
    /// As [`Git::places`].
    pub fn found_of(&self, place: &Place) -> Result<Option<Found>, GitError> {
        self.sound_roots()?;
        let meta = match fs::symlink_metadata(self.path_of(place)) {
            Ok(meta) => meta,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(self.knows(place).then(|| Found::Notes(place.clone())));
            }
            Err(source) => return Err(GitError::Io { what: "read", path: self.path_of(place), source }),
        };
        Ok(Some(match oddity(&meta) {
            None => Found::Ours(place.clone()),
            Some(why) => Found::Unknown { name: place.folder(), why },
        }))
    }

    /// Everything directly under the root of vaults, sorted.
    ///
    /// # Errors
    /// As [`Git::places`].
    pub fn shelves(&self) -> Result<Vec<Shelved>, GitError> {
        let root = &self.settings().vault_root;
        let mut found = Vec::new();
        for (name, meta) in self.entries(root)? {
            found.push(match oddity(&meta) {
                Some(why) => Shelved::Unknown { name, why },
                None if matches!(name.as_str(), "locks" | "places") => Shelved::Books(name),
                None if !name.ends_with(".git") => Shelved::Unknown { name, why: Oddity::Name },
                None => Shelved::Vault { url: remote_of(&root.join(&name)), name },
            });
        }
        found.sort_by(|one, other| one.name().cmp(other.name()));
        Ok(found)
    }

    /// Whether the making or the removal of the worktree was begun and never came to an end.
    #[must_use]
    pub fn is_half_made(&self, place: &Place) -> bool {
        self.recall(place).is_ok_and(|record| record.is_going || record.state == State::Making)
    }

    /// The same of a product's worktree.
    #[must_use]
    pub fn is_half_made_product(&self, place: &ProductPlace) -> bool {
        self.product_mark(place).is_ok_and(|mark| mark == Mark::Making)
    }

    fn is_there(&self, place: &Place) -> bool {
        self.path_of(place).symlink_metadata().is_ok()
    }

    fn entries(&self, root: &Path) -> Result<Vec<(String, Metadata)>, GitError> {
        self.sound_roots()?;
        let mut found = Vec::new();
        for entry in fs::read_dir(root).map_err(GitError::io("read", root))? {
            let entry = entry.map_err(GitError::io("read", root))?;
            // gone by now
            let Ok(meta) = entry.metadata() else { continue };
            found.push((entry.file_name().to_string_lossy().into_owned(), meta));
        }
        Ok(found)
    }

    /// Refuses when what was a folder at the start is a link by now, which may lead anywhere.
    fn sound_roots(&self) -> Result<(), GitError> {
        for root in [&self.settings().worktree_root, &self.settings().vault_root] {
            let meta = fs::symlink_metadata(root).map_err(GitError::io("read", root))?;
            if !meta.is_dir() {
                return Err(GitError::BadRoot { path: root.clone(), why: "it is no folder any more" });
            }
        }
        Ok(())
    }
}

/// Whether it is a folder, and this user's.
pub(super) fn is_ours(meta: &Metadata) -> bool {
    oddity(meta).is_none()
}

/// What keeps it from being a folder of ours.
fn oddity(meta: &Metadata) -> Option<Oddity> {
    match meta.file_type() {
        kind if kind.is_symlink() => Some(Oddity::Link),
        kind if !kind.is_dir() => Some(Oddity::NotAFolder),
        _ => (meta.uid() != geteuid().as_raw()).then_some(Oddity::Owner),
    }
}

/// The address that is written in a vault; none where it was never written, or is not one.
fn remote_of(vault: &Path) -> Option<RemoteUrl> {
    let mut text = String::new();
    let longest = u64::try_from(RemoteUrl::MAX).ok()?;
    let Ok(Inside::File(file)) = open(vault, Path::new("remote")) else { return None };
    file.take(longest).read_to_string(&mut text).ok()?;
    RemoteUrl::new(text).ok()
}
