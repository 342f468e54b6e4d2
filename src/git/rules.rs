//! The rules of a commit that can be about some files: which `.gitattributes` it has in their folders, and above them.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use git2::{FileMode, Index, IndexEntry, IndexTime, Oid, Tree};

use super::error::GitError;
use super::notice::{ATTRIBUTES_MAX, FILTER};
use super::vault::Vault;

/// Files of rules, where LFS is in one of them.
#[derive(Debug)]
pub(super) struct Rules {
    /// Each with its path.
    found: Vec<(Vec<u8>, Oid)>,
}

impl Rules {
    /// Those that can be about these files, as the commit has them; none where LFS is in none of them.
    ///
    /// # Errors
    /// [`GitError::TooManyRules`].
    pub(super) fn about<'a>(
        vault: &Vault,
        tree: &Tree<'_>,
        files: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Option<Self>, GitError> {
        let (mut seen, mut has_lfs, mut all) = (BTreeSet::new(), false, 0_usize);
        let mut rules = Self { found: Vec::new() };
        for file in files {
            let ends = file.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at + 1);
            for end in ends.chain([0]) {
                let folder = file.get(..end).unwrap_or_default();
                if !seen.insert(folder.to_owned()) {
                    continue;
                }
                let name = [folder, NAME].concat();
                let Ok(entry) = tree.get_path(Path::new(OsStr::from_bytes(&name))) else { continue };
                // git believes no link here, and rules of more bytes nobody wrote by hand
                let bytes = vault.content(entry.id(), ATTRIBUTES_MAX);
                let Some(bytes) = bytes.filter(|_| entry.filemode() != LINK) else { continue };
                all = all.saturating_add(bytes.len());
                if all > RULES_MAX {
                    return Err(GitError::TooManyRules);
                }
                has_lfs |= bytes.windows(FILTER.len()).any(|part| part == FILTER);
                rules.found.push((name, entry.id()));
            }
        }
        Ok(has_lfs.then_some(rules))
    }

    /// Writes an index that has them and nothing else.
    pub(super) fn write(&self, to: &Path) -> Result<(), GitError> {
        let fail = GitError::library("write an index of rules");
        let mut index = Index::open(to).map_err(&fail)?;
        for (name, id) in &self.found {
            index.add(&entry_of(name.clone(), *id)).map_err(&fail)?;
        }
        index.write().map_err(&fail)
    }

    /// The files that have a say in what becomes of that one, as a text for people.
    pub(super) fn over(&self, path: &[u8]) -> String {
        let is_over = |name: &[u8]| name.strip_suffix(NAME).is_some_and(|folder| path.starts_with(folder));
        let mut names: Vec<_> =
            self.found.iter().map(|(name, _)| name).filter(|name| is_over(name)).collect();
        names.sort_unstable_by_key(|name| name.len());
        let text = names.iter().map(|name| String::from_utf8_lossy(name)).collect::<Vec<_>>();
        text.join(", ")
    }
}

fn entry_of(path: Vec<u8>, id: Oid) -> IndexEntry {
    IndexEntry {
        ctime: IndexTime::new(0, 0),
        mtime: IndexTime::new(0, 0),
        dev: 0,
        ino: 0,
        mode: u32::from(FileMode::Blob),
        uid: 0,
        gid: 0,
        file_size: 0,
        id,
        flags: 0,
        flags_extended: 0,
        path,
    }
}

const NAME: &[u8] = b".gitattributes";
/// The most bytes of all of them, which git takes into memory at many times their size.
const RULES_MAX: usize = 16 * 1024 * 1024;
/// The mode of a link in a tree.
const LINK: i32 = 0o120_000;
