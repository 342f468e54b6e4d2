//! Has Forgejo merge one commit once its checks pass. It looks at the commit only when it merges at once, so that we
//! look before and after.

use reqwest::Method;
use serde_json::json;

use super::errors::{Said, said};
use super::rest::Forgejo;
use crate::domain::commit::CommitId;
use crate::domain::forge::{MergeAnswer, PrUrl};
use crate::domain::pull_request::MergeRefusal;
use crate::forge::ask::{Forge, MergeAsk};
use crate::forge::checks::{Checks, Statuses};
use crate::forge::error::ForgeError;
use crate::forge::merge;
use crate::forge::pull::path;
use crate::forge::reply::Reply;

impl Forgejo {
    pub(super) async fn merge(&self, pr: &PrUrl, ask: &MergeAsk<'_>) -> Result<MergeAnswer, ForgeError> {
        merge::answered(self.scheduled(pr, ask).await)
    }

    async fn scheduled(&self, pr: &PrUrl, ask: &MergeAsk<'_>) -> Result<MergeAnswer, ForgeError> {
        let pull = self.http.pull(pr).await?;
        if let Some(answer) = merge::settled(&pull, ask)? {
            return Ok(answer);
        }
        let mut reply = self.schedule(pr, ask).await?;
        if reply.status == 409 && said(&reply.said()) == Said::Scheduled {
            // For a commit that nobody can tell, and with its words.
            self.withdraw(pr).await?;
            reply = self.schedule(pr, ask).await?;
        }
        match reply.status {
            201 => self.kept(pr, ask).await,
            200 => {
                let pull = self.http.pull(pr).await?;
                Ok(merge::over(&pull)?.unwrap_or(MergeAnswer::Merged(None)))
            }
            _ => self.refused(pr, ask, &reply).await,
        }
    }

    async fn schedule(&self, pr: &PrUrl, ask: &MergeAsk<'_>) -> Result<Reply, ForgeError> {
        let body = json!({
            "Do": "squash",
            "merge_when_checks_succeed": true,
            "head_commit_id": ask.head,
            "MergeTitleField": ask.title,
            "MergeMessageField": ask.message,
        });
        self.http.change(Method::POST, &format!("{}/merge", path(pr)), &body).await
    }

    /// That what was scheduled is the commit that was asked for; withdrawn if it is not.
    async fn kept(&self, pr: &PrUrl, ask: &MergeAsk<'_>) -> Result<MergeAnswer, ForgeError> {
        let pull = self.http.pull(pr).await?;
        if let Some(answer) = merge::over(&pull)? {
            return Ok(answer);
        }
        let head = pull.head()?;
        if &head == ask.head {
            return Ok(MergeAnswer::Scheduled);
        }
        self.withdraw(pr).await?;
        Ok(MergeAnswer::HeadMoved(Some(head)))
    }

    async fn refused(
        &self,
        pr: &PrUrl,
        ask: &MergeAsk<'_>,
        reply: &Reply,
    ) -> Result<MergeAnswer, ForgeError> {
        let text = reply.said();
        let why = format!("status {}: {text}", reply.status);
        let refusal = match said(&text) {
            Said::HeadMoved => return Ok(MergeAnswer::HeadMoved(self.http.pull(pr).await?.head().ok())),
            Said::Draft => {
                self.set_draft(pr, false).await?;
                return Err(ForgeError::wait("it was a draft still", 5));
            }
            Said::Over => {
                let pull = self.http.pull(pr).await?;
                return Ok(merge::over(&pull)?.unwrap_or(MergeAnswer::Refused(MergeRefusal::Unknown, why)));
            }
            Said::NoRight => MergeRefusal::GhAuthError,
            Said::Style => MergeRefusal::AutoMergeNotAllowed,
            Said::Conflict => MergeRefusal::MergeConflict,
            Said::NotReady if self.judged(pr, ask.head).await? == Checks::Failed => {
                MergeRefusal::ChecksFailed
            }
            Said::NotReady | Said::Scheduled | Said::Unknown => MergeRefusal::Unknown,
        };
        Ok(MergeAnswer::Refused(refusal, why))
    }

    /// All statuses, which are all the checks that Forgejo has.
    pub(super) async fn judged(&self, pr: &PrUrl, head: &CommitId) -> Result<Checks, ForgeError> {
        self.http.owns(pr)?;
        let mut worst = Checks::Passed;
        // Nothing is worse than one that failed.
        let judge = |statuses: Statuses| {
            worst = worst.max(statuses.judged());
            (worst == Checks::Failed).then_some(())
        };
        let path = format!("/repos/{}/commits/{head}/status", pr.repo);
        self.http.first_part(&path, judge).await?;
        Ok(worst)
    }
}
