//! Pull requests of GitHub, read and changed.

use async_trait::async_trait;
use reqwest::Method;
use serde_json::{Value, json};

use super::errors;
use super::graph::Mutation;
use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::forge::{ForgeHost, ForgeKind, MergeAnswer, PrUrl, RepoPath};
use crate::domain::pull_request::ForgeState;
use crate::forge::ask::{FindPr, Forge, MergeAsk, NewPr, Pr};
use crate::forge::checks::Checks;
use crate::forge::error::ForgeError;
use crate::forge::http::Http;
use crate::forge::pages::escaped;
use crate::forge::pull::{Pull, path};

/// GitHub, or a company's own.
pub(in crate::forge) struct GitHub {
    pub(super) http: Http,
}

impl GitHub {
    pub(in crate::forge) fn new(http: Http) -> Self {
        Self { http }
    }

    /// Where GraphQL is: beside `/v3` on a company's host.
    pub(super) fn graphql(&self) -> String {
        let api = self.http.api();
        format!("{}/graphql", api.strip_suffix("/v3").unwrap_or(api))
    }

    /// What was read, as GitHub means it.
    pub(super) fn read(&self, repo: &RepoPath, pull: &Pull) -> Result<Pr, ForgeError> {
        pull.read(self.http.host(), ForgeKind::GitHub, repo, pull.draft == Some(true))
    }

    async fn post(&self, new: &NewPr<'_>, draft: bool) -> Result<Result<Pr, String>, ForgeError> {
        let body = json!({
            "title": new.title, "body": new.body, "head": new.head.as_str(), "base": new.base, "draft": draft,
        });
        let reply = self.http.change(Method::POST, &format!("/repos/{}/pulls", new.repo), &body).await?;
        if reply.status == 422 {
            return Ok(Err(reply.said()));
        }
        Ok(Ok(self.read(new.repo, &reply.done()?)?))
    }
}

#[async_trait]
impl Forge for GitHub {
    fn host(&self) -> &ForgeHost {
        self.http.host()
    }

    fn kind(&self) -> ForgeKind {
        ForgeKind::GitHub
    }

    async fn find(&self, ask: &FindPr<'_>) -> Result<Option<Pr>, ForgeError> {
        for state in ["open", "closed"] {
            // Without its owner the filter by head is ignored; with it, other branches have come, too.
            let path = format!(
                "/repos/{}/pulls?state={state}&head={}:{}&base={}&sort=created&direction=desc&per_page=100",
                ask.repo,
                ask.repo.owner(),
                ask.head,
                escaped(ask.base)
            );
            let of = |pull: Pull| pull.is_of(ask.repo, ask.head.as_str(), ask.base).then_some(pull);
            if let Some(pull) = self.http.first(&path, of).await? {
                return self.read(ask.repo, &pull).map(Some);
            }
            if !ask.any {
                break;
            }
        }
        Ok(None)
    }

    async fn open_on(&self, repo: &RepoPath, branch: &BranchName) -> Result<Vec<Pr>, ForgeError> {
        let (owner, name) = (repo.owner(), escaped(branch.as_str()));
        let mut found: Vec<Pr> = Vec::new();
        for by in [format!("head={owner}:{name}"), format!("base={name}")] {
            let path =
                format!("/repos/{repo}/pulls?state=open&{by}&sort=created&direction=desc&per_page=100");
            for pull in self.http.pulls_on(&path, repo, branch).await? {
                let pr = self.read(repo, &pull)?;
                // The list by head may have shown it already.
                if found.iter().all(|other| other.url != pr.url) {
                    found.push(pr);
                }
            }
        }
        Ok(found)
    }

    async fn open(&self, new: &NewPr<'_>) -> Result<Pr, ForgeError> {
        let why = match self.post(new, new.draft).await? {
            Ok(pr) => return Ok(pr),
            Err(why) if new.draft && errors::no_drafts(&why) => match self.post(new, false).await? {
                Ok(pr) => return Ok(pr),
                Err(why) => why,
            },
            Err(why) => why,
        };
        if errors::exists(&why) {
            return Err(ForgeError::Exists);
        }
        Err(ForgeError::Invalid { why })
    }

    async fn get(&self, pr: &PrUrl) -> Result<Pr, ForgeError> {
        self.read(&pr.repo, &self.http.pull(pr).await?)
    }

    async fn checks(&self, pr: &PrUrl, head: &CommitId) -> Result<Checks, ForgeError> {
        self.judged(pr, head).await
    }

    async fn set_draft(&self, pr: &PrUrl, draft: bool) -> Result<(), ForgeError> {
        let pull = self.http.pull(pr).await?;
        if !pull.is_open() || (pull.draft == Some(true)) == draft {
            return Ok(());
        }
        let what = if draft { Mutation::Draft } else { Mutation::Ready };
        let answer = self.mutate(what, &pull, Value::Null).await?;
        answer.map_err(|why| ForgeError::Invalid { why })
    }

    async fn auto_merge(&self, pr: &PrUrl, ask: &MergeAsk<'_>) -> Result<MergeAnswer, ForgeError> {
        self.merge(pr, ask).await
    }

    async fn withdraw(&self, pr: &PrUrl) -> Result<(), ForgeError> {
        let pull = self.http.pull(pr).await?;
        if !pull.is_open() || pull.auto_merge.is_none() {
            return Ok(());
        }
        match self.mutate(Mutation::Withdraw, &pull, Value::Null).await? {
            Ok(()) => Ok(()),
            // It may have been merged, or withdrawn by a person, in between.
            Err(why) => match self.http.pull(pr).await?.auto_merge {
                None => Ok(()),
                Some(_) => Err(ForgeError::Invalid { why }),
            },
        }
    }

    async fn close(&self, pr: &PrUrl) -> Result<Pr, ForgeError> {
        let now = self.get(pr).await?;
        if now.state != ForgeState::Open {
            return Ok(now);
        }
        let reply = self.http.change(Method::PATCH, &path(pr), &json!({ "state": "closed" })).await?;
        if reply.is_done() {
            return self.read(&pr.repo, &reply.json()?);
        }
        let now = self.get(pr).await?;
        if now.state == ForgeState::Open { Err(reply.refused()) } else { Ok(now) }
    }

    async fn comment(&self, pr: &PrUrl, marker: &str, text: &str) -> Result<(), ForgeError> {
        self.http.say_once(pr, marker, text).await
    }

    async fn files(&self, pr: &PrUrl) -> Result<Vec<String>, ForgeError> {
        self.http.changed(pr).await
    }
}
