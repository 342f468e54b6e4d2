//! Folders that are deeper in each other than the library reads. It would refuse the whole worktree; so it is not let
//! into them, and what is new there is found by walking ourselves.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use git2::{Diff, DiffOptions, Index, Repository};

use super::error::GitError;
use super::inside::{Below, list};

/// How deep the library is let in: it reads no more than 100 levels.
const LET_IN: usize = 90;
/// How deep anybody reads: trees are written and read by functions that call themselves.
const DEEPEST: usize = 400;
/// Bytes of a path that every program on the system can use.
const LONGEST: usize = 4000;

/// What differs from the index in a folder, without what lies in folders that are too deep, and the new files there that
/// no rule ignores.
///
/// # Errors
/// [`GitError::TooDeep`] where nobody would find the way back.
pub(super) fn differences<'repo>(
    repo: &'repo Repository,
    index: &Index,
    folder: &Path,
    options: &mut DiffOptions,
) -> Result<(Diff<'repo>, Vec<PathBuf>), GitError> {
    let fail = GitError::library("compare the worktree with its commit");
    let refused = match repo.diff_index_to_workdir(Some(index), Some(options)) {
        Ok(diff) => return Ok((diff, Vec::new())),
        Err(error) => error,
    };
    let (mut deep, mut new) = (Vec::new(), Vec::new());
    walk(folder, PathBuf::new(), |path, below| {
        if *below == Below::Folder && path.components().count() >= LET_IN {
            deep.push(path.to_owned());
            return Ok(false);
        }
        Ok(path != Path::new(".git"))
    })?;
    let Some(first) = deep.first() else { return Err(fail(refused)) };
    let too_deep = || GitError::TooDeep { path: folder.join(first) };
    // a handle of its own knows the rules of the repository alone
    let rules = Repository::open_bare(repo.path()).map_err(&fail)?;
    rules.set_workdir(folder, false).map_err(&fail)?;
    for path in &deep {
        if rules.is_path_ignored(path).map_err(&fail)? {
            continue;
        }
        walk(folder, path.clone(), |path, below| {
            if path.components().count() > DEEPEST || path.as_os_str().len() > LONGEST {
                return Err(GitError::TooDeep { path: folder.join(path) });
            }
            let is_new = index.get_path(path, 0).is_none() && !rules.is_path_ignored(path).map_err(&fail)?;
            if is_new && *below == Below::File {
                new.push(path.to_owned());
            }
            Ok(is_new && path.file_name().is_none_or(|name| name != ".git"))
        })?;
    }
    for path in &deep {
        repo.add_ignore_rule(&pattern(path).ok_or_else(too_deep)?).map_err(&fail)?;
    }
    let diff = repo.diff_index_to_workdir(Some(index), Some(options)).map_err(|_| too_deep())?;
    Ok((diff, new))
}

/// Shows everything below a folder of a worktree, by its path there; goes into the folders for which `see` says so.
fn walk(
    top: &Path,
    from: PathBuf,
    mut see: impl FnMut(&Path, &Below) -> Result<bool, GitError>,
) -> Result<(), GitError> {
    let mut folders = vec![from];
    while let Some(folder) = folders.pop() {
        for (name, below) in list(top, &folder).map_err(GitError::io("read", top.join(&folder)))? {
            let path = folder.join(name);
            if see(&path, &below)? && below == Below::Folder {
                folders.push(path);
            }
        }
    }
    Ok(())
}

/// The rule that names this folder and nothing else; none for a name that no rule can have.
fn pattern(path: &Path) -> Option<String> {
    let text = std::str::from_utf8(path.as_os_str().as_bytes()).ok()?;
    let mut rule = String::from("/");
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\0' => return None,
            '\\' | '*' | '?' | '[' | ']' | '!' | '#' | ' ' | '\t' => rule.extend(['\\', c]),
            _ => rule.push(c),
        }
    }
    rule.push('/');
    Some(rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_names_one_folder() {
        let dir = tempfile::tempdir().unwrap();
        let repo = Repository::init(dir.path()).unwrap();
        let odd = "a*b/[c]/!d/#e/ f /g\\h";
        repo.add_ignore_rule(&pattern(Path::new(odd)).unwrap()).unwrap();
        let ignored = |path: &str| repo.is_path_ignored(format!("{path}/file")).unwrap();
        assert!(ignored(odd));
        for other in ["axb/[c]/!d/#e/ f /g\\h", "a*b/c/!d/#e/ f /g\\h", "z/a*b/[c]/!d/#e/ f /g\\h"] {
            assert!(!ignored(other), "{other}");
        }
        assert_eq!(pattern(Path::new("a\nb")), None);
    }
}
