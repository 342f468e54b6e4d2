//! Pull requests of Forgejo, read and changed.

use async_trait::async_trait;
use reqwest::Method;
use serde_json::{Value, json};

use super::draft::{is_draft, titled};
use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::forge::{ForgeHost, ForgeKind, MergeAnswer, PrUrl, RepoPath};
use crate::domain::pull_request::ForgeState;
use crate::forge::ask::{FindPr, Forge, MergeAsk, NewPr, Pr};
use crate::forge::checks::Checks;
use crate::forge::error::ForgeError;
use crate::forge::http::Http;
use crate::forge::pull::{Pull, path};

/// Forgejo, or Gitea.
pub(in crate::forge) struct Forgejo {
    pub(super) http: Http,
}

impl Forgejo {
    pub(in crate::forge) fn new(http: Http) -> Self {
        Self { http }
    }

    /// What was read, as Forgejo means it.
    pub(super) fn read(&self, repo: &RepoPath, pull: &Pull) -> Result<Pr, ForgeError> {
        // The field came late, and the title is what counts.
        let draft = pull.draft.unwrap_or_else(|| is_draft(&pull.title));
        pull.read(self.http.host(), ForgeKind::Forgejo, repo, draft)
    }

    /// The one of a branch that a look-up by both names gives: of any state, and not always the newest.
    async fn direct(&self, ask: &FindPr<'_>) -> Result<Option<Pull>, ForgeError> {
        // The base is one part of the path there, where a number would be that of a pull request.
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        if !ask.base.bytes().all(plain) || ask.base.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(None);
        }
        match self.http.get(&format!("/repos/{}/pulls/{}/{}", ask.repo, ask.base, ask.head)).await {
            Ok(reply) => Ok(Some(reply.done()?)),
            Err(ForgeError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[async_trait]
impl Forge for Forgejo {
    fn host(&self) -> &ForgeHost {
        self.http.host()
    }

    fn kind(&self) -> ForgeKind {
        ForgeKind::Forgejo
    }

    async fn find(&self, ask: &FindPr<'_>) -> Result<Option<Pr>, ForgeError> {
        let of = |pull: Pull| pull.is_of(ask.repo, ask.head.as_str(), ask.base).then_some(pull);
        if let Some(pull) = self.direct(ask).await?.and_then(of).filter(Pull::is_open) {
            return self.read(ask.repo, &pull).map(Some);
        }
        // That one was closed, or there is none: an open one may stand beside it.
        for state in ["open", "closed"] {
            let path = format!("/repos/{}/pulls?state={state}&sort=newest&limit=50", ask.repo);
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
        // It lists by no branch.
        let path = format!("/repos/{repo}/pulls?state=open&sort=newest&limit=50");
        let found = self.http.pulls_on(&path, repo, branch).await?;
        found.iter().map(|pull| self.read(repo, pull)).collect()
    }

    async fn open(&self, new: &NewPr<'_>) -> Result<Pr, ForgeError> {
        let title = if new.draft { titled(new.title, true) } else { new.title.to_owned() };
        let body = json!({ "title": title, "body": new.body, "head": new.head.as_str(), "base": new.base });
        let reply = self.http.change(Method::POST, &format!("/repos/{}/pulls", new.repo), &body).await?;
        if reply.status == 409 {
            return Err(ForgeError::Exists);
        }
        self.read(new.repo, &reply.done()?)
    }

    async fn get(&self, pr: &PrUrl) -> Result<Pr, ForgeError> {
        self.read(&pr.repo, &self.http.pull(pr).await?)
    }

    async fn checks(&self, pr: &PrUrl, head: &CommitId) -> Result<Checks, ForgeError> {
        self.judged(pr, head).await
    }

    async fn set_draft(&self, pr: &PrUrl, draft: bool) -> Result<(), ForgeError> {
        let pull = self.http.pull(pr).await?;
        let title = titled(&pull.title, draft);
        if !pull.is_open() || title == pull.title {
            return Ok(());
        }
        let reply = self.http.change(Method::PATCH, &path(pr), &json!({ "title": title })).await?;
        reply.done::<Value>().map(drop)
    }

    async fn auto_merge(&self, pr: &PrUrl, ask: &MergeAsk<'_>) -> Result<MergeAnswer, ForgeError> {
        self.merge(pr, ask).await
    }

    async fn withdraw(&self, pr: &PrUrl) -> Result<(), ForgeError> {
        self.http.owns(pr)?;
        match self.http.change(Method::DELETE, &format!("{}/merge", path(pr)), &Value::Null).await {
            Ok(reply) if reply.is_done() => Ok(()),
            Ok(reply) => Err(reply.refused()),
            // None was scheduled, if the pull request itself is there.
            Err(ForgeError::NotFound { .. }) => self.http.pull(pr).await.map(drop),
            Err(error) => Err(error),
        }
    }

    async fn close(&self, pr: &PrUrl) -> Result<Pr, ForgeError> {
        let now = self.get(pr).await?;
        if now.state != ForgeState::Open {
            return Ok(now);
        }
        let reply = self.http.change(Method::PATCH, &path(pr), &json!({ "state": "closed" })).await?;
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
