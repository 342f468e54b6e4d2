//! The folder of archives: one process at a time writes there, and what is unfinished has another name.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::read::read_archive;
use crate::flow::FlowError;
use crate::flow::audit::bundle::{ENTITIES, LAW, LEDGER, MANIFEST, ROWS, failed};
use crate::store::{ArchiveRecord, digest};

/// The file that whoever writes has locked. The system frees it when a process dies.
const LOCK: &str = ".lock";
/// All that an unfinished archive can have.
const FILES: [&str; 5] = [LEDGER, ENTITIES, ROWS, LAW, MANIFEST];

/// A folder of archives that this process alone writes to.
pub(super) struct Place {
    folder: PathBuf,
    _lock: File,
}

impl Place {
    /// Makes the folder where it is missing, and takes it.
    pub(super) fn take(folder: &Path) -> Result<Self, FlowError> {
        std::fs::create_dir_all(folder).map_err(failed(folder))?;
        let path = folder.join(LOCK);
        let lock =
            File::options().create(true).truncate(false).write(true).open(&path).map_err(failed(&path))?;
        if lock.try_lock().is_err() {
            let why = format!("{}: another process writes archives there", folder.display());
            return Err(FlowError::invalid("to", why));
        }
        Ok(Self { folder: folder.to_owned(), _lock: lock })
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Where the archive of that name is written. What a process left there that died before it was recorded goes.
    pub(super) fn draft(&self, name: &str) -> Result<PathBuf, FlowError> {
        let there = self.path(name);
        if there.try_exists().map_err(failed(&there))? {
            let why = format!("{} is there, and this database has no record of it", there.display());
            return Err(FlowError::invalid("to", why));
        }
        let draft = self.folder.join(format!("{name}.part"));
        for file in FILES {
            gone(&draft.join(file), std::fs::remove_file(draft.join(file)))?;
        }
        gone(&draft, std::fs::remove_dir(&draft))?;
        Ok(draft)
    }

    /// Gives a recorded archive its name, where it has not got it yet, and reads it again; why it is not what was
    /// recorded, if so.
    pub(super) fn settle(&self, record: &ArchiveRecord) -> Result<Option<String>, FlowError> {
        let (there, draft) = (self.path(&record.name), self.folder.join(format!("{}.part", record.name)));
        let is_it = |folder: &Path| match std::fs::read(folder.join(MANIFEST)) {
            Ok(bytes) => Ok(digest(&bytes) == record.manifest),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(failed(folder)(error)),
        };
        if !there.try_exists().map_err(failed(&there))? && is_it(&draft)? {
            std::fs::rename(&draft, &there).map_err(failed(&there))?;
            let folder = File::open(&self.folder).and_then(|folder| folder.sync_all());
            folder.map_err(failed(&self.folder))?;
        }
        if !is_it(&there)? {
            return Ok(Some(format!("{} is not the archive that was recorded", there.display())));
        }
        let read = read_archive(&there);
        if let (false, first) = (read.ok, read.findings.first()) {
            let first = first.cloned().unwrap_or_default();
            return Ok(Some(format!("{} does not hold: {first}", there.display())));
        }
        Ok((read.seals_sha256 != record.seals)
            .then(|| format!("{} has other rows than those that were sealed", there.display())))
    }
}

fn gone(path: &Path, removed: std::io::Result<()>) -> Result<(), FlowError> {
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(path)(error)),
        _ => Ok(()),
    }
}
