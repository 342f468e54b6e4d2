//! Makes the cell where an attempt works. Each step can be done again: until the last one is noted the cell counts as
//! half made, nobody is told of it, and whoever comes next erases it and begins anew.

use std::path::PathBuf;

use git2::Oid;

use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::publication::CommitTrailers;
use crate::domain::remote::RemoteUrl;

use super::cell::{Origin, Stand, dirty, have_commits_say, stand};
use super::command::GitCommand;
use super::erase::erase;
use super::error::GitError;
use super::lock::{Lock, blocking};
use super::place::Place;
use super::record::{Record, State};
use super::salvage::Salvaged;
use super::settings::Git;
use super::vault::{Vault, commit_id};

/// What is needed to make a worktree.
#[derive(Debug, Clone)]
pub struct WorktreeAsk<'a> {
    /// Where the repository is published.
    pub url: &'a RemoteUrl,
    /// For which attempt.
    pub place: Place,
    /// The branch to work on.
    pub branch: &'a BranchName,
    /// What each commit that is made there is to say; none: only what its author says.
    pub trailers: Option<CommitTrailers>,
}

/// A worktree that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worktree {
    /// The folder.
    pub path: PathBuf,
    /// The branch it is on.
    pub branch: BranchName,
    /// The commit it started from.
    pub base: CommitId,
    /// Tip of the branch on the remote when the worktree was made; none: the branch is not there yet.
    pub published: Option<CommitId>,
    /// An earlier call for the same attempt had already made it, and it was untouched.
    pub reused: bool,
    /// What was kept of an earlier worktree of the same attempt that somebody had worked in.
    pub salvaged: Vec<(Place, Salvaged)>,
}

/// A cell that is to be made.
#[derive(Clone)]
struct Site {
    vault: PathBuf,
    folder: PathBuf,
    index: PathBuf,
    url: RemoteUrl,
    branch: BranchName,
    default: String,
    start: Oid,
    published: Option<Oid>,
    trailers: Option<CommitTrailers>,
}

impl Git {
    /// Makes the worktree of an attempt: a cell on `branch`, from its published tip, else from the tip of the
    /// remote's default branch. What other attempts of the branch have in their cells does not matter to it.
    ///
    /// # Errors
    /// [`GitError::DefaultBranch`] and [`GitError::NoDefaultBranch`]; others of every class. Nothing half-made
    /// stays behind.
    pub async fn make_worktree(&self, ask: WorktreeAsk<'_>) -> Result<Worktree, GitError> {
        let held = self.hold(&ask.place).await?;
        let (vault, lock) = self.vault(ask.url).await?;
        drop(lock);
        let (tips, _) = tokio::try_join!(self.tips(&vault, ask.url, ask.branch), self.refresh(ask.url))?;
        let none = || GitError::NoDefaultBranch { url: ask.url.to_string() };
        let default = tips.default.ok_or_else(none)?;
        if default == ask.branch.as_str() {
            return Err(GitError::DefaultBranch { branch: default });
        }
        let books = Vault::open(&vault)?;
        let published = books.remote_tip(ask.branch.as_str())?;
        let start = match published {
            Some(tip) => tip,
            None => books.remote_tip(&default)?.ok_or_else(none)?,
        };
        drop(books);
        let site = Site {
            folder: self.path_of(&ask.place),
            index: self.index_path(&ask.place),
            url: ask.url.clone(),
            branch: ask.branch.clone(),
            vault,
            default,
            start,
            published,
            trailers: ask.trailers,
        };
        let record = self.recall(&ask.place)?;
        let (known, found) = (record.clone(), site.clone());
        let is_made = move || found.is_made(&known);
        if self.read("look for a worktree", &site.folder, is_made).await? {
            return site.worktree(true, Vec::new());
        }
        let salvaged = self.clear(ask.url, &ask.place, &held).await?;
        let salvaged = salvaged.map(|kept| (ask.place.clone(), kept)).into_iter().collect();
        let making =
            Record { branch: Some(ask.branch.clone()), state: State::Making, is_going: false, ..record };
        self.remember(&ask.place, &making)?;
        match self.fill(site, &held).await {
            Ok(site) => {
                let made = State::Made(commit_id(site.start)?);
                self.remember(&ask.place, &Record { state: made, ..making })?;
                site.worktree(false, salvaged)
            }
            Err(error) => {
                // the error that led here is the one to report; the next attempt clears again
                if let Err(left) = self.unmake(&ask.place).await {
                    tracing::warn!(place = ask.place.folder(), %left, "could not clear a half-made worktree");
                }
                Err(error)
            }
        }
    }

    /// Writes the files and the folder `.git`. Git writes the files, from the vault, where nothing names a filter, a
    /// hook or a driver: the attributes that come with the files find none to run.
    async fn fill(&self, site: Site, held: &Lock) -> Result<Site, GitError> {
        let begun = held.clone();
        let site = blocking("begin a worktree", move || {
            let _held = begun;
            for left in [site.index.clone(), site.index.with_extension("index.lock")] {
                erase(&left)?;
            }
            std::fs::create_dir(&site.folder).map_err(GitError::io("create", &site.folder))?;
            Ok(site)
        })
        .await?;
        let call = GitCommand::new("read-tree", &site.vault).files(&site.folder, &site.index);
        self.must(call.args(["--reset", "-u", &site.start.to_string()])).await?;
        let held = held.clone();
        blocking("found a worktree", move || {
            let _held = held;
            let branches = Vault::open(&site.vault)?.branches()?;
            let origin =
                Origin { vault: &site.vault, url: &site.url, branches: &branches, default: &site.default };
            origin.found(&site.folder, Some(&site.branch), site.start, &site.index)?;
            if let Some(trailers) = &site.trailers {
                have_commits_say(&site.folder, trailers)?;
            }
            Ok(site)
        })
        .await
    }

    async fn unmake(&self, place: &Place) -> Result<(), GitError> {
        let folder = self.path_of(place);
        blocking("clear a worktree", move || erase(&folder)).await?;
        self.forget(place)
    }
}

impl Site {
    /// Whether an earlier call for this place got to its end and nobody worked there since.
    fn is_made(&self, record: &Record) -> Result<bool, GitError> {
        let untouched = Stand { on: Some(self.branch.full()), at: Some(self.start) };
        if record.is_going
            || record.state != State::Made(commit_id(self.start)?)
            || record.branch.as_ref() != Some(&self.branch)
            || stand(&self.folder.join(".git")) != untouched
        {
            return Ok(false);
        }
        let vault = Vault::open(&self.vault)?;
        Ok(dirty(vault, &self.folder, &self.index, self.start).is_ok_and(|paths| paths.is_empty()))
    }

    fn worktree(&self, reused: bool, salvaged: Vec<(Place, Salvaged)>) -> Result<Worktree, GitError> {
        Ok(Worktree {
            path: self.folder.clone(),
            branch: self.branch.clone(),
            base: commit_id(self.start)?,
            published: self.published.map(commit_id).transpose()?,
            reused,
            salvaged,
        })
    }
}
