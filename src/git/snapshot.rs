//! The files of a cell as a tree in the vault, without touching the folder.

use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path};

use git2::{Index, IndexAddOption, IndexEntry, IndexTime, Oid, Repository};

use super::cell::{GITLINK, with_files};
use super::error::GitError;
use super::vault::Vault;

/// Writes every file that is not ignored as a tree, and ignored ones that the commit has or the agent has added.
pub(super) fn snapshot(
    vault: Vault,
    folder: &Path,
    index: &Path,
    head: Option<Oid>,
) -> Result<Oid, GitError> {
    let fail = GitError::library("save the files of the worktree");
    let (repo, mut index) = with_files(vault, folder, index, head)?;
    // A repository inside the folder would be kept as a bare commit id, without its files; so would a submodule.
    let mut inner = Vec::new();
    let links: Vec<IndexEntry> = index.iter().filter(|entry| entry.mode == GITLINK).collect();
    for link in &links {
        let path = Path::new(std::ffi::OsStr::from_bytes(&link.path));
        if folder.join(path).read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
            index.remove(path, 0).map_err(&fail)?;
            inner.push(path.to_owned());
        }
    }
    let known = inner.clone();
    let mut sort = |path: &Path, _: &[u8]| {
        let is_inner = path.as_os_str().as_bytes().ends_with(b"/");
        let is_known = known.iter().any(|one| path.starts_with(one));
        if is_inner && !is_known {
            inner.push(path.to_owned());
        }
        i32::from(is_inner || is_known)
    };
    index.add_all(["*"], IndexAddOption::DEFAULT, Some(&mut sort)).map_err(&fail)?;
    for path in inner {
        add_plainly(&repo, &mut index, folder, &path)?;
    }
    add_staged(&mut index, folder);
    index.write_tree_to(&repo).map_err(&fail)
}

/// Adds what the agent has added though it is ignored. Its index is read for names only; where it is nonsense, there
/// is nothing to add.
fn add_staged(index: &mut Index, folder: &Path) {
    let path = folder.join(".git/index");
    let Some(staged) = open_index(&path) else { return };
    for entry in staged.iter().filter(|entry| entry.mode != GITLINK) {
        let path = Path::new(std::ffi::OsStr::from_bytes(&entry.path));
        if index.get_path(path, 0).is_some() || !is_file_of(folder, path) {
            continue;
        }
        if let Err(error) = index.add_path(path) {
            tracing::warn!(path = %path.display(), %error, "could not keep a file that was added");
        }
    }
}

/// Reads the agent's index through a file that is known to be one.
fn open_index(path: &Path) -> Option<Index> {
    let file: File = super::cell::regular(path)?;
    if file.metadata().ok()?.len() > INDEX_MAX {
        return None;
    }
    let open = format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&file));
    Index::open(Path::new(&open)).ok()
}

/// Bytes of an index of a million files.
const INDEX_MAX: u64 = 128 * 1024 * 1024;

/// Whether the path names a file or a link in the folder, with no link on the way there.
fn is_file_of(folder: &Path, path: &Path) -> bool {
    let plain = path.components().all(|part| matches!(part, Component::Normal(name) if name != ".git"));
    let mut way = path.ancestors().skip(1).filter(|part| !part.as_os_str().is_empty());
    plain
        && way.all(|part| folder.join(part).symlink_metadata().is_ok_and(|meta| meta.is_dir()))
        && folder.join(path).symlink_metadata().is_ok_and(|meta| !meta.is_dir())
}

fn add_plainly(repo: &Repository, index: &mut Index, folder: &Path, path: &Path) -> Result<(), GitError> {
    let fail = GitError::library("save the files of an inner repository");
    let full = folder.join(path);
    for entry in fs::read_dir(&full).map_err(GitError::io("read", &full))? {
        let entry = entry.map_err(GitError::io("read", &full))?;
        let (kind, path) =
            (entry.file_type().map_err(GitError::io("read", &full))?, path.join(entry.file_name()));
        if entry.file_name() == ".git" {
            continue;
        }
        let file = entry.path();
        let (id, mode) = if kind.is_dir() {
            add_plainly(repo, index, folder, &path)?;
            continue;
        } else if kind.is_symlink() {
            let target = fs::read_link(&file).map_err(GitError::io("read", &file))?;
            (repo.blob(target.as_os_str().as_bytes()).map_err(&fail)?, 0o120_000)
        } else if kind.is_file() {
            let runs = entry.metadata().is_ok_and(|meta| meta.permissions().mode() & 0o100 != 0);
            (repo.blob_path(&file).map_err(&fail)?, if runs { 0o100_755 } else { 0o100_644 })
        } else {
            continue;
        };
        index.add(&plain_entry(id, mode, &path)).map_err(&fail)?;
    }
    Ok(())
}

fn plain_entry(id: Oid, mode: u32, path: &Path) -> IndexEntry {
    let none = IndexTime::new(0, 0);
    IndexEntry {
        ctime: none,
        mtime: none,
        dev: 0,
        ino: 0,
        mode,
        uid: 0,
        gid: 0,
        file_size: 0,
        id,
        flags: 0,
        flags_extended: 0,
        path: path.as_os_str().as_bytes().to_vec(),
    }
}
