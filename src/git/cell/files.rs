//! The files of a cell against a commit, by an index that the server wrote when it made the cell: what an agent's own
//! index says is unchanged, assumed or skipped counts for nothing. The library runs no filter, hook or monitor.

use std::path::Path;

use git2::{DiffOptions, Index, Oid, Repository};

use super::stand::{regular, stand};
use crate::git::deep::differences;
use crate::git::error::GitError;
use crate::git::pipes;
use crate::git::vault::Vault;

/// The vault with `folder` as its work tree and the index of the commit in memory.
pub(in crate::git) fn with_files(
    vault: Vault,
    folder: &Path,
    index: &Path,
    head: Option<Oid>,
) -> Result<(Repository, Index), GitError> {
    let fail = GitError::library("open the work folder");
    let traps = pipes::in_worktree(folder);
    pipes::none(traps.pipes)?;
    let repo = vault.repo;
    repo.set_workdir(folder, false).map_err(&fail)?;
    // without it every file is read again, which only takes longer
    let opened = regular(index).and_then(|_| Index::open(index).ok());
    let mut index = match opened {
        Some(index) => index,
        None => Index::new().map_err(&fail)?,
    };
    match head {
        Some(head) => {
            let tree = repo.find_commit(head).and_then(|commit| commit.tree()).map_err(&fail)?;
            index.read_tree(&tree).map_err(&fail)?;
        }
        None => index.clear().map_err(&fail)?,
    }
    for path in traps.large.iter().filter_map(|path| path.strip_prefix(folder).ok()) {
        differs_by_size(&repo, &mut index, folder, path).map_err(&fail)?;
    }
    repo.set_index(&mut index).map_err(&fail)?;
    Ok((repo, index))
}

/// Sees to it that a large file is known by its size not to be what the commit has, if so it is: the library reads
/// whatever the index has no size of, and all of it at once where an attribute changes its lines.
fn differs_by_size(
    repo: &Repository,
    index: &mut Index,
    folder: &Path,
    path: &Path,
) -> Result<(), git2::Error> {
    let Some(mut entry) = index.get_path(path, 0) else { return Ok(()) };
    let (size, _) = repo.odb()?.read_header(entry.id)?;
    let found = folder.join(path).symlink_metadata().map_or(0, |meta| meta.len());
    if u64::try_from(size).is_ok_and(|size| size == found) {
        return Ok(());
    }
    // an index has the lower half of a size only
    entry.file_size = if found & u64::from(u32::MAX) == 1 { 2 } else { 1 };
    index.add(&entry)
}

/// Paths of the folder that differ from the commit, untracked ones too, ignored ones not; at most 20.
pub(in crate::git) fn dirty(
    vault: Vault,
    folder: &Path,
    index: &Path,
    head: Oid,
) -> Result<Vec<String>, GitError> {
    let (repo, index) = with_files(vault, folder, index, Some(head))?;
    let mut options = DiffOptions::new();
    options.include_untracked(true).recurse_untracked_dirs(true).include_typechange(true);
    // the library would open the repositories of submodules, which are the agent's to write
    options.ignore_submodules(true);
    let (diff, deep) = differences(&repo, &index, folder, &mut options)?;
    let path = |delta: git2::DiffDelta<'_>| {
        let bytes = delta.new_file().path_bytes().or_else(|| delta.old_file().path_bytes());
        String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
    };
    let mut paths: Vec<String> = diff.deltas().map(path).collect();
    paths.extend(index.iter().filter(|entry| entry.mode == GITLINK).filter_map(|entry| {
        let name = String::from_utf8_lossy(&entry.path).into_owned();
        let inner = folder.join(&name);
        let is_there = inner.read_dir().is_ok_and(|mut entries| entries.next().is_some());
        (is_there && stand(&inner.join(".git")).at != Some(entry.id)).then_some(name)
    }));
    paths.extend(deep.iter().map(|path| path.to_string_lossy().into_owned()));
    paths.sort();
    paths.dedup();
    paths.truncate(20);
    Ok(paths)
}

/// The mode of a submodule in an index.
pub(in crate::git) const GITLINK: u32 = 0o160_000;
