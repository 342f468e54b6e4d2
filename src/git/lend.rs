//! Hands commits of a vault on to a clone, object by object. Fetching with git would read the
//! clone's config, where an agent can write other addresses and commands.

use std::collections::HashMap;
use std::io::Write;

use git2::{Oid, Repository};

use super::error::GitError;

const ORIGIN: &str = "refs/remotes/origin/*";

/// Makes `refs/remotes/origin/*` of the clone the same as in the vault.
pub(super) fn lend(vault: &Repository, clone: &Repository) -> Result<(), GitError> {
    let fail = GitError::library("hand the branches on to the clone");
    let (theirs, ours) = (branches(vault).map_err(&fail)?, branches(clone).map_err(&fail)?);
    send(vault, clone, theirs.values(), &ours).map_err(&fail)?;
    // names that are gone go first: `a` and `a/b` cannot both be there
    for name in ours.keys().filter(|name| !theirs.contains_key(*name)) {
        clone.find_reference(name).and_then(|mut found| found.delete()).map_err(&fail)?;
    }
    for (name, tip) in &theirs {
        if ours.get(name) != Some(tip) {
            clone.reference(name, *tip, true, "fetch").map_err(&fail)?;
        }
    }
    Ok(())
}

/// Brings a commit of the vault into the clone, with its history.
pub(super) fn lend_commit(vault: &Repository, clone: &Repository, commit: Oid) -> Result<(), GitError> {
    let fail = GitError::library("hand a commit on to the clone");
    let ours = branches(clone).map_err(&fail)?;
    send(vault, clone, [&commit], &ours).map_err(fail)
}

type Branches = HashMap<String, Oid>;

fn branches(repo: &Repository) -> Result<Branches, git2::Error> {
    let mut all = Branches::new();
    for found in repo.references_glob(ORIGIN)? {
        let found = found?;
        // origin/HEAD is a pointer that the clone keeps
        if let (Ok(name), Some(tip)) = (found.name(), found.target()) {
            all.insert(name.to_owned(), tip);
        }
    }
    Ok(all)
}

fn send<'a>(
    vault: &Repository,
    clone: &Repository,
    tips: impl IntoIterator<Item = &'a Oid>,
    ours: &Branches,
) -> Result<(), git2::Error> {
    let mut walk = vault.revwalk()?;
    let mut any = false;
    for tip in tips {
        if clone.find_commit(*tip).is_err() {
            walk.push(*tip)?;
            any = true;
        }
    }
    if !any {
        return Ok(());
    }
    for tip in
        ours.values().filter(|tip| clone.find_commit(**tip).is_ok() && vault.find_commit(**tip).is_ok())
    {
        walk.hide(*tip)?;
    }
    let mut builder = vault.packbuilder()?;
    builder.insert_walk(&mut walk)?;
    let odb = clone.odb()?;
    let mut pack = odb.packwriter()?;
    let mut failed = None;
    builder.foreach(|chunk| match pack.write_all(chunk) {
        Ok(()) => true,
        Err(error) => {
            failed = Some(error);
            false
        }
    })?;
    if let Some(error) = failed {
        return Err(git2::Error::from_str(&error.to_string()));
    }
    pack.commit().map(drop)
}
