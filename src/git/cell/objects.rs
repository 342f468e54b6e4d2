//! Copies the objects that lie in a cell. What is read of an attempt is read from the copy: an agent may change,
//! cut or replace its own files at any moment, and a file that is cut while it is mapped ends the process.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::stand::regular;
use crate::git::error::GitError;

/// Copies loose objects and packs from `from` to `to`, which is made; hands back how many files these were. Only
/// what is called as git calls it is copied, and neither alternates nor any index that says what is where.
pub(super) fn copy(from: &Path, to: &Path, most: Option<u64>) -> Result<usize, GitError> {
    let mut copy = Copy { count: 0, left: most.unwrap_or(u64::MAX) };
    fs::create_dir_all(to.join("pack")).map_err(GitError::io("create", to))?;
    if !is_folder(from) {
        return Ok(0);
    }
    // git packs first and removes then: in this order nothing is missed that moves meanwhile
    for name in names(from).filter(|name| is_hex(name, 2)) {
        let (from, to) = (from.join(&name), to.join(&name));
        if !is_folder(&from) {
            continue;
        }
        fs::create_dir_all(&to).map_err(GitError::io("create", &to))?;
        for object in names(&from).filter(|name| is_hex(name, 38)) {
            copy.file(&from.join(&object), &to.join(&object))?;
        }
    }
    let packs = from.join("pack");
    for pack in names(&packs).filter(|_| is_folder(&packs)) {
        let Some(name) = pack.strip_suffix(".pack").filter(|name| is_pack(name)) else { continue };
        for end in ["pack", "idx"] {
            let file = format!("{name}.{end}");
            copy.file(&packs.join(&file), &to.join("pack").join(&file))?;
        }
    }
    Ok(copy.count)
}

struct Copy {
    count: usize,
    left: u64,
}

impl Copy {
    /// What is no regular file, or is gone by now, is passed over.
    fn file(&mut self, from: &Path, to: &Path) -> Result<(), GitError> {
        let Some(file) = regular(from) else { return Ok(()) };
        let mut copy = File::create(to).map_err(GitError::io("write", to))?;
        let size = io::copy(&mut file.take(self.left.saturating_add(1)), &mut copy);
        let size = size.map_err(GitError::io("copy", from))?;
        self.left = self.left.checked_sub(size).ok_or_else(|| GitError::TooLarge { path: from.into() })?;
        self.count += 1;
        Ok(())
    }
}

fn names(folder: &Path) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(|entry| entry.file_name().into_string().ok())
}

fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir())
}

fn is_hex(name: &str, digits: usize) -> bool {
    name.len() == digits && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_pack(name: &str) -> bool {
    name.strip_prefix("pack-").is_some_and(|id| is_hex(id, 40))
}
