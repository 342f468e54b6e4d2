//! Gives back files that were too large for a commit, where a text stands for each.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use git2::{ObjectType, Oid};

use super::beside::copy;
use super::error::GitError;
use super::inside::{Inside, open};
use super::vault::{LARGE, Vault};

/// Puts the files into a folder that has the files of the salvaged commit, and in which nobody else works. `place` is the
/// folder's name of the attempt.
pub(super) fn put_back(vault: &Vault, kept: Oid, place: &str, folder: &Path) -> Result<(), GitError> {
    let fail = GitError::library("look for large files");
    let repo = &vault.repo;
    let commit = repo.find_commit(kept).map_err(&fail)?;
    let old = commit.parent(0).and_then(|parent| parent.tree()).ok();
    let new = commit.tree().map_err(&fail)?;
    let diff = repo.diff_tree_to_tree(old.as_ref(), Some(&new), None).map_err(&fail)?;
    let odb = repo.odb().map_err(&fail)?;
    for delta in diff.deltas() {
        let file = delta.new_file();
        let is_small = odb.read_header(file.id()).is_ok_and(|(size, _)| size <= TEXT_MAX);
        let (Some(path), true) = (file.path(), is_small) else { continue };
        let Ok(blob) = repo.find_blob(file.id()) else { continue };
        let Some(from) = stands_for(blob.content(), place) else { continue };
        let Ok(Inside::File(from)) = open(&vault.path, &from) else {
            tracing::warn!(path = %path.display(), "a large file is not in the vault any more");
            continue;
        };
        let to = folder.join(path);
        put(&from, &to).map_err(GitError::io("write", &to))?;
    }
    Ok(())
}

fn put(from: &File, to: &Path) -> std::io::Result<()> {
    let size = from.metadata()?.len();
    fs::remove_file(to)?;
    copy(from, to, size)?.sync_all()
}

/// Where in the vault the file is that the text stands for. Its name is made of the text, so that nobody's text leads to
/// another file than its own.
fn stands_for(text: &[u8], place: &str) -> Option<PathBuf> {
    let text = std::str::from_utf8(text).ok().filter(|text| text.starts_with(BEGIN))?;
    let (what, last) = text.strip_suffix('\n')?.rsplit_once('\n')?;
    let name = Oid::hash_object(ObjectType::Blob, format!("{what}\n").as_bytes()).ok()?;
    let inner = Path::new(LARGE).join(place).join(name.to_string());
    (last == format!("kept as {} of the vault", inner.display())).then_some(inner)
}

/// How every such text begins.
const BEGIN: &str = "sprintgate: this file is too large for a commit\n";
/// Bytes that such a text has at most: a path, and a little more.
const TEXT_MAX: usize = 8 * 1024;
