//! What of a change only git's own programs could have made good, and none ran: files that LFS keeps elsewhere, and the
//! commits of other repositories. Read tree to tree in the vault; the rules are those of the later commit.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use git2::{AttrCheckFlags, Delta, DiffFile, DiffOptions, FileMode, Index, IndexEntry, IndexTime, Oid, Tree};

use crate::domain::commit::CommitId;
use crate::domain::remote::RemoteUrl;

use super::error::GitError;
use super::lock::blocking;
use super::notice::{ATTRIBUTES_MAX, FILTER, POINTER, POINTER_MAX};
use super::settings::Git;
use super::vault::Vault;

/// Paths of a change, each list sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// Files that the rules give to LFS, and that have content where their pointer belongs. One that had content before is
    /// none of them.
    pub contents: Vec<String>,
    /// Pointers of LFS that are new or other ones. Whether anybody has what they point to is not known.
    pub pointers: Vec<String>,
    /// Submodules that came, went or stand at another commit, and `.gitmodules`.
    pub submodules: Vec<String>,
}

/// A file that came or changed.
struct Changed {
    path: Vec<u8>,
    old: Oid,
    new: Oid,
}

impl Git {
    /// Looks through what changed from `merge_base(base, head)` to `head`.
    ///
    /// # Errors
    /// [`GitError::NotInVault`] when one of the commits was not taken before; [`GitError::TooManyRules`].
    pub async fn touched(
        &self,
        url: &RemoteUrl,
        base: &CommitId,
        head: &CommitId,
    ) -> Result<Touched, GitError> {
        let (path, lock) = self.vault(url).await?;
        drop(lock);
        let (base, head) = (base.clone(), head.clone());
        blocking("look for pointers and submodules", move || {
            let vault = Vault::open(&path)?;
            let (base, head) = (vault.commit(&base)?, vault.commit(&head)?);
            look(&vault, base, head)
        })
        .await
    }

    /// The same, of what a branch of the remote does not have yet.
    ///
    /// # Errors
    /// [`GitError::NotInVault`] when neither this machine nor the remote has the commit; when the remote cannot be asked, or
    /// has no such branch.
    pub async fn touched_on(
        &self,
        url: &RemoteUrl,
        base: &str,
        head: &CommitId,
    ) -> Result<Touched, GitError> {
        let path = self.refresh(url).await?;
        let (url, base, head) = (url.clone(), base.to_owned(), head.clone());
        blocking("look for pointers and submodules", move || {
            let vault = Vault::open(&path)?;
            let none = || GitError::NoDefaultBranch { url: url.to_string() };
            let base = vault.remote_tip(&base)?.ok_or_else(none)?;
            let head = vault.commit(&head)?;
            look(&vault, base, head)
        })
        .await
    }
}

fn look(vault: &Vault, base: Oid, head: Oid) -> Result<Touched, GitError> {
    let fail = GitError::library("look for pointers and submodules");
    let repo = &vault.repo;
    let from = repo.merge_base(base, head).map_err(&fail)?;
    let tree = |oid| repo.find_commit(oid).and_then(|commit| commit.tree()).map_err(&fail);
    let (old, new) = (tree(from)?, tree(head)?);
    let mut options = DiffOptions::new();
    options.include_typechange(true);
    let diff = repo.diff_tree_to_tree(Some(&old), Some(&new), Some(&mut options)).map_err(&fail)?;
    let (mut touched, mut files, mut gone) = (Touched::default(), Vec::new(), BTreeSet::new());
    for delta in diff.deltas() {
        let (before, after) = (delta.old_file(), delta.new_file());
        let path = after.path_bytes().or_else(|| before.path_bytes()).unwrap_or_default();
        let is_link = |file: &DiffFile<'_>| file.mode() == FileMode::Commit;
        if is_link(&before) || is_link(&after) || path == GITMODULES {
            touched.submodules.push(text(path));
        } else if delta.status() != Delta::Deleted && is_file(&after) && before.id() != after.id() {
            files.push(Changed { path: path.to_owned(), old: before.id(), new: after.id() });
        }
        gone.insert(before.id());
    }
    let Some(mut rules) = rules(vault, &new, &files)? else { return Ok(touched.sorted()) };
    // A repository without a folder of files reads rules from the index alone.
    repo.set_index(&mut rules).map_err(&fail)?;
    let only = AttrCheckFlags::INDEX_ONLY | AttrCheckFlags::NO_SYSTEM;
    for file in files {
        let filter = repo.get_attr_bytes(path(&file.path), "filter", only).map_err(&fail)?;
        if filter != Some(b"lfs") {
            continue;
        }
        match pointer(vault, file.new) {
            // an empty file has none, and one that was moved points to what it pointed to
            Some(bytes) if bytes.is_empty() || gone.contains(&file.new) => {}
            Some(_) => touched.pointers.push(text(&file.path)),
            None if file.old.is_zero() || pointer(vault, file.old).is_some() => {
                touched.contents.push(text(&file.path));
            }
            None => {}
        }
    }
    Ok(touched.sorted())
}

/// An index with the rules that can be about these files, as the commit has them; none where LFS is in none of them.
fn rules(vault: &Vault, tree: &Tree<'_>, files: &[Changed]) -> Result<Option<Index>, GitError> {
    let fail = GitError::library("read attributes");
    let mut index = Index::new().map_err(&fail)?;
    let (mut seen, mut has_lfs, mut compared) = (BTreeMap::new(), false, 0_usize);
    for file in files {
        let ends = file.path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at + 1);
        for end in ends.chain([0]) {
            let folder = file.path.get(..end).unwrap_or_default();
            if let Some(lines) = seen.get(folder) {
                compared = compared.saturating_add(*lines);
                continue;
            }
            seen.insert(folder.to_owned(), 0);
            let name = [folder, b".gitattributes"].concat();
            let Ok(entry) = tree.get_path(path(&name)) else { continue };
            // git believes no link here, and rules of more bytes nobody wrote by hand
            let Some(bytes) = content(vault, entry.id(), ATTRIBUTES_MAX).filter(|_| entry.filemode() != LINK)
            else {
                continue;
            };
            let lines = bytes.split(|byte| *byte == b'\n').count();
            seen.insert(folder.to_owned(), lines);
            compared = compared.saturating_add(lines);
            has_lfs |= bytes.windows(FILTER.len()).any(|part| part == FILTER);
            index.add(&entry_of(name, entry.id())).map_err(&fail)?;
        }
    }
    if has_lfs && compared > COMPARED_MAX {
        return Err(GitError::TooManyRules);
    }
    Ok(has_lfs.then_some(index))
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

/// The pointer that a file is; an empty one is its own.
fn pointer(vault: &Vault, id: Oid) -> Option<Vec<u8>> {
    content(vault, id, POINTER_MAX).filter(|bytes| bytes.is_empty() || bytes.starts_with(POINTER))
}

/// What a file of at most so many bytes has.
fn content(vault: &Vault, id: Oid, most: usize) -> Option<Vec<u8>> {
    let (size, _) = vault.repo.odb().ok()?.read_header(id).ok()?;
    if size > most {
        return None;
    }
    vault.repo.find_blob(id).ok().map(|blob| blob.content().to_vec())
}

fn is_file(file: &DiffFile<'_>) -> bool {
    matches!(file.mode(), FileMode::Blob | FileMode::BlobExecutable | FileMode::BlobGroupWritable)
}

fn path(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}

fn text(path: &[u8]) -> String {
    String::from_utf8_lossy(path).into_owned()
}

impl Touched {
    fn sorted(mut self) -> Self {
        for paths in [&mut self.contents, &mut self.pointers, &mut self.submodules] {
            paths.sort_unstable();
        }
        self
    }
}

/// Comparisons of a file with a rule, of some 2 µs each.
const COMPARED_MAX: usize = 10_000_000;
/// Where the addresses of submodules stand.
const GITMODULES: &[u8] = b".gitmodules";
/// The mode of a link in a tree.
const LINK: i32 = 0o120_000;
