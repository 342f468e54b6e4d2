//! Copies the objects that lie in a cell. What is read of an attempt is read from the copy: an agent may change,
//! cut or replace its own files at any moment, and a file that is cut while it is mapped ends the process.

use std::fs;
use std::path::Path;

use crate::git::beside;
use crate::git::error::GitError;
use crate::git::inside::{Inside, open};

/// Copies loose objects and packs from `inner` of `top` to `to`, which is made; hands back how many files these were.
/// Git reads a pack whatever its name is, and so is any copied, but neither alternates nor any index that says what is
/// where. No link is followed below `top`, and what was never written of a file is not written here.
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
        let size = file.metadata().map_err(GitError::io("read", self.top.join(from)))?.len();
        self.left = self.left.checked_sub(size).ok_or_else(|| GitError::TooLarge { path: from.into() })?;
        beside::copy(&file, to, size).map_err(GitError::io("copy", self.top.join(from)))?;
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

/// Git itself calls them `pack-`, `loose-` or `prefetch-` and some digits.
fn is_pack(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=NAME_MAX).contains(&name.len()) && !name.starts_with('-') && name.bytes().all(plain)
}

/// The most characters of a name that is looked at.
const NAME_MAX: usize = 200;
