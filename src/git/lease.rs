//! Decides, in the vault, whether a branch may be moved from where it is to an attempt's commit.

use std::path::Path;

use git2::Repository;

use crate::domain::commit::CommitId;

use super::error::GitError;
use super::place::Place;
use super::vault;

/// Whether the branch may be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lease {
    /// It may, from exactly where it was found.
    Granted,
    /// It may not, for that reason.
    Refused(&'static str),
}

/// The branch may be moved from where the attempt expects it, from where it pushed the branch itself (`sent`), or
/// from where a dead attempt of the same job pushed it late (its commit stays in the vault); never so that commits the attempt started from get lost.
pub(super) fn judge(
    path: &Path,
    place: &Place,
    head: &CommitId,
    expected: Option<&CommitId>,
    found: Option<&CommitId>,
    sent: &[CommitId],
) -> Result<Lease, GitError> {
    let repo = vault::open(path)?;
    let tip = vault::commit(&repo, head)?;
    let own = |found: &CommitId| sent.contains(found) || is_from_earlier(&repo, place, found);
    if found != expected && !found.is_some_and(own) {
        return Ok(Lease::Refused(match (expected, found) {
            (Some(_), None) => "the branch was deleted on the remote",
            (None, _) => "the branch was made on the remote by somebody else",
            (Some(_), Some(_)) => "the branch was moved on the remote by somebody else",
        }));
    }
    let Some(expected) = expected else { return Ok(Lease::Granted) };
    // the vault has all the history of `head`, so what it lacks is not behind `head` either
    let contains = match vault::commit(&repo, expected) {
        Ok(started) if started == tip => true,
        Ok(started) => {
            repo.graph_descendant_of(tip, started).map_err(GitError::library("compare two histories"))?
        }
        Err(_) => false,
    };
    Ok(if contains { Lease::Granted } else { Lease::Refused("the commit lacks commits that are published") })
}

fn is_from_earlier(repo: &Repository, place: &Place, found: &CommitId) -> bool {
    (1..place.attempt).any(|attempt| {
        let earlier = Place { job: place.job.clone(), attempt };
        repo.refname_to_id(&earlier.job_ref()).is_ok_and(|oid| oid.to_string() == found.as_str())
    })
}
