//! What of a change only git's own programs could have made good, and none ran: files that LFS keeps elsewhere, and the
//! commits of other repositories. Read tree to tree in the vault; the rules are those of the later commit.

use std::collections::BTreeSet;
use std::path::PathBuf;

use git2::{Delta, DiffFile, DiffOptions, FileMode, Oid};

use crate::domain::commit::CommitId;
use crate::domain::remote::RemoteUrl;

use super::error::GitError;
use super::lock::blocking;
use super::notice::{POINTER, POINTER_MAX};
use super::rules::Rules;
use super::settings::Git;
use super::vault::Vault;

/// Paths of a change, each list sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// Files that the rules give to LFS, and that have content where their pointer belongs. One that had content before is
    /// none of them.
    pub contents: Vec<String>,
    /// Pointers of LFS that are new or other ones. Whether anybody has what they point to is not known.
    pub pointers: Vec<String>,
    /// Submodules that came, went or stand at another commit, and `.gitmodules`.
    pub submodules: Vec<String>,
}

/// A file that came or changed.
struct Changed {
    path: Vec<u8>,
    old: Oid,
    new: Oid,
}

/// What a file that came or changed is, if the rules give it to LFS.
#[derive(Debug, Clone, Copy)]
enum Held {
    Content,
    Pointer,
}

/// What was seen of a change without knowing what its rules say.
#[derive(Default)]
struct Seen {
    touched: Touched,
    files: Vec<(Vec<u8>, Held)>,
    rules: Option<Rules>,
}

impl Git {
    /// Looks through what changed from `merge_base(base, head)` to `head`.
    ///
    /// # Errors
    /// [`GitError::NotInVault`] when one of the commits was not taken before; [`GitError::SlowRules`] and
    /// [`GitError::TooManyRules`].
    pub async fn touched(
        &self,
        url: &RemoteUrl,
        base: &CommitId,
        head: &CommitId,
    ) -> Result<Touched, GitError> {
        let (path, lock) = self.vault(url).await?;
        drop(lock);
        let (base, head) = (base.clone(), head.clone());
        self.look_through(path, move |vault| Ok((vault.commit(&base)?, vault.commit(&head)?))).await
    }

    /// The same, of what a branch of the remote does not have yet.
    ///
    /// # Errors
    /// [`GitError::NotInVault`] when neither this machine nor the remote has the commit; when the remote cannot be asked, or
    /// has no such branch; as [`Git::touched`].
    pub async fn touched_on(
        &self,
        url: &RemoteUrl,
        base: &str,
        head: &CommitId,
    ) -> Result<Touched, GitError> {
        let path = self.refresh(url).await?;
        let (url, base, head) = (url.clone(), base.to_owned(), head.clone());
        self.look_through(path, move |vault| {
            let none = || GitError::NoDefaultBranch { url: url.to_string() };
            Ok((vault.remote_tip(&base)?.ok_or_else(none)?, vault.commit(&head)?))
        })
        .await
    }

    async fn look_through(
        &self,
        path: PathBuf,
        ends: impl FnOnce(&Vault) -> Result<(Oid, Oid), GitError> + Send + 'static,
    ) -> Result<Touched, GitError> {
        let at = path.clone();
        let seen = blocking("look for pointers and submodules", move || {
            let vault = Vault::open(&at)?;
            let (base, head) = ends(&vault)?;
            look(&vault, base, head)
        })
        .await?;
        let Seen { mut touched, files, rules } = seen;
        if let Some(rules) = rules {
            let paths = files.iter().map(|(path, _)| path.clone()).collect();
            let given = self.given_to_lfs(&path, rules, paths).await?;
            for ((path, held), _) in files.iter().zip(given).filter(|(_, given)| *given) {
                match held {
                    Held::Content => touched.contents.push(text(path)),
                    Held::Pointer => touched.pointers.push(text(path)),
                }
            }
        }
        Ok(touched.sorted())
    }
}

fn look(vault: &Vault, base: Oid, head: Oid) -> Result<Seen, GitError> {
    let fail = GitError::library("look for pointers and submodules");
    let repo = &vault.repo;
    let from = repo.merge_base(base, head).map_err(&fail)?;
    let tree = |oid| repo.find_commit(oid).and_then(|commit| commit.tree()).map_err(&fail);
    let (old, new) = (tree(from)?, tree(head)?);
    let mut options = DiffOptions::new();
    options.include_typechange(true);
    let diff = repo.diff_tree_to_tree(Some(&old), Some(&new), Some(&mut options)).map_err(&fail)?;
    let (mut seen, mut files, mut gone) = (Seen::default(), Vec::new(), BTreeSet::new());
    for delta in diff.deltas() {
        let (before, after) = (delta.old_file(), delta.new_file());
        let path = after.path_bytes().or_else(|| before.path_bytes()).unwrap_or_default();
        let is_link = |file: &DiffFile<'_>| file.mode() == FileMode::Commit;
        if is_link(&before) || is_link(&after) || path == GITMODULES {
            seen.touched.submodules.push(text(path));
        } else if delta.status() != Delta::Deleted && is_file(&after) && before.id() != after.id() {
            files.push(Changed { path: path.to_owned(), old: before.id(), new: after.id() });
        }
        gone.insert(before.id());
    }
    seen.rules = Rules::about(vault, &new, files.iter().map(|file| file.path.as_slice()))?;
    if seen.rules.is_some() {
        let held = |file: Changed| Some((held(vault, &file, &gone)?, file.path));
        seen.files = files.into_iter().filter_map(held).map(|(held, path)| (path, held)).collect();
    }
    Ok(seen)
}

/// Nothing of a file that is the same to LFS as before.
fn held(vault: &Vault, file: &Changed, gone: &BTreeSet<Oid>) -> Option<Held> {
    match pointer(vault, file.new) {
        // an empty file has none, and one that was moved points to what it pointed to
        Some(bytes) if bytes.is_empty() || gone.contains(&file.new) => None,
        Some(_) => Some(Held::Pointer),
        // content that was there before may be moved, too
        None if gone.contains(&file.new) => None,
        None if file.old.is_zero() || pointer(vault, file.old).is_some() => Some(Held::Content),
        None => None,
    }
}

/// The pointer that a file is; an empty one is its own.
fn pointer(vault: &Vault, id: Oid) -> Option<Vec<u8>> {
    vault.content(id, POINTER_MAX).filter(|bytes| bytes.is_empty() || bytes.starts_with(POINTER))
}

fn is_file(file: &DiffFile<'_>) -> bool {
    matches!(file.mode(), FileMode::Blob | FileMode::BlobExecutable | FileMode::BlobGroupWritable)
}

fn text(path: &[u8]) -> String {
    String::from_utf8_lossy(path).into_owned()
}

impl Touched {
    fn sorted(mut self) -> Self {
        for paths in [&mut self.contents, &mut self.pointers, &mut self.submodules] {
            paths.sort_unstable();
        }
        self
    }
}

/// Where the addresses of submodules stand.
const GITMODULES: &[u8] = b".gitmodules";
