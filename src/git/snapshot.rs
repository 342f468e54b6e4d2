//! The files of a work folder as a tree in the clone, without touching the folder or its index.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use git2::{Index, IndexAddOption, IndexEntry, IndexTime, Oid, Repository};

use super::error::GitError;
use super::pipes;
use super::repository::Home;

/// The clone with `folder` as its work tree and a copy of the index in memory. The clone is opened, not
/// the folder, so nothing in the folder says where the repository is.
pub(super) fn with_files(home: Home, folder: &Path, index: &Path) -> Result<(Repository, Index), GitError> {
    let fail = GitError::library("open the work folder");
    let mut found = pipes::in_worktree(folder);
    found.extend(
        Some(index.to_owned()).filter(|index| index != Path::new("/dev/null") && pipes::is_pipe(index)),
    );
    pipes::none(found)?;
    let repo = home.repo;
    repo.set_workdir(folder, false).map_err(&fail)?;
    // A broken index only costs time: every file is read again.
    let mut index = match Index::open(index) {
        Ok(index) => index,
        Err(_) => Index::new().map_err(&fail)?,
    };
    repo.set_index(&mut index).map_err(&fail)?;
    Ok((repo, index))
}

/// Writes every file that is not ignored as a tree.
pub(super) fn snapshot(clone: &Path, folder: &Path, index: &Path) -> Result<Oid, GitError> {
    match tree_of(clone, folder, index) {
        Ok(tree) => Ok(tree),
        // an index that is well-formed but nonsense must not cost the work
        Err(_) => tree_of(clone, folder, Path::new("/dev/null")),
    }
}

fn tree_of(clone: &Path, folder: &Path, index: &Path) -> Result<Oid, GitError> {
    let fail = GitError::library("save the files of the worktree");
    let (repo, mut index) = with_files(Home::open(clone)?, folder, index)?;
    // A repository inside the folder would be kept as a bare commit id, without its files.
    let mut inner = Vec::new();
    let mut sort = |path: &Path, _: &[u8]| {
        let is_inner = path.as_os_str().as_bytes().ends_with(b"/");
        if is_inner {
            inner.push(path.to_owned());
        }
        i32::from(is_inner)
    };
    index.add_all(["*"], IndexAddOption::DEFAULT, Some(&mut sort)).map_err(&fail)?;
    for path in inner {
        add_plainly(&repo, &mut index, folder, &path)?;
    }
    index.write_tree_to(&repo).map_err(&fail)
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
