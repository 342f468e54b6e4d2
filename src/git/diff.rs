//! The diff of an attempt, tree to tree in the vault. The library runs neither external diffs nor
//! text converters, and nothing that agents write configures it.

use git2::{Delta, DiffDelta, DiffFindOptions, DiffFormat, DiffLine, DiffOptions};

use crate::domain::commit::CommitId;
use crate::domain::remote::RemoteUrl;

use super::error::GitError;
use super::lock::blocking;
use super::settings::Git;
use super::vault::Vault;

impl Git {
    /// Feeds each line of the unified patch from `merge_base(base, head)` to `head`, with renames and
    /// without line ends, to `feed`, and hands back `state`.
    ///
    /// # Errors
    /// [`GitError::NotInVault`] when one of the commits was not taken before.
    pub async fn diff<S: Send + 'static>(
        &self,
        url: &RemoteUrl,
        base: &CommitId,
        head: &CommitId,
        mut state: S,
        feed: fn(&mut S, &[u8]),
    ) -> Result<S, GitError> {
        let (path, lock) = self.vault(url).await?;
        // objects are only ever added, so reading needs no lock
        drop(lock);
        let (base, head) = (base.clone(), head.clone());
        blocking("compare", move || {
            let vault = Vault::open(&path)?;
            print(&vault, &base, &head, |line| feed(&mut state, line))?;
            Ok(state)
        })
        .await
    }
}

fn print(
    vault: &Vault,
    base: &CommitId,
    head: &CommitId,
    mut feed: impl FnMut(&[u8]),
) -> Result<(), GitError> {
    let fail = GitError::library("compare two commits");
    let (base, head) = (vault.commit(base)?, vault.commit(head)?);
    let repo = &vault.repo;
    let from = repo.merge_base(base, head).map_err(&fail)?;
    let tree = |oid| repo.find_commit(oid).and_then(|commit| commit.tree()).map_err(&fail);
    let (old, new) = (tree(from)?, tree(head)?);
    let mut options = DiffOptions::new();
    // said here so that no config says otherwise
    options.old_prefix("a/").new_prefix("b/").context_lines(3).interhunk_lines(0).include_typechange(false);
    options.max_size(TEXT_MAX);
    let mut diff = repo.diff_tree_to_tree(Some(&old), Some(&new), Some(&mut options)).map_err(&fail)?;
    diff.find_similar(Some(DiffFindOptions::new().renames(true))).map_err(&fail)?;
    let mut buffer = Vec::new();
    diff.print(DiffFormat::Patch, |delta, _, line| {
        put(&line, is_empty(&delta), &mut buffer, &mut feed);
        true
    })
    .map_err(&fail)
}

/// Whether a file without bytes appears or goes: git names it in no `---` and `+++`, the library does.
fn is_empty(delta: &DiffDelta<'_>) -> bool {
    let file = match delta.status() {
        Delta::Added => delta.new_file(),
        Delta::Deleted => delta.old_file(),
        _ => return false,
    };
    file.id().to_string() == EMPTY
}

/// Bytes of a file above which it is not looked at line by line: that it differs is said all the same.
const TEXT_MAX: i64 = 32 * 1024 * 1024;

/// The id of the blob without bytes.
const EMPTY: &str = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

/// A line of a file comes without its sign; headers come as several lines at once.
fn put(line: &DiffLine<'_>, empty: bool, buffer: &mut Vec<u8>, feed: &mut impl FnMut(&[u8])) {
    let content = line.content();
    if let sign @ ('+' | '-' | ' ') = line.origin() {
        buffer.clear();
        buffer.push(sign as u8);
        buffer.extend_from_slice(content.strip_suffix(b"\n").unwrap_or(content));
        feed(buffer);
        return;
    }
    for part in content.split(|b| *b == b'\n').filter(|part| !part.is_empty()) {
        let name = part.strip_prefix(b"--- ").or_else(|| part.strip_prefix(b"+++ "));
        let name = name.filter(|_| line.origin() == 'F');
        if empty && name.is_some() {
            continue;
        }
        buffer.clear();
        buffer.extend_from_slice(part);
        // git ends a name that has a space with a tab, the library does not
        if name.is_some_and(|name| name.contains(&b' ')) {
            buffer.push(b'\t');
        }
        feed(buffer);
    }
}
