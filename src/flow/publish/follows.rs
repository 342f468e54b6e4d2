//! After which changes publications are settled, beside a push and what a forge says: a story or a run is done, or the work
//! on a branch has ended. Who has no forge asks nothing.

use std::collections::BTreeMap;

use super::settle_publication;
use crate::domain::actor::Actor;
use crate::domain::branch::BranchName;
use crate::domain::id::{RunId, StoryId};
use crate::domain::remote::RemoteUrl;
use crate::flow::FlowError;
use crate::forge::Forges;
use crate::store::{PullRequestRecord, Stamp, Tx};

/// After a story became DONE.
pub(in crate::flow) async fn story_done(
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

/// After a job on a branch failed or was cancelled.
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
    let live = tx.live_pull_request(&url, &branch).await?;
    each(forges, tx, live, because).await
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
        settle_publication(forges, tx, &publication.row.id, &because_of(because)).await?;
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
