//! Finds files that never end, or nearly so: a pipe or device where the library looks for rules, refs or settings. It
//! would open one and wait there for ever, perhaps with the vault locked. Looks at names, kinds and sizes, opens nothing.

use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};

use super::blob::is_large;
use super::error::GitError;

/// What the library reads in any folder of a worktree.
const IN_A_WORKTREE: [&str; 4] = [".gitignore", ".gitattributes", ".gitmodules", ".git"];

/// What it reads in the folder of a repository.
const IN_A_REPOSITORY: [&str; 10] = [
    "HEAD",
    "commondir",
    "config",
    "config.worktree",
    "index",
    "info/attributes",
    "info/exclude",
    "objects/info/alternates",
    "packed-refs",
    "shallow",
];

/// Whether something is there that is neither file nor folder, links followed.
pub(super) fn is_pipe(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| !meta.is_file() && !meta.is_dir())
}

/// What the library had better not read in a worktree.
#[derive(Debug, Default)]
pub(super) struct Traps {
    /// The pipes that it would wait at.
    pub pipes: Vec<PathBuf>,
    /// The files that are too large to be read for nothing.
    pub large: Vec<PathBuf>,
}

/// Looks through a worktree. What cannot be read is passed over: the library cannot open it either.
pub(super) fn in_worktree(folder: &Path) -> Traps {
    let mut found = Traps::default();
    walk(folder, &mut |entry, path| {
        let name = entry.file_name();
        // the cell's own is opened by nobody
        if name == ".git" && path.parent() == Some(folder) {
            return false;
        }
        if name == ".git" && is_folder(path) {
            found.pipes.extend(in_repository(path));
            return false;
        }
        if IN_A_WORKTREE.iter().any(|known| name == *known) && is_pipe(path) {
            found.pipes.push(path.to_owned());
        } else if entry.metadata().is_ok_and(|meta| is_large(&meta)) {
            found.large.push(path.to_owned());
        }
        true
    });
    found
}

/// The same in the folder of a repository.
pub(super) fn in_repository(dir: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> =
        IN_A_REPOSITORY.iter().map(|name| dir.join(name)).filter(|path| is_pipe(path)).collect();
    walk(&dir.join("refs"), &mut |_, path| {
        if is_pipe(path) {
            found.push(path.to_owned());
        }
        true
    });
    found
}

fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir())
}

/// Refuses when a pipe was found.
pub(super) fn none(found: Vec<PathBuf>) -> Result<(), GitError> {
    found.into_iter().next().map_or(Ok(()), |path| Err(GitError::Pipe { path }))
}

/// Shows everything below a folder, links not followed; goes into the folders for which `see` says so.
fn walk(top: &Path, see: &mut impl FnMut(&DirEntry, &Path) -> bool) {
    let mut folders: Vec<_> = Some(top.to_owned()).filter(|top| is_folder(top)).into_iter().collect();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.filter_map(Result::ok) {
            let path = entry.path();
            if see(&entry, &path) && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
            }
        }
    }
}
