//! Which branch a job works on, and what is there already (`original` 4.6). Branches are shared within a repository
//! only: one of the same name elsewhere is another branch.

use std::collections::BTreeSet;

use super::name::BranchName;
use crate::domain::id::{JobId, RunId, StoryId};
use crate::domain::job::{Kind, Status};
use crate::domain::remote::RemoteUrl;
use crate::domain::run::PrStrategy;
use crate::domain::time::Timestamp;

/// The job that needs a branch.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// Which.
    pub job: &'a JobId,
    /// What kind of work.
    pub kind: Kind,
    /// The repository it works on.
    pub repo: Option<&'a RemoteUrl>,
    /// The story of its task.
    pub story: Option<&'a StoryId>,
    /// Its run, and how that makes branches.
    pub run: Option<(&'a RunId, PrStrategy)>,
    /// The branch of the run that its run takes on from; of meaning for a job that implements a whole sprint.
    pub resumed: Option<&'a BranchName>,
}

/// Another job that has a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sibling {
    /// Which.
    pub job: JobId,
    /// It is of the same story.
    pub same_story: bool,
    /// It is of the same run.
    pub same_run: bool,
    /// Where it is.
    pub status: Status,
    /// The repository it works on.
    pub repo: Option<RemoteUrl>,
    /// Its branch.
    pub branch: BranchName,
    /// When it was queued.
    pub created_at: Timestamp,
}

/// The branch, and where work on it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The branch.
    pub branch: BranchName,
    /// Where work on it starts.
    pub start: Start,
}

/// Where work on a branch starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// At the branch's tip on the remote.
    Remote,
    /// Where that job leaves it: nobody has seen the branch on the remote, and the job's work can still get there.
    Job(JobId),
    /// Where the run before left it; nobody has asked the remote.
    Run,
    /// At the tip of the remote's default branch.
    Default,
}

/// Chooses the branch. `tips` are the branches that the remote of the job's repository has; none while nobody has
/// asked it.
///
/// The branch of a run is the run's own, or that of the run it takes on from. The branch of a story is that of its
/// oldest job in the same repository whose work is, or can still get, there; else the story's own. What the remote
/// has goes before everything, because it alone is sure to be there: a branch whose job failed or was cancelled
/// counts by its tip only, and so does one of a job that is DONE, once the remote was asked.
#[must_use]
pub fn choose(ask: &Ask<'_>, siblings: &[Sibling], tips: Option<&BTreeSet<BranchName>>) -> Choice {
    let (own, shares): (BranchName, fn(&Sibling, &BranchName) -> bool) = match (ask.run, ask.story) {
        (Some((run, _)), _) if ask.kind == Kind::SprintImplementation => {
            (ask.resumed.cloned().unwrap_or_else(|| BranchName::run(run)), of_run)
        }
        (Some((run, PrStrategy::Sprint)), _) => (BranchName::run(run), of_run),
        (_, Some(story)) => (BranchName::story(story), |sibling, _| sibling.same_story),
        (_, None) => (BranchName::job(ask.job), |_, _| false),
    };
    let here = ask.repo.map(RemoteUrl::repository);
    let mut others: Vec<&Sibling> = siblings
        .iter()
        .filter(|other| other.job != *ask.job && shares(other, &own))
        .filter(|other| other.repo.as_ref().map(RemoteUrl::repository) == here)
        .collect();
    others.sort_by_key(|other| (other.created_at, &other.job));
    let is_there = |branch: &BranchName| tips.is_some_and(|tips| tips.contains(branch));

    let named = others.iter().map(|other| &other.branch).chain([&own]);
    if let Some(branch) = named.into_iter().find(|branch| is_there(branch)) {
        return Choice { branch: branch.clone(), start: Start::Remote };
    }
    let can_get_there = |status: Status| match status {
        Status::Queued | Status::Claimed | Status::Running => true,
        Status::Done => tips.is_none(),
        Status::Failed | Status::Cancelled => false,
    };
    if let Some(other) = others.iter().find(|other| can_get_there(other.status)) {
        return Choice { branch: other.branch.clone(), start: Start::Job(other.job.clone()) };
    }
    let resumes = ask.kind == Kind::SprintImplementation && ask.resumed == Some(&own) && tips.is_none();
    Choice { branch: own, start: if resumes { Start::Run } else { Start::Default } }
}

/// The jobs of a run share its branch, and what works on another branch is no part of it.
fn of_run(sibling: &Sibling, own: &BranchName) -> bool {
    sibling.same_run && sibling.branch == *own
}
