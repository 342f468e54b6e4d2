//! After which changes publications are settled, beside a push and what a forge says: a story is done or is not any more, a
//! run is done, and the work on a branch begins or has ended. Who has no forge asks nothing.

use std::collections::BTreeMap;

use super::ask::lane_of;
use super::{settle_in_lane, settle_publication};
use crate::domain::actor::Actor;
use crate::domain::branch::BranchName;
use crate::domain::id::{ProductId, RunId, StoryId};
use crate::domain::remote::RemoteUrl;
use crate::flow::FlowError;
use crate::forge::Forges;
use crate::store::{PullRequestRecord, Stamp, Tx};

/// Branches whose publications are read at a time.
const BRANCHES_MAX: usize = 100;

/// After a story became DONE, or is not DONE any more.
pub(in crate::flow) async fn story_changed(
    forges: &Forges,
    tx: &mut dyn Tx,
    story: &StoryId,
    because: &Stamp,
) -> Result<(), FlowError> {
    if forges.is_empty() {
        return Ok(());
    }
    let live = tx.live_pull_requests_of_stories(std::slice::from_ref(story)).await?;
    each(forges, tx, live, because).await
}

/// After a run became DONE.
pub(in crate::flow) async fn run_done(
    forges: &Forges,
    tx: &mut dyn Tx,
    run: &RunId,
    because: &Stamp,
) -> Result<(), FlowError> {
    if forges.is_empty() {
        return Ok(());
    }
    let mut live = tx.live_pull_requests_of_run(run).await?;
    // Those of its stories are settled with their stories.
    live.retain(|one| one.story.is_none());
    each(forges, tx, live, because).await
}

/// After jobs were made for these branches: what their forges were asked to merge is withdrawn. A branch on which another
/// product's people publish is theirs to look at: their process does when it asks the forge.
pub(in crate::flow) async fn work_begins(
    forges: &Forges,
    tx: &mut dyn Tx,
    product: &ProductId,
    branches: &[(RemoteUrl, BranchName)],
    because: &Stamp,
) -> Result<(), FlowError> {
    if forges.is_empty() {
        return Ok(());
    }
    for some in branches.chunks(BRANCHES_MAX) {
        let mut asked = tx.live_pull_requests_of_branches(some).await?;
        asked.retain(|one| one.row.status.is_asked() && &one.product == product);
        each(forges, tx, asked, because).await?;
    }
    Ok(())
}

/// After a job on a branch ended, unless it pushed.
pub(in crate::flow) async fn branch_ended(
    forges: &Forges,
    tx: &mut dyn Tx,
    repo_url: &str,
    branch: &str,
    because: &Stamp,
) -> Result<(), FlowError> {
    let (Ok(url), Ok(branch)) = (RemoteUrl::new(repo_url), BranchName::new(branch)) else { return Ok(()) };
    if forges.of(&url).is_none() {
        return Ok(());
    }
    // It may be another product's. Its lane goes before its row.
    tx.hold_lane(&lane_of(&url, &branch)).await?;
    let Some(live) = tx.live_pull_request(&url, &branch).await? else { return Ok(()) };
    settle_publication(forges, tx, &live.row.id, &because_of(because)).await
}

/// The same after several jobs did, each branch once: with one look at which of them have a publication.
pub(in crate::flow) async fn branches_ended(
    forges: &Forges,
    tx: &mut dyn Tx,
    ended: BTreeMap<(&str, &str), Stamp>,
) -> Result<(), FlowError> {
    if forges.is_empty() {
        return Ok(());
    }
    let mut because = BTreeMap::new();
    let mut branches = Vec::new();
    for ((repo_url, branch), stamp) in ended {
        let (Ok(url), Ok(branch)) = (RemoteUrl::new(repo_url), BranchName::new(branch)) else { continue };
        if forges.of(&url).is_some() {
            because.insert((url.key(), branch.clone()), stamp);
            branches.push((url, branch));
        }
    }
    for live in tx.live_pull_requests_of_branches(&branches).await? {
        let Ok(url) = RemoteUrl::new(live.repo_url.as_str()) else { continue };
        if let Some(stamp) = because.get(&(url.key(), live.row.branch.clone())) {
            each(forges, tx, [live], stamp).await?;
        }
    }
    Ok(())
}

async fn each(
    forges: &Forges,
    tx: &mut dyn Tx,
    live: impl IntoIterator<Item = PullRequestRecord>,
    because: &Stamp,
) -> Result<(), FlowError> {
    for publication in live {
        settle_in_lane(forges, tx, &publication, &because_of(because)).await?;
    }
    Ok(())
}

/// The system does it, for whatever reason somebody gave.
fn because_of(stamp: &Stamp) -> Stamp {
    Stamp { facts: stamp.facts.clone(), ..system() }
}

pub(super) fn system() -> Stamp {
    Stamp::of(Actor::System)
}
