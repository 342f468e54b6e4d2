//! Gives a person back what was salvaged: a repository of its own in a folder that they name, which has nothing yet.
//! It is made beside that folder and then takes its name, so that nothing is written over and nothing is half there.

use std::fs;
use std::path::{Path, PathBuf};

use git2::{Oid, Repository, RepositoryInitOptions};

use crate::domain::commit::CommitId;
use crate::domain::remote::RemoteUrl;

use super::command::GitCommand;
use super::erase::erase;
use super::error::GitError;
use super::large::put_back;
use super::lock::blocking;
use super::place::Place;
use super::settings::Git;
use super::target::Target;
use super::vault::Vault;

/// What is to be given back, and where.
#[derive(Debug, Clone, Copy)]
pub struct RestoreAsk<'a> {
    /// The repository.
    pub url: &'a RemoteUrl,
    /// The attempt.
    pub place: &'a Place,
    /// The commit that was salvaged of it.
    pub commit: &'a CommitId,
    /// A folder that is empty or not there.
    pub into: &'a Path,
}

/// What was given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The folder, by its whole path.
    pub folder: PathBuf,
    /// The branch that is checked out there.
    pub branch: String,
}

impl Git {
    /// Makes a repository of what was salvaged: its files, its commits with all that is behind them, and the address
    /// of the remote. Files that were too large for a commit are there again. It needs nothing of this server afterwards.
    ///
    /// # Errors
    /// [`GitError::BadTarget`] for a folder that has anything or is the server's; [`GitError::NotInVault`].
    pub async fn restore(&self, ask: RestoreAsk<'_>) -> Result<Restored, GitError> {
        // two restores of one attempt would meet in the folder that is made first
        let held = self.hold(ask.place).await?;
        let missing = || GitError::NotInVault { commit: ask.commit.to_string() };
        let vault = self.made_vault(ask.url)?.ok_or_else(missing)?;
        let oid = Vault::open(&vault)?.commit(ask.commit)?;
        let target = Target::of(self.settings(), ask.place, ask.into)?;
        let branch = format!("salvage/{}", ask.place.folder());
        let made = self.remake(&vault, oid, &target.new, ask.url, &branch).await;
        let (folder, place) = (target.folder.clone(), ask.place.folder());
        blocking("restore", move || {
            let _held = held;
            let large = || put_back(&Vault::open(&vault)?, oid, &place, &target.new);
            let done = made.and_then(|()| large()).and_then(|()| target.take_name());
            if done.is_err() {
                erase(&target.new)?;
            }
            done
        })
        .await?;
        Ok(Restored { folder, branch })
    }

    /// Makes the repository in a folder of that name, of which nothing is there.
    async fn remake(
        &self,
        vault: &Path,
        oid: Oid,
        folder: &Path,
        url: &RemoteUrl,
        branch: &str,
    ) -> Result<(), GitError> {
        let git = folder.join(".git");
        let (list, pack) = (git.join("salvaged"), git.join("salvaged.pack"));
        let (at, to, text) = (folder.to_owned(), list.clone(), format!("{oid}\n"));
        let (url, name) = (url.to_string(), branch.to_owned());
        blocking("begin a restore", move || {
            erase(&at)?;
            init(&at, &url, &name)?;
            fs::write(&to, text).map_err(GitError::io("write", &to))
        })
        .await?;
        let call = GitCommand::new("pack-objects", vault);
        let call = call.args(["--revs", "--stdout", "--delta-base-offset", "--quiet"]);
        self.must(call.input(&list).output(&pack)).await?;
        self.must(GitCommand::new("index-pack", &git).args(["--stdin"]).input(&pack)).await?;
        let index = git.join("index");
        let call = GitCommand::new("read-tree", &git).files(folder, &index);
        self.must(call.args(["--reset", "-u", &oid.to_string()])).await?;
        let name = format!("refs/heads/{branch}");
        blocking("end a restore", move || {
            for done in [list, pack] {
                erase(&done)?;
            }
            let fail = GitError::library("write a ref");
            let repo = Repository::open(&git).map_err(&fail)?;
            repo.reference(&name, oid, false, "restored").map(drop).map_err(&fail)
        })
        .await
    }
}

fn init(folder: &Path, url: &str, branch: &str) -> Result<(), GitError> {
    let mut options = RepositoryInitOptions::new();
    options.no_reinit(true).external_template(false).initial_head(branch);
    let repo = Repository::init_opts(folder, &options);
    let repo = repo.and_then(|repo| repo.remote("origin", url).map(drop));
    repo.map_err(GitError::library("make a repository"))
}
