//! The jobs of a cascade by what they share: a branch of a repository, and the pull requests from it. A branch of the
//! same name in another repository is another branch.

use std::collections::BTreeMap;

use super::sibling::{PrState, Sibling};
use crate::domain::branch::BranchName;
use crate::domain::remote::RemoteUrl;

/// The repository, however its address is spelled, and the branch.
type Place = (Option<String>, Option<BranchName>);

/// The jobs on one branch.
#[derive(Debug, Default)]
pub(super) struct Group<'a> {
    /// The failed job is one of them, or one of its backlog item is: what they published is undone.
    pub(super) undone: bool,
    /// A job that goes on works on the branch.
    pub(super) in_use: bool,
    /// The branch and where it is; none while no job of the backlog item says both.
    pub(super) branch: Option<(RemoteUrl, BranchName)>,
    /// The pull requests, and where each is.
    pub(super) prs: BTreeMap<&'a str, PrState>,
    /// The jobs, by id.
    pub(super) jobs: Vec<&'a Sibling>,
}

/// The groups, in the order of repository and branch.
pub(super) fn groups<'a>(failed: &'a Sibling, siblings: &'a [Sibling]) -> Vec<Group<'a>> {
    let mut groups: BTreeMap<Place, Group<'a>> = BTreeMap::new();
    let all = || siblings.iter().map(|sibling| (sibling, false)).chain([(failed, true)]);
    for (job, is_failed) in all() {
        let group =
            groups.entry((job.repo.as_ref().map(RemoteUrl::repository), job.branch.clone())).or_default();
        if is_failed || job.tie.item {
            group.undone = true;
            if let (None, Some(repo), Some(branch)) = (&group.branch, &job.repo, &job.branch) {
                group.branch = Some((repo.clone(), branch.clone()));
            }
        }
        group.in_use |= !is_failed && job.goes_on();
        group.jobs.push(job);
    }
    // A pull request is known by its address, and every row's word on it counts.
    let mut states: BTreeMap<&str, PrState> = BTreeMap::new();
    for pr in all().flat_map(|(job, _)| &job.prs) {
        let state = states.entry(&pr.url).or_insert(pr.state);
        *state = pr.state.max(*state);
    }
    for ((repo, branch), group) in &mut groups {
        // Without a branch nothing but the backlog item holds these jobs together.
        let together = repo.is_some() && branch.is_some();
        let ours = group.jobs.iter().filter(|job| together || job.tie.item || job.job == failed.job);
        let urls = ours.flat_map(|job| &job.prs).map(|pr| pr.url.as_str());
        group.prs = urls.filter_map(|url| Some((url, *states.get(url)?))).collect();
    }
    groups.into_values().collect()
}
