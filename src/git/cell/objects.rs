//! Copies the objects that lie in a cell. What is read of an attempt is read from the copy: an agent may change,
//! cut or replace its own files at any moment, and a file that is cut while it is mapped ends the process.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use crate::git::error::GitError;
use crate::git::inside::{Inside, open};

/// Copies loose objects and packs from `inner` of `top` to `to`, which is made; hands back how many files these were.
/// Only what is called as git calls it is copied, and neither alternates nor any index that says what is where. No
/// link is followed below `top`.
pub(super) fn copy(top: &Path, inner: &Path, to: &Path, most: Option<u64>) -> Result<usize, GitError> {
    let mut copy = Copy { top, count: 0, left: most.unwrap_or(u64::MAX) };
    fs::create_dir_all(to.join("pack")).map_err(GitError::io("create", to))?;
    let from = &top.join(inner);
    // git packs first and removes then: in this order nothing is missed that moves meanwhile
    for name in names(from).filter(|name| is_hex(name, 2)) {
        let (inner, to) = (inner.join(&name), to.join(&name));
        fs::create_dir_all(&to).map_err(GitError::io("create", &to))?;
        for object in names(&top.join(&inner)).filter(|name| is_hex(name, 38)) {
            copy.file(&inner.join(&object), &to.join(&object))?;
        }
    }
    let packs = inner.join("pack");
    for pack in names(&top.join(&packs)) {
        let Some(name) = pack.strip_suffix(".pack").filter(|name| is_pack(name)) else { continue };
        for end in ["pack", "idx"] {
            let file = format!("{name}.{end}");
            copy.file(&packs.join(&file), &to.join("pack").join(&file))?;
        }
    }
    Ok(copy.count)
}

struct Copy<'a> {
    top: &'a Path,
    count: usize,
    left: u64,
}

impl Copy<'_> {
    /// What is no regular file, is behind a link, or is gone by now, is passed over.
    fn file(&mut self, from: &Path, to: &Path) -> Result<(), GitError> {
        let Ok(Inside::File(file)) = open(self.top, from) else { return Ok(()) };
        let mut copy = File::create(to).map_err(GitError::io("write", to))?;
        let size = io::copy(&mut file.take(self.left.saturating_add(1)), &mut copy);
        let size = size.map_err(GitError::io("copy", self.top.join(from)))?;
        self.left = self.left.checked_sub(size).ok_or_else(|| GitError::TooLarge { path: from.into() })?;
        self.count += 1;
        Ok(())
    }
}

fn names(folder: &Path) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(|entry| entry.file_name().into_string().ok())
}

fn is_hex(name: &str, digits: usize) -> bool {
    name.len() == digits && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_pack(name: &str) -> bool {
    name.strip_prefix("pack-").is_some_and(|id| is_hex(id, 40))
}
