//! The files of a cell as a tree in the vault, without touching the folder.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use git2::{DiffOptions, Index, IndexEntry, IndexTime, Oid};

use super::blob::Files;
use super::cell::{GITLINK, with_files};
use super::deep::differences;
use super::error::GitError;
use super::inside::{Inside, open};
use super::vault::Vault;

/// Writes every file that is not ignored as a tree, and ignored ones that the commit has or the agent has added.
pub(super) fn snapshot(
    vault: Vault,
    folder: &Path,
    index: &Path,
    head: Option<Oid>,
) -> Result<Oid, GitError> {
    let fail = GitError::library("save the files of the worktree");
    let place = vault.path.clone();
    let (repo, mut index) = with_files(vault, folder, index, head)?;
    let files = Files { repo: &repo, vault: &place, folder };
    // A repository inside the folder would be kept as a bare commit id, without its files; so would a submodule.
    let mut inner = Vec::new();
    let links: Vec<IndexEntry> = index.iter().filter(|entry| entry.mode == GITLINK).collect();
    for link in &links {
        let path = Path::new(OsStr::from_bytes(&link.path));
        match open(folder, path) {
            Ok(Inside::Other) if folder.join(path).read_dir().is_ok_and(|mut some| some.next().is_some()) => {
                index.remove(path, 0).map_err(&fail)?;
                inner.push(path.to_owned());
            }
            // in its place, as anything else that is new
            Ok(Inside::File(_) | Inside::Link(_)) => index.remove(path, 0).map_err(&fail)?,
            _ => {}
        }
    }
    let known = inner.clone();
    let mut options = DiffOptions::new();
    options.include_untracked(true).recurse_untracked_dirs(true).include_typechange(true);
    options.ignore_submodules(true);
    // the library only says which files differ: it would follow links and attributes when it saves them
    let (diff, deep) = differences(&repo, &index, folder, &mut options)?;
    let mut kept = Vec::new();
    for bytes in diff.deltas().filter_map(|delta| delta.old_file().path_bytes().map(<[u8]>::to_vec)) {
        let path = Path::new(OsStr::from_bytes(&bytes));
        if known.iter().any(|one| path.starts_with(one)) {
            continue;
        }
        if bytes.ends_with(b"/") {
            inner.push(path.to_owned());
            continue;
        }
        match files.keep(path)? {
            Some((id, mode)) => kept.push(plain_entry(id, mode, path)),
            // the empty folder of a submodule says nothing
            None if links.iter().any(|link| link.path == bytes) => {}
            None => index.remove_path(path).map_err(&fail)?,
        }
    }
    for path in deep {
        kept.extend(files.keep(&path)?.map(|(id, mode)| plain_entry(id, mode, &path)));
    }
    // what is gone makes room first for what has its name
    for entry in &kept {
        index.add(entry).map_err(&fail)?;
    }
    for path in inner {
        add_plainly(&files, &mut index, &path)?;
    }
    add_staged(&files, &mut index);
    index.write_tree_to(&repo).map_err(&fail)
}

/// Adds what the agent has added though it is ignored. Its index is read for names only; where it is nonsense, there
/// is nothing to add.
fn add_staged(files: &Files<'_>, index: &mut Index) {
    let Some(staged) = open_index(files.folder) else { return };
    for entry in staged.iter().filter(|entry| entry.mode != GITLINK) {
        let path = Path::new(OsStr::from_bytes(&entry.path));
        let is_own = path.components().any(|part| part.as_os_str() == ".git");
        if is_own || index.get_path(path, 0).is_some() {
            continue;
        }
        let kept = files.keep(path).map(|kept| kept.map(|(id, mode)| plain_entry(id, mode, path)));
        let added = kept.map(|entry| entry.map_or(Ok(()), |entry| index.add(&entry)));
        if !matches!(added, Ok(Ok(()))) {
            tracing::warn!(path = %path.display(), ?added, "could not keep a file that was added");
        }
    }
}

/// Reads the agent's index through a file that is known to be one.
fn open_index(folder: &Path) -> Option<Index> {
    let Ok(Inside::File(file)) = open(folder, Path::new(".git/index")) else { return None };
    if file.metadata().ok()?.len() > INDEX_MAX {
        return None;
    }
    let open = format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&file));
    Index::open(Path::new(&open)).ok()
}

/// Bytes of an index of a million files.
const INDEX_MAX: u64 = 128 * 1024 * 1024;

fn add_plainly(files: &Files<'_>, index: &mut Index, path: &Path) -> Result<(), GitError> {
    let fail = GitError::library("save the files of an inner repository");
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        let full = files.folder.join(&folder);
        for entry in fs::read_dir(&full).map_err(GitError::io("read", &full))? {
            let entry = entry.map_err(GitError::io("read", &full))?;
            let (kind, path) =
                (entry.file_type().map_err(GitError::io("read", &full))?, folder.join(entry.file_name()));
            if entry.file_name() == ".git" || files.repo.is_path_ignored(&path).map_err(&fail)? {
                continue;
            }
            if kind.is_dir() {
                folders.push(path);
            } else if let Some((id, mode)) = files.keep(&path)? {
                index.add(&plain_entry(id, mode, &path)).map_err(&fail)?;
            }
        }
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
