//! A bundle, of a ledger or of an archive: its files of lines of JSON, counted and hashed as they are written, and its
//! manifest, which comes last.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::time::Timestamp;
use crate::flow::FlowError;
use crate::flow::fresh::iso;
use crate::store::digest;

/// The version of the form.
pub(in crate::flow) const FORMAT: u32 = 2;
pub(in crate::flow) const KIND_LEDGER: &str = "ledger";
pub(in crate::flow) const KIND_ARCHIVE: &str = "archive";

pub(in crate::flow) const LEDGER: &str = "ledger.jsonl";
pub(in crate::flow) const SEALS: &str = "seals.jsonl";
pub(in crate::flow) const ARCHIVES: &str = "archives.jsonl";
pub(in crate::flow) const CHECKPOINTS: &str = "checkpoints.jsonl";
pub(in crate::flow) const ENTITIES: &str = "entities.jsonl";
pub(in crate::flow) const ROWS: &str = "rows.jsonl";
pub(in crate::flow) const LAW: &str = "transitions.json";
pub(in crate::flow) const MANIFEST: &str = "manifest.json";

/// An entity as its table has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::flow) struct Entity {
    pub(in crate::flow) machine: String,
    pub(in crate::flow) entity: String,
    pub(in crate::flow) status: String,
    pub(in crate::flow) event: String,
    pub(in crate::flow) rows: i64,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::flow) struct Manifest {
    pub(in crate::flow) format: u32,
    pub(in crate::flow) kind: String,
    pub(in crate::flow) program: String,
    pub(in crate::flow) at: String,
    pub(in crate::flow) last_checkpoint: Option<String>,
    pub(in crate::flow) files: BTreeMap<String, Written>,
}

/// A file that is being written.
pub(in crate::flow) struct Lines {
    path: PathBuf,
    out: BufWriter<File>,
    hasher: Sha256,
    lines: u64,
    line: Vec<u8>,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::flow) struct Written {
    pub(in crate::flow) sha256: String,
    pub(in crate::flow) lines: u64,
}

impl Lines {
    /// Makes the file, which must not be there.
    pub(in crate::flow) fn new(folder: &Path, name: &str) -> Result<Self, FlowError> {
        let path = folder.join(name);
        let file = File::create_new(&path).map_err(failed(&path))?;
        Ok(Self { path, out: BufWriter::new(file), hasher: Sha256::new(), lines: 0, line: Vec::new() })
    }

    /// Adds a line.
    pub(in crate::flow) fn add(&mut self, value: &impl Serialize) -> Result<(), FlowError> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, value).map_err(|error| failed(&self.path)(error.into()))?;
        self.line.push(b'\n');
        self.hasher.update(&self.line);
        self.lines += 1;
        self.out.write_all(&self.line).map_err(failed(&self.path))
    }

    /// Ends the file; it is on the disk then.
    pub(in crate::flow) fn end(self) -> Result<Written, FlowError> {
        let failed = failed(&self.path);
        let file = self.out.into_inner().map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(failed)?;
        Ok(Written { sha256: crate::store::hex(&self.hasher.finalize()), lines: self.lines })
    }
}

/// Writes a whole file, which must not be there.
pub(in crate::flow) fn whole(folder: &Path, name: &str, text: &str) -> Result<Written, FlowError> {
    let path = folder.join(name);
    let mut file = File::create_new(&path).map_err(failed(&path))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed(&path))?;
    Ok(Written { sha256: digest(text.as_bytes()), lines: text.lines().count() as u64 })
}

/// Writes the manifest, without which a bundle is not whole; its hash.
pub(in crate::flow) fn manifest(
    folder: &Path,
    kind: &str,
    at: Timestamp,
    last_checkpoint: Option<&str>,
    files: BTreeMap<&str, &Written>,
) -> Result<String, FlowError> {
    let manifest = Manifest {
        format: FORMAT,
        kind: kind.to_owned(),
        program: concat!("sprintgate ", env!("CARGO_PKG_VERSION")).to_owned(),
        at: iso(at),
        last_checkpoint: last_checkpoint.map(str::to_owned),
        files: files.into_iter().map(|(name, file)| (name.to_owned(), file.clone())).collect(),
    };
    let text = serde_json::to_string_pretty(&manifest).map_err(|e| failed(folder)(e.into()))? + "\n";
    Ok(whole(folder, MANIFEST, &text)?.sha256)
}

pub(in crate::flow) fn failed(path: &Path) -> impl Fn(std::io::Error) -> FlowError {
    let what = format!("write {}", path.display());
    move |source| FlowError::File { what: what.clone(), source }
}
