//! Removes folders that agents wrote, without following links and whatever modes they were given.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::error::GitError;
use super::inside::unlock;

/// Removes a file, a link or a whole folder; false when nothing was there.
pub(super) fn erase(path: &Path) -> Result<bool, GitError> {
    let meta = match fs::symlink_metadata(path) {
        Ok(meta) => meta,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(source) => return Err(GitError::Io { what: "read", path: path.into(), source }),
    };
    if !meta.is_dir() {
        return fs::remove_file(path).map(|()| true).map_err(GitError::io("remove", path));
    }
    if fs::remove_dir_all(path).is_err() {
        // caches of modules are read-only; so is what an agent wants to keep
        unlock(path).map_err(GitError::io("unlock", path))?;
        match fs::remove_dir_all(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(GitError::io("remove", path)(error));
            }
            _ => {}
        }
    }
    Ok(true)
}
