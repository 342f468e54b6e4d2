//! Files that are too large for a commit, kept beside the objects of the vault: only what was written of them is
//! copied, so that a file that is nearly all holes takes neither time nor room.

use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use git2::{ObjectType, Oid};
use rustix::fs::{SeekFrom, seek};
use rustix::io::Errno;

use super::error::GitError;
use super::vault::LARGE;

/// A place for one state of one file.
pub(super) struct Beside {
    /// What is put into the commit in its stead.
    text: String,
    path: PathBuf,
    size: u64,
}

impl Beside {
    /// The place for a file of a cell, by what distinguishes its states.
    pub(super) fn of(vault: &Path, folder: &Path, path: &Path, meta: &Metadata) -> Self {
        let what = format!(
            "sprintgate: this file is too large for a commit\npath {}\nbytes {}\nwritten {}.{:09}\n",
            path.display(),
            meta.len(),
            meta.mtime(),
            meta.mtime_nsec()
        );
        let name = Oid::hash_object(ObjectType::Blob, what.as_bytes()).map(|oid| oid.to_string());
        let place = folder.file_name().unwrap_or_default();
        let inner = Path::new(LARGE).join(place).join(name.unwrap_or_default());
        let text = format!("{what}kept as {} of the vault\n", inner.display());
        Self { text, path: vault.join(inner), size: meta.len() }
    }

    /// Copies the file, unless this state of it was copied before; what stands for it.
    pub(super) fn keep(&self, file: &File) -> Result<Vec<u8>, GitError> {
        if !self.path.exists() {
            // a thread of another process may be left there
            let new = self.path.with_extension(format!("new{}", std::process::id()));
            let copied = self.path.parent().map_or(Ok(()), fs::create_dir_all);
            let copied = copied.and_then(|()| copy(file, &new, self.size)?.sync_all());
            copied.and_then(|()| fs::rename(&new, &self.path)).map_err(GitError::io("write", &self.path))?;
        }
        Ok(self.text.clone().into_bytes())
    }
}

/// Copies what was written of a file; its holes stay holes. Hands back the copy.
pub(super) fn copy(mut from: &File, to: &Path, size: u64) -> io::Result<File> {
    let mut to = File::create(to)?;
    to.set_len(size)?;
    let mut at = 0;
    while at < size {
        at = match seek(from, SeekFrom::Data(at)) {
            Ok(data) => data,
            // nothing more was written
            Err(Errno::NXIO) => break,
            // a file system that knows no holes
            Err(Errno::INVAL) => at,
            Err(error) => return Err(error.into()),
        };
        let end = seek(from, SeekFrom::Hole(at)).unwrap_or(size).min(size);
        if end <= at {
            break;
        }
        from.seek(io::SeekFrom::Start(at))?;
        to.seek(io::SeekFrom::Start(at))?;
        io::copy(&mut from.take(end - at), &mut to)?;
        at = end;
    }
    Ok(to)
}
