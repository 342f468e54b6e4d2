//! Keeps what an attempt would lose with its worktree, as a commit in the clone.

use std::fs;
use std::path::{Path, PathBuf};

use git2::{Delta, DiffDelta, DiffFile, Oid, Repository, Signature};

use crate::domain::commit::CommitId;

use super::erase::{erase, unlock};
use super::error::GitError;
use super::lock::blocking;
use super::pipes::{in_worktree, is_pipe};
use super::place::Place;
use super::record::Record;
use super::repository::{Admin, Home};
use super::settings::Git;
use super::snapshot::snapshot;
use super::vault::commit_id;

/// What was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salvaged {
    /// The ref in the clone.
    pub reference: String,
    /// The commit it points to.
    pub commit: CommitId,
    /// How many paths had uncommitted changes.
    pub paths: usize,
    /// Whether commits were kept that no remote ref has.
    pub unpushed: bool,
}

impl Git {
    /// Keeps uncommitted and unpushed work of the attempt at `refs/salvage/<job>/<attempt>` of the
    /// clone; none when there was nothing to keep. What an earlier call kept stays behind the new commit.
    ///
    /// # Errors
    /// When the work cannot be kept; then nothing may be removed.
    pub async fn salvage(&self, clone: &Path, place: &Place) -> Result<Option<Salvaged>, GitError> {
        let lock = self.lock(clone).await?;
        let post = self.post(clone, place)?;
        blocking("salvage", move || {
            let _lock = lock;
            post.salvage()
        })
        .await
    }

    /// What is needed to salvage and clear a place.
    pub(super) fn post(&self, clone: &Path, place: &Place) -> Result<Post, GitError> {
        Ok(Post {
            clone: clone.into(),
            folder: self.path_of(place),
            reference: place.salvage_ref(),
            title: format!("salvage of job {}, attempt {}", place.job, place.attempt),
            record: self.recall(place)?,
        })
    }
}

/// A place to salvage, with what the server remembers of it.
#[derive(Debug, Clone)]
pub(super) struct Post {
    pub clone: PathBuf,
    pub folder: PathBuf,
    pub reference: String,
    pub title: String,
    pub record: Record,
}

impl Post {
    pub(super) fn salvage(&self) -> Result<Option<Salvaged>, GitError> {
        let home = Home::open(&self.clone)?;
        let admins = home.admins_of(&self.folder);
        let is_folder = fs::symlink_metadata(&self.folder).is_ok_and(|meta| meta.is_dir());
        // a pipe holds no work
        let indexes = admins.iter().map(|admin| admin.dir.join("index")).filter(|index| is_pipe(index));
        for pipe in in_worktree(&self.folder).into_iter().chain(indexes) {
            tracing::warn!(pipe = %pipe.display(), "removed a pipe that stood in the way of salvage");
            erase(&pipe)?;
        }
        let mut salvaged = None;
        // one, but for what kills and tampering leave: none, or several that claim the folder
        for admin in &admins {
            salvaged = self.keep(&home, Some(admin), is_folder)?.or(salvaged);
        }
        if admins.is_empty() && is_folder {
            salvaged = self.keep(&home, None, true)?;
        }
        Ok(salvaged)
    }

    fn keep(
        &self,
        home: &Home,
        admin: Option<&Admin>,
        is_folder: bool,
    ) -> Result<Option<Salvaged>, GitError> {
        let fail = GitError::library("salvage");
        let head = match (admin.and_then(|admin| home.commit_of(&admin.head)), &self.record.branch) {
            (Some(head), _) => Some(head),
            (None, Some(branch)) => home.tip(&branch.full())?,
            (None, None) => None,
        };
        let old = home.tip(&self.reference)?;
        let tree = if is_folder { Some(self.files(admin)?) } else { None };
        let half_made = admin.is_some_and(Admin::is_half_made);
        let (paths, tree) = match tree {
            Some(tree) => (changes(&home.repo, head, tree, half_made).map_err(&fail)?, Some(tree)),
            None => (0, None),
        };
        let unpushed = match head {
            Some(head) => !home.is_kept(head, &self.known(home, old))?,
            None => false,
        };
        if let Some(old) = old
            && (paths > 0 || unpushed)
            && let Ok(kept) = home.repo.find_commit(old)
            && kept.parent_ids().next().or(Some(old)) == head
            && tree.is_none_or(|tree| kept.tree_id() == tree)
        {
            return Ok(Some(self.report(old, paths, unpushed)?));
        }
        if paths == 0 && !unpushed {
            return Ok(None);
        }
        let commit = match (head, old, tree) {
            (Some(head), None, _) if paths == 0 => head,
            (_, _, Some(tree)) => self.commit(&home.repo, tree, head, old).map_err(&fail)?,
            (Some(head), Some(_), None) => {
                let tree = home.repo.find_commit(head).map_err(&fail)?.tree_id();
                self.commit(&home.repo, tree, Some(head), old).map_err(&fail)?
            }
            (head, _, None) => return head.map(|head| self.report(head, paths, unpushed)).transpose(),
        };
        home.set(&self.reference, commit, &self.title)?;
        tracing::info!(reference = self.reference, %commit, paths, unpushed, "salvaged");
        Ok(Some(self.report(commit, paths, unpushed)?))
    }

    /// Commits that are safe elsewhere: published from this place, or salvaged before.
    pub(super) fn known(&self, home: &Home, old: Option<Oid>) -> Vec<Oid> {
        let published = self.record.published.as_ref().and_then(|id| Oid::from_str(id.as_str()).ok());
        let known = published.into_iter().chain(old);
        known.filter(|oid| home.repo.find_commit(*oid).is_ok()).collect()
    }

    fn files(&self, admin: Option<&Admin>) -> Result<Oid, GitError> {
        let index = admin.map_or_else(|| PathBuf::from("/dev/null"), |admin| admin.dir.join("index"));
        match snapshot(&self.clone, &self.folder, &index) {
            Ok(tree) => Ok(tree),
            Err(_) => {
                // the likeliest cause is a file without the right to read it
                unlock(&self.folder).map_err(GitError::io("unlock", &self.folder))?;
                snapshot(&self.clone, &self.folder, &index)
            }
        }
    }

    fn commit(
        &self,
        repo: &Repository,
        tree: Oid,
        head: Option<Oid>,
        old: Option<Oid>,
    ) -> Result<Oid, git2::Error> {
        let who = Signature::now("sprintgate", "sprintgate@localhost")?;
        let tree = repo.find_tree(tree)?;
        let parents =
            head.into_iter().chain(old).map(|oid| repo.find_commit(oid)).collect::<Result<Vec<_>, _>>()?;
        repo.commit(None, &who, &who, &self.title, &tree, &parents.iter().collect::<Vec<_>>())
    }

    fn report(&self, commit: Oid, paths: usize, unpushed: bool) -> Result<Salvaged, GitError> {
        Ok(Salvaged { reference: self.reference.clone(), commit: commit_id(commit)?, paths, unpushed })
    }
}

/// How many paths of `tree` differ from the commit. A half-made folder lacks files, and parts of
/// files, that nobody deleted.
fn changes(repo: &Repository, head: Option<Oid>, tree: Oid, half_made: bool) -> Result<usize, git2::Error> {
    let old = head.map(|head| repo.find_commit(head)?.tree()).transpose()?;
    let new = repo.find_tree(tree)?;
    let diff = repo.diff_tree_to_tree(old.as_ref(), Some(&new), None)?;
    Ok(diff.deltas().filter(|delta| !(half_made && is_unwritten(repo, delta))).count())
}

fn is_unwritten(repo: &Repository, delta: &DiffDelta<'_>) -> bool {
    let blob = |file: DiffFile<'_>| repo.find_blob(file.id());
    match delta.status() {
        Delta::Deleted => true,
        Delta::Modified => match (blob(delta.old_file()), blob(delta.new_file())) {
            (Ok(whole), Ok(part)) => whole.content().starts_with(part.content()),
            _ => false,
        },
        _ => false,
    }
}
