//! What is undone after a failure, besides the cancellations: workers stop, pull requests are closed or reverted,
//! branches that hold nothing of their own are deleted, worktrees are kept and removed.

use std::collections::BTreeSet;

use super::group::{Group, groups};
use super::sibling::{PrState, Sibling};
use super::step::{Condition, Key, Planned, Step};
use crate::domain::forge::PrUrl;
use crate::domain::id::JobId;

/// The steps in the order in which they are begun. `siblings` are in the order of their ids, each once.
pub(super) fn undo(failed: &Sibling, siblings: &[Sibling]) -> Vec<Planned> {
    let groups = groups(failed, siblings);
    let goes_on = siblings.iter().filter(|sibling| sibling.goes_on());
    let mut needed: BTreeSet<&str> =
        goes_on.flat_map(|sibling| &sibling.prs).map(|pr| pr.url.as_str()).collect();
    needed.extend(groups.iter().filter(|group| group.in_use).flat_map(|group| group.prs.keys().copied()));
    let mut steps: Vec<Planned> = siblings.iter().filter_map(stop).collect();
    let mut known = BTreeSet::new();
    for group in groups.iter().filter(|group| group.undone) {
        let prs = pull_requests(&failed.job, group, &needed);
        let deletion = branch(&failed.job, group, &prs);
        // Rows on two branches may name the same pull request.
        steps.extend(prs.into_iter().filter(|planned| known.insert(planned.key.clone())));
        steps.extend(deletion);
    }
    steps.extend(siblings.iter().filter_map(worktree));
    steps
}

/// The attempt's own name is enough for a key: it stops once, whoever asks.
fn stop_key(sibling: &Sibling) -> Key {
    Key(format!("stop/{}/{}", sibling.job, sibling.attempt))
}

fn must_stop(sibling: &Sibling) -> bool {
    sibling.held && sibling.attempt > 0 && sibling.is_stopped()
}

fn stop(sibling: &Sibling) -> Option<Planned> {
    must_stop(sibling).then(|| Planned {
        key: stop_key(sibling),
        step: Step::Stop { job: sibling.job.clone(), attempt: sibling.attempt },
        only_if: Condition::Always,
        after: Vec::new(),
    })
}

/// The worktree of the failed job itself is not here: its report is what clears it.
fn worktree(sibling: &Sibling) -> Option<Planned> {
    let Sibling { job, attempt, .. } = sibling;
    (*attempt > 0 && sibling.is_stopped()).then(|| Planned {
        key: Key(format!("worktree/{job}/{attempt}")),
        step: Step::RemoveWorktree { job: job.clone(), attempt: *attempt },
        only_if: Condition::Always,
        after: must_stop(sibling).then(|| stop_key(sibling)).into_iter().collect(),
    })
}

/// A pull request is merged once, so it is reverted once, whichever failure asks. It may be opened and closed
/// again, so closing is a matter of one failure.
fn pull_requests(failed: &JobId, group: &Group<'_>, needed: &BTreeSet<&str>) -> Vec<Planned> {
    let mut steps = Vec::new();
    for (url, state) in &group.prs {
        let address = (*url).to_owned();
        let (key, step, only_if) = match state {
            PrState::Unknown => {
                (format!("look/{failed}/{url}"), Step::LookAtPullRequest { url: address }, Condition::Always)
            }
            PrState::Open if needed.contains(url) => continue,
            PrState::Open => (
                format!("close/{failed}/{url}"),
                Step::ClosePullRequest { url: address, comment: closed_because(failed) },
                Condition::StillOpen,
            ),
            PrState::Closed => continue,
            PrState::Merged => {
                (format!("revert/{url}"), Step::RevertPullRequest { url: address }, Condition::Always)
            }
        };
        steps.push(Planned { key: Key(key), step, only_if, after: Vec::new() });
    }
    steps
}

/// A forge closes the pull requests of a branch that is deleted, so the branch waits for them, and stays while one
/// is open for somebody else or nobody knows where it is.
fn branch(failed: &JobId, group: &Group<'_>, prs: &[Planned]) -> Option<Planned> {
    let (repo, branch) = group.branch.clone()?;
    let closes = |planned: &&Planned| matches!(planned.step, Step::ClosePullRequest { .. });
    let open = group.prs.values().filter(|state| matches!(state, PrState::Open | PrState::Unknown)).count();
    if group.in_use || open > prs.iter().filter(closes).count() {
        return None;
    }
    let stops = group.jobs.iter().filter(|job| job.job != *failed && must_stop(job));
    let stops = stops.map(|job| stop_key(job));
    let after = stops.chain(prs.iter().filter(closes).map(|planned| planned.key.clone())).collect();
    Some(Planned {
        key: Key(format!("delete/{failed}/{}#{branch}", repo.repository())),
        step: Step::DeleteBranch { repo, branch },
        only_if: Condition::TipIsKeptElsewhere,
        after,
    })
}

/// What is said at a pull request that is closed because of that job.
#[must_use]
pub fn closed_because(failed: &JobId) -> String {
    format!("Closed, because job {failed} of the same backlog item failed. Its commits are kept.")
}

/// What is said at a merged pull request that another one takes back because of that job.
#[must_use]
pub fn reverted_because(failed: &JobId, by: &PrUrl) -> String {
    format!(
        "Job {failed} of the same backlog item failed after this was merged. {by} takes it back, once a person has \
         reviewed and merged that."
    )
}
