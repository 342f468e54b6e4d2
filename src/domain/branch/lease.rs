//! Whether an attempt may move its branch from where the remote has it. A push stands between two transactions, so an
//! attempt that lost its job meanwhile moves the branch all the same, and late. What such an attempt sent gives way
//! to the next one's commit; what a person or a finished attempt put there does not.

use crate::domain::attempt::Status;
use crate::domain::commit::CommitId;

/// A commit that an attempt set out to send to the branch: it may be there, or may still get there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sent {
    /// The commit.
    pub commit: CommitId,
    /// Where the attempt is.
    pub status: Status,
    /// It is the attempt that asks.
    pub own: bool,
    /// The tip of the branch on the remote when the attempt's work began; none: the branch was not there.
    pub start: Option<CommitId>,
}

/// Whether the branch may be moved from where it was found, and only from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lease {
    /// It may: it is where the attempt began, or where the attempt sent it itself.
    Granted,
    /// It may, once the commit there is kept elsewhere: attempts that ended without a result sent it.
    Replaces,
    /// It may not.
    Refused(Conflict),
}

/// Why a branch may not be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Conflict {
    /// It was not there when the attempt began.
    #[error("the branch was made on the remote by somebody else")]
    Made,
    /// It stands elsewhere than when the attempt began.
    #[error("the branch was moved on the remote by somebody else")]
    Moved,
    /// It is not there any more.
    #[error("the branch was deleted on the remote")]
    Deleted,
    /// What was published when the attempt began would be lost.
    #[error("the commit lacks commits that are published")]
    Drops,
}

/// Whether the attempt may move its branch from `found`, where it is on the remote (none: it is not there).
///
/// `expected` is where the branch was when the attempt began. `sent` is who sent `found`, who sent what these began
/// from, and so on; what is missing in it counts as a person's. `is_behind` says of a commit whether the history of
/// the commit that is to be published has it.
///
/// A commit gives way when attempts sent it that all ended without a result, and when one of them began at a commit
/// that is behind the new one, or gives way itself: then nothing is lost but the work of such attempts.
#[must_use]
pub fn lease(
    found: Option<&CommitId>,
    expected: Option<&CommitId>,
    sent: &[Sent],
    is_behind: impl Fn(&CommitId) -> bool,
) -> Lease {
    let moved = found != expected;
    if moved {
        let Some(tip) = found else { return Lease::Refused(Conflict::Deleted) };
        if !gives_way(tip, sent, &is_behind) {
            return Lease::Refused(if expected.is_none() { Conflict::Made } else { Conflict::Moved });
        }
    }
    if expected.is_some_and(|expected| !is_behind(expected)) {
        return Lease::Refused(Conflict::Drops);
    }
    let own = sent.iter().any(|one| one.own && Some(&one.commit) == found);
    if moved && !own { Lease::Replaces } else { Lease::Granted }
}

/// Whether a commit may be replaced. An attempt begins where an earlier one left the branch, so the way from commit
/// to commit leads back to one that stays.
fn gives_way(tip: &CommitId, sent: &[Sent], is_behind: &impl Fn(&CommitId) -> bool) -> bool {
    let mut way = vec![tip];
    let mut next = 0;
    while let Some(commit) = way.get(next).copied() {
        next += 1;
        let senders = || sent.iter().filter(|one| &one.commit == commit);
        if senders().any(|one| !is_spent(one)) {
            continue;
        }
        for one in senders() {
            match &one.start {
                None => return true,
                Some(start) if is_behind(start) => return true,
                Some(start) if !way.contains(&start) => way.push(start),
                Some(_) => {}
            }
        }
    }
    false
}

/// Whether nothing will come of what the attempt sent, unless it is the one that asks.
fn is_spent(one: &Sent) -> bool {
    match one.status {
        Status::Held => one.own,
        Status::Finished => false,
        Status::Failed | Status::GivenBack | Status::Expired | Status::Skipped | Status::Cancelled => true,
    }
}
