//! Reads and writes the config file, which holds a token: it is open to its owner only, and never half written.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::ConfigError;

/// No sound config file is larger.
const LARGEST: u64 = 1024 * 1024;

/// No sound token is, with white space around it.
const LARGEST_SECRET: u64 = 8 * 1024;

/// The bits that let others read or write.
const OTHERS: u32 = 0o066;

/// The file's text; none when there is no file.
pub(super) fn read(path: &Path) -> Result<Option<String>, ConfigError> {
    let failed = |source| ConfigError::Read { path: path.to_owned(), source };
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
        // opening a pipe would wait for its writer
        Ok(meta) if !meta.is_file() => {
            return Err(ConfigError::Strange { path: path.to_owned(), why: "is not a file" });
        }
        Ok(_) => {}
    }
    let mut file = File::open(path).map_err(failed)?;
    let meta = file.metadata().map_err(failed)?;
    if meta.mode() & OTHERS != 0 {
        return Err(ConfigError::Unsafe { path: path.to_owned(), mode: meta.mode() & 0o777 });
    }
    let mut bytes = Vec::new();
    Read::by_ref(&mut file).take(LARGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > LARGEST {
        return Err(ConfigError::Strange { path: path.to_owned(), why: "is larger than 1 MiB" });
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(text)),
        Err(_) => Err(ConfigError::Strange { path: path.to_owned(), why: "is not UTF-8" }),
    }
}

/// The text of a file that holds one secret and belongs to this user alone; why not, without its content.
pub(super) fn secret_file(path: &Path) -> Result<String, String> {
    let shown = path.display();
    let failed = |error: io::Error| format!("leads to {shown}, which cannot be read: {error}");
    // Opening a pipe would wait for its writer.
    if !fs::metadata(path).map_err(failed)?.is_file() {
        return Err(format!("leads to {shown}, which is not a file"));
    }
    let file = File::open(path).map_err(failed)?;
    let meta = file.metadata().map_err(failed)?;
    let mode = meta.mode() & 0o777;
    if !meta.is_file() {
        return Err(format!("leads to {shown}, which is not a file"));
    }
    if mode & 0o177 != 0 {
        return Err(format!("leads to {shown}, whose mode is {mode:03o}; it has to be 600 or less"));
    }
    if meta.uid() != rustix::process::geteuid().as_raw() {
        return Err(format!("leads to {shown}, which belongs to another user"));
    }
    let mut text = String::new();
    file.take(LARGEST_SECRET + 1).read_to_string(&mut text).map_err(failed)?;
    if text.len() as u64 > LARGEST_SECRET {
        return Err(format!("leads to {shown}, which is larger than 8 KiB"));
    }
    Ok(text)
}

/// Makes the file's folder and holds it, so that two processes do not undo each other's edits.
pub(super) fn hold(path: &Path) -> Result<File, ConfigError> {
    let failed = |source| ConfigError::Write { path: path.to_owned(), source };
    let folder = folder_of(path);
    DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(failed)?;
    let folder = File::open(folder).map_err(failed)?;
    folder.lock().map_err(failed)?;
    Ok(folder)
}

/// Puts the text in the file's place, whole or not at all. `new` refuses to replace a file.
pub(super) fn write(path: &Path, text: &str, new: bool) -> Result<(), ConfigError> {
    let failed = |source| ConfigError::Write { path: path.to_owned(), source };
    // a link stays a link: what it leads to is replaced
    let target = if new { path.to_owned() } else { fs::canonicalize(path).map_err(failed)? };
    let draft = draft_beside(&target);
    let written = fill(&draft, text)
        .and_then(|()| if new { fs::hard_link(&draft, &target) } else { fs::rename(&draft, &target) });
    if new || written.is_err() {
        // the draft may never have been made
        let _ = fs::remove_file(&draft);
    }
    written.map_err(failed)?;
    File::open(folder_of(&target)).and_then(|folder| folder.sync_all()).map_err(failed)
}

fn fill(draft: &Path, text: &str) -> io::Result<()> {
    // of a process that was killed; the folder is held, so nobody writes it now
    if draft.exists() {
        fs::remove_file(draft)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn draft_beside(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    folder_of(target).join(format!(".{name}.draft"))
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}
