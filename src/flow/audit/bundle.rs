//! A file of a bundle: lines of JSON, counted and hashed as they are written.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::flow::FlowError;
use crate::store::digest;

/// A file that is being written.
pub(super) struct Lines {
    path: PathBuf,
    out: BufWriter<File>,
    hasher: Sha256,
    lines: u64,
    line: Vec<u8>,
}

/// A file that was written.
#[derive(Debug, Serialize)]
pub(super) struct Written {
    pub(super) sha256: String,
    pub(super) lines: u64,
}

impl Lines {
    /// Makes the file, which must not be there.
    pub(super) fn new(folder: &Path, name: &str) -> Result<Self, FlowError> {
        let path = folder.join(name);
        let file = File::create_new(&path).map_err(failed(&path))?;
        Ok(Self { path, out: BufWriter::new(file), hasher: Sha256::new(), lines: 0, line: Vec::new() })
    }

    /// Adds a line.
    pub(super) fn add(&mut self, value: &impl Serialize) -> Result<(), FlowError> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, value).map_err(|error| failed(&self.path)(error.into()))?;
        self.line.push(b'\n');
        self.hasher.update(&self.line);
        self.lines += 1;
        self.out.write_all(&self.line).map_err(failed(&self.path))
    }

    /// Ends the file; it is on the disk then.
    pub(super) fn end(self) -> Result<Written, FlowError> {
        let failed = failed(&self.path);
        let file = self.out.into_inner().map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(failed)?;
        Ok(Written { sha256: crate::store::hex(&self.hasher.finalize()), lines: self.lines })
    }
}

/// Writes a whole file, which must not be there.
pub(super) fn whole(folder: &Path, name: &str, text: &str) -> Result<Written, FlowError> {
    let path = folder.join(name);
    let mut file = File::create_new(&path).map_err(failed(&path))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed(&path))?;
    Ok(Written { sha256: digest(text.as_bytes()), lines: text.lines().count() as u64 })
}

pub(super) fn failed(path: &Path) -> impl Fn(std::io::Error) -> FlowError {
    let what = format!("write {}", path.display());
    move |source| FlowError::File { what: what.clone(), source }
}
