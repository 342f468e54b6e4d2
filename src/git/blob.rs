//! A file of a cell as a blob in the vault, byte for byte: no attribute or filter changes what is kept, and a file of
//! any size takes little memory.

use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use git2::{ObjectType, Oid, Repository};

use super::beside::Beside;
use super::error::GitError;
use super::inside::{Inside, open};

/// Where files come from and go to.
pub(super) struct Files<'a> {
    /// The vault, open.
    pub repo: &'a Repository,
    /// The folder of the vault.
    pub vault: &'a Path,
    /// The folder of the cell.
    pub folder: &'a Path,
}

impl Files<'_> {
    /// Keeps the file or the link at a path of the cell; its blob and mode. None when there is nothing of the kind, or
    /// a link is on the way there.
    pub(super) fn keep(&self, path: &Path) -> Result<Option<(Oid, u32)>, GitError> {
        let fail = GitError::library("save a file of the worktree");
        let full = || self.folder.join(path);
        let file = match open(self.folder, path) {
            Ok(Inside::File(file)) => file,
            Ok(Inside::Link(target)) => {
                return Ok(Some((self.repo.blob(&target).map_err(&fail)?, 0o120_000)));
            }
            Ok(Inside::Other) => return Ok(None),
            Err(error) if is_elsewhere(&error) => return Ok(None),
            Err(error) => return Err(GitError::io("read", full())(error)),
        };
        let meta = file.metadata().map_err(GitError::io("read", full()))?;
        let mode = if meta.mode() & 0o100 == 0 { 0o100_644 } else { 0o100_755 };
        if meta.len() > LARGE {
            let beside = Beside::of(self.vault, self.folder, path, &meta);
            return Ok(Some((self.repo.blob(&beside.keep(&file)?).map_err(&fail)?, mode)));
        }
        if meta.len() <= SMALL {
            let mut bytes = Vec::new();
            file.take(LARGE).read_to_end(&mut bytes).map_err(GitError::io("read", full()))?;
            return Ok(Some((self.repo.blob(&bytes).map_err(&fail)?, mode)));
        }
        let odb = self.repo.odb().map_err(&fail)?;
        let size = usize::try_from(meta.len()).unwrap_or(usize::MAX);
        let mut writer = odb.writer(size, ObjectType::Blob).map_err(&fail)?;
        // one that is cut meanwhile has not that many, which the next line says
        io::copy(&mut file.take(meta.len()), &mut writer).map_err(GitError::io("save", full()))?;
        Ok(Some((writer.finalize().map_err(&fail)?, mode)))
    }
}

/// Whether it says that nothing of ours is there: gone, or behind a link.
fn is_elsewhere(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidInput)
        || error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

/// Files of the worktree that are larger than what goes into a commit.
pub(super) fn is_large(meta: &std::fs::Metadata) -> bool {
    meta.is_file() && meta.len() > LARGE
}

/// More bytes than any forge takes in one file.
const LARGE: u64 = 100 * 1024 * 1024;
/// So many bytes are read at once.
const SMALL: u64 = 8 * 1024 * 1024;
