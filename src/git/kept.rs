//! What is kept of a place: its files as a tree, above all that was found in its cell and before.

use std::path::PathBuf;

use git2::{Delta, Oid, Repository, Signature};

use super::error::GitError;
use super::inside::{unlink, unlock};
use super::outgoing::{excludes, without_excluded};
use super::pipes::in_worktree;
use super::record::{Record, State};
use super::salvage::Salvaged;
use super::snapshot::snapshot;
use super::vault::{Vault, commit_id};

/// A place to salvage, with what the server remembers of it and what was found there.
pub(super) struct Post {
    pub vault: PathBuf,
    pub folder: PathBuf,
    pub index: PathBuf,
    pub reference: String,
    /// Where the refs are of what may be sent.
    pub outgoing: String,
    /// The ref of the last commit that was taken from it.
    pub job: String,
    pub title: String,
    pub record: Record,
    /// Where it says that it stands.
    pub head: Option<Oid>,
    /// Commits that it had, all in the vault by now.
    pub brought: Vec<Oid>,
}

/// What was read of it.
pub(super) struct Read {
    /// The commit that its files are changes of.
    head: Option<Oid>,
    /// Its files; none when there is no folder.
    tree: Option<Oid>,
    /// Its files that may be sent; none when there is no folder, or half of one.
    open: Option<Oid>,
}

/// What a part that may be sent is made of.
struct Found {
    head: Option<Oid>,
    /// What was kept before.
    old: Option<Oid>,
    open: Option<Oid>,
}

impl Post {
    /// Reads its files into the vault, where nothing names them yet.
    pub(super) fn read(&self) -> Result<Read, GitError> {
        let vault = Vault::open(&self.vault)?;
        let taken = vault.tip(&self.job)?;
        let is_folder = self.folder.symlink_metadata().is_ok_and(|meta| meta.is_dir());
        let has = |oid: &Oid| vault.has(*oid);
        let fallback = || if is_folder { self.start().filter(has).or(taken) } else { taken };
        let head = self.head.filter(has).or_else(fallback);
        let tree = if is_folder { Some(self.files(head)?) } else { None };
        let whole = tree.filter(|_| !self.record.is_going);
        let open = whole.and_then(|tree| {
            // what cannot be sent is kept all the same
            without_excluded(&vault, head, tree, &excludes(&self.folder))
                .inspect_err(|error| tracing::warn!(%error, "nothing of the files will be sent"))
                .ok()
        });
        Ok(Read { head, tree, open })
    }

    /// Keeps what was read, and the commits. The caller holds the place and the vault.
    pub(super) fn keep(&self, Read { head, tree, open }: Read) -> Result<Option<Salvaged>, GitError> {
        let fail = GitError::library("salvage");
        let vault = Vault::open(&self.vault)?;
        let taken = vault.tip(&self.job)?;
        let old = vault.tip(&self.reference)?;
        let found: Vec<Oid> = self.brought.iter().copied().chain(head).chain(taken).collect();
        let mut tips = vault.unkept(&found, &self.known(&vault, old))?;
        let unpushed = !tips.is_empty();
        // who kept them before may have died before he had said so
        let has_commits = match old {
            Some(_) => !vault.unkept(&found, &self.known(&vault, None))?.is_empty(),
            None => unpushed,
        };
        tips.retain(|tip| Some(*tip) != head);

        // of half a folder only what is new counts: the whole was kept before the rest of it went
        let tree = match tree.zip(old.or(head)).filter(|_| self.record.is_going) {
            Some((tree, before)) => Some(without_losses(&vault.repo, before, tree).map_err(&fail)?),
            None => tree,
        };
        let paths = match tree {
            Some(tree) => changes(&vault.repo, head, tree).map_err(&fail)?,
            None => 0,
        };
        if paths == 0 && !unpushed {
            return old.filter(|_| has_commits).map(|old| self.report(old, paths, has_commits)).transpose();
        }
        if let (Some(old), Some(tree), false) = (old, tree, unpushed)
            && let Ok(kept) = vault.repo.find_commit(old)
            && kept.tree_id() == tree
            && (self.record.is_going || kept.parent_ids().next() == head)
        {
            return Ok(Some(self.report(old, paths, has_commits)?));
        }
        let commit = match (head, old) {
            (Some(head), None) if paths == 0 && tips.is_empty() => head,
            _ => {
                let tree = match (tree, head) {
                    (Some(tree), _) => tree,
                    (None, Some(head)) => vault.repo.find_commit(head).map_err(&fail)?.tree_id(),
                    (None, None) => return Ok(None),
                };
                let parents = head.into_iter().chain(old).chain(tips).collect();
                self.commit(&vault.repo, tree, parents).map_err(&fail)?
            }
        };
        if let Some(part) = self.part(&vault, commit, &Found { head, old, open })? {
            vault.set(&format!("{}{commit}", self.outgoing), part, &self.title)?;
        }
        vault.set(&self.reference, commit, &self.title)?;
        tracing::info!(reference = self.reference, %commit, paths, unpushed, "salvaged");
        Ok(Some(self.report(commit, paths, unpushed)?))
    }

    /// What may be sent of `kept`: the files above the commit where the worktree stands, or that alone; none when the
    /// remote has it. What could be sent of the work that was kept before is behind it, unless a commit of that was
    /// taken back since.
    fn part(&self, vault: &Vault, kept: Oid, found: &Found) -> Result<Option<Oid>, GitError> {
        let fail = GitError::library("salvage");
        let Some(tree) = found.open else { return Ok(None) };
        let mut parents = Vec::from_iter(found.head);
        if let Some(old) = found.old
            && let Some(before) = vault.tip(&format!("{}{old}", self.outgoing))?
        {
            // what still lies in the cell was taken back there; else the cell was made anew, and this is its earlier work
            let earlier = vault.beyond(&[before], &parents)?;
            if !earlier.is_empty() && !earlier.iter().any(|oid| self.brought.contains(oid)) {
                parents.push(before);
            }
        }
        if parents.len() < 2 && changes(&vault.repo, found.head, tree).map_err(&fail)? == 0 {
            return Ok(match found.head {
                Some(head) if !vault.is_kept(head, &[])? => Some(head),
                _ => None,
            });
        }
        let whole = vault.repo.find_commit(kept).map_err(&fail)?;
        if whole.tree_id() == tree && whole.parent_ids().eq(parents.iter().copied()) {
            return Ok(Some(kept));
        }
        self.commit(&vault.repo, tree, parents).map(Some).map_err(&fail)
    }

    fn start(&self) -> Option<Oid> {
        match &self.record.state {
            State::Made(start) => Oid::from_str(start.as_str()).ok(),
            State::Making | State::Unknown => None,
        }
    }

    /// Commits that are safe elsewhere: published from this place, or salvaged before.
    fn known(&self, vault: &Vault, old: Option<Oid>) -> Vec<Oid> {
        let published = self.record.published.as_ref().and_then(|id| Oid::from_str(id.as_str()).ok());
        published.into_iter().chain(old).filter(|oid| vault.has(*oid)).collect()
    }

    fn files(&self, head: Option<Oid>) -> Result<Oid, GitError> {
        // a pipe holds no work
        for pipe in in_worktree(&self.folder).pipes {
            tracing::warn!(pipe = %pipe.display(), "removed a pipe that stood in the way of salvage");
            let inner = pipe.strip_prefix(&self.folder).unwrap_or(&pipe);
            unlink(&self.folder, inner)
                .or_else(|_| unlock(&self.folder).and_then(|()| unlink(&self.folder, inner)))
                .map_err(GitError::io("remove", &pipe))?;
        }
        let tree = |of| snapshot(Vault::open(&self.vault)?, &self.folder, &self.index, of);
        tree(head)
            .or_else(|_| {
                // the likeliest cause is a file without the right to read it
                unlock(&self.folder).map_err(GitError::io("unlock", &self.folder))?;
                tree(head)
            })
            // the next one a commit whose names no file may have
            .or_else(|error| if self.start() == head { Err(error) } else { tree(self.start()) })
    }

    fn commit(&self, repo: &Repository, tree: Oid, mut parents: Vec<Oid>) -> Result<Oid, git2::Error> {
        let who = Signature::now("sprintgate", "sprintgate@localhost")?;
        let tree = repo.find_tree(tree)?;
        let commit = |parents: &[Oid]| {
            let parents = parents.iter().map(|oid| repo.find_commit(*oid)).collect::<Result<Vec<_>, _>>()?;
            repo.commit(None, &who, &who, &self.title, &tree, &parents.iter().collect::<Vec<_>>())
        };
        while parents.len() > PARENTS {
            let last = parents.split_off(parents.len() - PARENTS);
            parents.push(commit(&last)?);
        }
        commit(&parents)
    }

    fn report(&self, commit: Oid, paths: usize, unpushed: bool) -> Result<Salvaged, GitError> {
        Ok(Salvaged { reference: self.reference.clone(), commit: commit_id(commit)?, paths, unpushed })
    }
}

/// How many parents one commit gets; programs that show histories are not made for many more.
const PARENTS: usize = 16;

/// The tree, or that of the commit where all that distinguishes them is that something is missing.
fn without_losses(repo: &Repository, before: Oid, tree: Oid) -> Result<Oid, git2::Error> {
    let (old, new) = (repo.find_commit(before)?.tree()?, repo.find_tree(tree)?);
    let diff = repo.diff_tree_to_tree(Some(&old), Some(&new), None)?;
    let is_less = diff.deltas().all(|delta| delta.status() == Delta::Deleted);
    Ok(if is_less { old.id() } else { tree })
}

/// How many paths of `tree` differ from the commit.
fn changes(repo: &Repository, head: Option<Oid>, tree: Oid) -> Result<usize, git2::Error> {
    let old = head.map(|head| repo.find_commit(head)?.tree()).transpose()?;
    let new = repo.find_tree(tree)?;
    Ok(repo.diff_tree_to_tree(old.as_ref(), Some(&new), None)?.deltas().count())
}
