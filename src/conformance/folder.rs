//! A folder that is thrown away.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::Failed;
use super::failed::refused;

/// A new folder among the temporary ones, open to this user alone; removed when it is dropped.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new() -> Result<Self, Failed> {
        let random = getrandom::u64().map_err(refused)?;
        let path = std::env::temp_dir().join(format!("sprintgate-selftest-{random:016x}"));
        fs::DirBuilder::new().mode(0o700).create(&path).map_err(|error| Failed::Database {
            what: format!("cannot make {}", path.display()),
            source: Box::new(error),
        })?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Nobody is left who could be told.
        let _ = fs::remove_dir_all(&self.0);
    }
}
