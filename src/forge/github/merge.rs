//! Has GitHub merge one commit once its checks pass, or at once when there is nothing to wait for.

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::errors::{Said, said};
use super::graph::Mutation;
use super::rest::GitHub;
use crate::domain::commit::CommitId;
use crate::domain::forge::{MergeAnswer, PrUrl};
use crate::domain::pull_request::MergeRefusal;
use crate::forge::ask::{Forge, MergeAsk};
use crate::forge::checks::{Checks, Runs, Statuses};
use crate::forge::error::ForgeError;
use crate::forge::merge;
use crate::forge::pull::{Pull, commit, path};

#[derive(Deserialize)]
struct Merged {
    sha: Option<String>,
}

impl GitHub {
    pub(super) async fn merge(&self, pr: &PrUrl, ask: &MergeAsk<'_>) -> Result<MergeAnswer, ForgeError> {
        merge::answered(self.scheduled(pr, ask).await)
    }

    async fn scheduled(&self, pr: &PrUrl, ask: &MergeAsk<'_>) -> Result<MergeAnswer, ForgeError> {
        let pull = self.http.pull(pr).await?;
        if let Some(answer) = merge::settled(&pull, ask)? {
            return Ok(answer);
        }
        if let Some(before) = &pull.auto_merge {
            let same = before.commit_title.as_deref() == Some(ask.title)
                && before.commit_message.as_deref() == Some(ask.message);
            if same {
                return Ok(MergeAnswer::Scheduled);
            }
            // Its words are of an earlier commit; they cannot be changed, only asked for anew.
            self.withdraw(pr).await?;
        }
        let input = json!({
            "mergeMethod": "SQUASH",
            "expectedHeadOid": ask.head,
            "commitHeadline": ask.title,
            "commitBody": ask.message,
        });
        match self.mutate(Mutation::AutoMerge, &pull, input).await? {
            Ok(()) => Ok(MergeAnswer::Scheduled),
            Err(why) => self.refused(pr, ask, &pull, why).await,
        }
    }

    /// What a refusal to schedule means.
    async fn refused(
        &self,
        pr: &PrUrl,
        ask: &MergeAsk<'_>,
        pull: &Pull,
        why: String,
    ) -> Result<MergeAnswer, ForgeError> {
        let meant = match (said(&why), pull.mergeable_state.as_deref()) {
            (Said::NoRules, Some("clean" | "has_hooks")) => Said::Clean,
            (Said::NoRules, Some("unstable")) => Said::Unstable,
            (Said::NoRules, Some("dirty")) => Said::Conflict,
            (Said::NoRules, Some("unknown") | None) => {
                return Err(ForgeError::wait("GitHub does not know yet whether it merges", 10));
            }
            (meant, _) => meant,
        };
        match meant {
            Said::Clean => self.at_once(pr, ask).await,
            Said::Unstable => match self.checks(pr, ask.head).await? {
                Checks::Failed => Ok(MergeAnswer::Refused(MergeRefusal::ChecksFailed, why)),
                Checks::Pending => Err(ForgeError::wait("checks that nobody requires still run", 60)),
                Checks::Passed => self.at_once(pr, ask).await,
            },
            Said::Scheduled => Ok(MergeAnswer::Scheduled),
            other => self.answered(pr, other, why).await,
        }
    }

    /// Merges it now, this commit and no other.
    async fn at_once(&self, pr: &PrUrl, ask: &MergeAsk<'_>) -> Result<MergeAnswer, ForgeError> {
        let body = json!({
            "sha": ask.head, "merge_method": "squash", "commit_title": ask.title, "commit_message": ask.message,
        });
        let reply = self.http.change(Method::PUT, &format!("{}/merge", path(pr)), &body).await?;
        match reply.status {
            200 => {
                let merged: Merged = reply.json()?;
                Ok(MergeAnswer::Merged(merged.sha.as_deref().map(commit).transpose()?))
            }
            409 => self.answered(pr, Said::HeadMoved, String::new()).await,
            _ => {
                let why = reply.said();
                match said(&why) {
                    // What a merge at once may lack are checks and reviews; the text says which.
                    Said::Clean | Said::Unstable | Said::NoRules | Said::Scheduled => {
                        Ok(MergeAnswer::Refused(MergeRefusal::Unknown, why))
                    }
                    other => self.answered(pr, other, why).await,
                }
            }
        }
    }

    async fn answered(&self, pr: &PrUrl, meant: Said, why: String) -> Result<MergeAnswer, ForgeError> {
        let refused = |refusal| Ok(MergeAnswer::Refused(refusal, why.clone()));
        match meant {
            Said::HeadMoved => Ok(MergeAnswer::HeadMoved(self.http.pull(pr).await?.head().ok())),
            Said::NotAllowed => refused(MergeRefusal::AutoMergeNotAllowed),
            Said::NoRight => refused(MergeRefusal::GhAuthError),
            Said::Conflict => refused(MergeRefusal::MergeConflict),
            Said::Draft => {
                self.set_draft(pr, false).await?;
                Err(ForgeError::wait("it was a draft still", 5))
            }
            Said::Over => {
                let pull = self.http.pull(pr).await?;
                Ok(merge::over(&pull)?.unwrap_or(MergeAnswer::Refused(MergeRefusal::Unknown, why)))
            }
            Said::Scheduled | Said::Clean | Said::Unstable | Said::NoRules | Said::Unknown => {
                refused(MergeRefusal::Unknown)
            }
        }
    }

    /// Both of GitHub's kinds of checks.
    async fn checks(&self, pr: &PrUrl, head: &CommitId) -> Result<Checks, ForgeError> {
        let at = format!("/repos/{}/commits/{head}", pr.repo);
        let mut worst = Checks::Passed;
        // Nothing is worse than one that failed.
        let mut judge = |checks: Checks| {
            worst = worst.max(checks);
            (worst == Checks::Failed).then_some(())
        };
        let runs = |runs: Runs| judge(runs.judged());
        if self.http.first_page(&format!("{at}/check-runs?per_page=100"), runs).await?.is_none() {
            let statuses = |statuses: Statuses| judge(statuses.judged());
            self.http.first_page(&format!("{at}/status?per_page=100"), statuses).await?;
        }
        Ok(worst)
    }
}
