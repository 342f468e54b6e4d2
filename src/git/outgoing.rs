//! What may leave this machine of what was kept of an attempt: the commit where its worktree stands, and its files without
//! those that the worktree itself says are nobody else's (`info/exclude`). What was amended away, lies on another branch or
//! was stashed may hold what somebody took back on purpose; it stays in the vault.

use std::ffi::OsStr;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use git2::{Delta, Index, Oid, Repository};

use super::error::GitError;
use super::inside::{Inside, open};
use super::vault::Vault;

/// What the agent's own repository excludes, whatever the rules of the commit say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Excludes {
    /// These lines.
    Lines(String),
    /// They cannot be read, so that every new file may be among them.
    Unknown,
}

/// Reads the excludes of the cell in a folder.
pub(super) fn excludes(folder: &Path) -> Excludes {
    match open(folder, Path::new(".git/info/exclude")) {
        Ok(Inside::File(file)) => {
            let (mut text, most) = (String::new(), MOST + 1);
            match file.take(most).read_to_string(&mut text) {
                Ok(read) if u64::try_from(read).is_ok_and(|read| read <= MOST) => lines(&text),
                _ => Excludes::Unknown,
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && is_repository(folder) => {
            Excludes::Lines(String::new())
        }
        _ => Excludes::Unknown,
    }
}

/// The rules as git reads them: what marks the order of bytes is none of the first one. The library takes none with a zero.
fn lines(text: &str) -> Excludes {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains('\0') { Excludes::Unknown } else { Excludes::Lines(text.to_owned()) }
}

/// Whether there is a `.git` that has not been taken apart.
fn is_repository(folder: &Path) -> bool {
    matches!(open(folder, Path::new(".git/HEAD")), Ok(Inside::File(_)))
}

/// Bytes of rules.
const MOST: u64 = 1024 * 1024;

/// The tree without the files that `head` does not have and the rules exclude.
pub(super) fn without_excluded(
    vault: &Vault,
    head: Option<Oid>,
    tree: Oid,
    excludes: &Excludes,
) -> Result<Oid, GitError> {
    let fail = GitError::library("leave out excluded files");
    // a handle of its own: the rules are to count for nothing else
    let rules = Repository::open_bare(&vault.path).map_err(&fail)?;
    if let Excludes::Lines(lines) = excludes {
        rules.add_ignore_rule(lines).map_err(&fail)?;
    }
    let repo = &vault.repo;
    let new = repo.find_tree(tree).map_err(&fail)?;
    let old = head.map(|head| repo.find_commit(head)?.tree()).transpose().map_err(&fail)?;
    let diff = repo.diff_tree_to_tree(old.as_ref(), Some(&new), None).map_err(&fail)?;
    let mut left_out = Vec::new();
    for delta in diff.deltas().filter(|delta| delta.status() == Delta::Added) {
        let Some(bytes) = delta.new_file().path_bytes() else { continue };
        let path = Path::new(OsStr::from_bytes(bytes));
        if *excludes == Excludes::Unknown || rules.is_path_ignored(path).map_err(&fail)? {
            left_out.push(path.to_owned());
        }
    }
    if left_out.is_empty() {
        return Ok(tree);
    }
    let mut index = Index::new().map_err(&fail)?;
    index.read_tree(&new).map_err(&fail)?;
    for path in left_out {
        index.remove_path(&path).map_err(&fail)?;
    }
    index.write_tree_to(repo).map_err(&fail)
}
