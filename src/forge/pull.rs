//! A pull request as both kinds of forges write it: the same fields, of which each leaves some out.

use serde::Deserialize;

use super::ask::Pr;
use super::error::ForgeError;
use super::http::Http;
use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::forge::{ForgeHost, ForgeKind, PrUrl, RepoPath};
use crate::domain::publication::marked;
use crate::domain::pull_request::ForgeState;

/// What is read of a pull request; a field that is not needed to act may be missing.
#[derive(Deserialize)]
pub(super) struct Pull {
    pub(super) number: u64,
    /// GitHub's name of it in GraphQL.
    pub(super) node_id: Option<String>,
    state: String,
    #[serde(default)]
    pub(super) title: String,
    body: Option<String>,
    pub(super) draft: Option<bool>,
    merged: Option<bool>,
    merged_at: Option<String>,
    merge_commit_sha: Option<String>,
    mergeable: Option<bool>,
    /// GitHub's own judgement: `clean`, `dirty`, `blocked`, …
    pub(super) mergeable_state: Option<String>,
    commits: Option<u32>,
    pub(super) auto_merge: Option<AutoMerge>,
    head: Side,
    base: Side,
}

/// What GitHub says of a merge that it makes by itself.
#[derive(Deserialize)]
pub(super) struct AutoMerge {
    pub(super) commit_title: Option<String>,
    pub(super) commit_message: Option<String>,
}

#[derive(Deserialize)]
struct Side {
    #[serde(rename = "ref")]
    branch: String,
    sha: String,
    repo: Option<Repo>,
}

#[derive(Deserialize)]
struct Repo {
    full_name: String,
}

impl Pull {
    /// Whether it was merged; lists say it by its time only.
    pub(super) fn is_merged(&self) -> bool {
        self.merged.unwrap_or(self.merged_at.is_some())
    }

    pub(super) fn is_open(&self) -> bool {
        self.state == "open" && !self.is_merged()
    }

    /// Whether it is of that branch of that repository itself, into that base.
    pub(super) fn is_of(&self, repo: &RepoPath, head: &str, base: &str) -> bool {
        self.base.branch == base && self.is_from(repo, head)
    }

    /// Whether it is open and of that branch of that repository itself, or is to be merged into it.
    pub(super) fn needs(&self, repo: &RepoPath, branch: &str) -> bool {
        self.is_open() && (self.base.branch == branch || self.is_from(repo, branch))
    }

    fn is_from(&self, repo: &RepoPath, head: &str) -> bool {
        let own = self.head.repo.as_ref();
        self.head.branch == head && own.is_some_and(|own| own.full_name.parse().as_ref() == Ok(repo))
    }

    pub(super) fn head(&self) -> Result<CommitId, ForgeError> {
        commit(&self.head.sha)
    }

    /// The commit that merged it. Before the merge GitHub names one here that it made to see whether it would merge.
    pub(super) fn merge(&self) -> Result<Option<CommitId>, ForgeError> {
        let merge = self.merge_commit_sha.as_deref().filter(|sha| self.is_merged() && !sha.is_empty());
        merge.map(commit).transpose()
    }

    /// What it is to us. `draft` is said by whoever knows how this kind of forge marks drafts.
    pub(super) fn read(
        &self,
        host: &ForgeHost,
        kind: ForgeKind,
        repo: &RepoPath,
        draft: bool,
    ) -> Result<Pr, ForgeError> {
        let state = match (self.is_merged(), &*self.state) {
            (true, _) => ForgeState::Merged,
            (false, "open") => ForgeState::Open,
            (false, "closed") => ForgeState::Closed,
            (false, _) => return Err(shape("the state of a pull request is unknown")),
        };
        Ok(Pr {
            url: PrUrl { host: host.clone(), kind, repo: repo.clone(), number: self.number },
            state,
            draft,
            head_branch: self.head.branch.clone(),
            head_repo: self.head.repo.as_ref().and_then(|repo| repo.full_name.parse().ok()),
            head: self.head()?,
            base: self.base.branch.clone(),
            title: self.title.clone(),
            publication: self.body.as_deref().and_then(marked),
            merge: self.merge()?,
            commits: self.commits,
            mergeable: self.mergeable,
            auto_merge: self.auto_merge.is_some(),
        })
    }
}

impl Http {
    /// Reads one.
    pub(super) async fn pull(&self, pr: &PrUrl) -> Result<Pull, ForgeError> {
        self.owns(pr)?;
        let pull: Pull = self.get(&path(pr)).await?.done()?;
        if pull.number == pr.number {
            Ok(pull)
        } else {
            Err(shape("another pull request than was asked for"))
        }
    }

    /// Those of a list that need the branch. `path` ends in its query.
    pub(super) async fn pulls_on(
        &self,
        path: &str,
        repo: &RepoPath,
        branch: &BranchName,
    ) -> Result<Vec<Pull>, ForgeError> {
        let mut found = Vec::new();
        let note = |pull: Pull| -> Option<()> {
            found.extend(Some(pull).filter(|pull| pull.needs(repo, branch.as_str())));
            None
        };
        self.first(path, note).await?;
        Ok(found)
    }
}

/// Where a pull request is, for both.
pub(super) fn path(pr: &PrUrl) -> String {
    format!("/repos/{}/pulls/{}", pr.repo, pr.number)
}

/// An entry of the list of changed files.
#[derive(Deserialize)]
pub(super) struct File {
    pub(super) filename: String,
    /// What it was called before, where it was moved.
    pub(super) previous_filename: Option<String>,
}

/// An entry of the list of comments.
#[derive(Deserialize)]
pub(super) struct Comment {
    #[serde(default)]
    pub(super) body: Option<String>,
}

/// The name of a commit, as a forge writes it.
pub(super) fn commit(sha: &str) -> Result<CommitId, ForgeError> {
    CommitId::new(sha).map_err(|_| shape("a commit is not 40 hexadecimal digits"))
}

/// An answer of success that does not hold what it should.
pub(super) fn shape(why: &str) -> ForgeError {
    ForgeError::Shape { why: why.to_owned(), status: 200 }
}
