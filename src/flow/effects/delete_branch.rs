//! Deletes a branch from its remote when nobody works on it any more and nothing of it would be lost.

use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};

use super::at_forge::{Undone, passed_over};
use super::handler::{Handler, Outcome};
use super::named::named;
use crate::domain::actor::Actor;
use crate::domain::branch::BranchName;
use crate::domain::effect::Kind;
use crate::domain::forge::PrUrl;
use crate::domain::pull_request::{AnyPullRequest, ForgeState};
use crate::domain::push::PushClass;
use crate::domain::remote::RemoteUrl;
use crate::domain::time::Millis;
use crate::flow::{FlowError, Sprintgate};
use crate::forge::{ForgeError, Retry};
use crate::git::{DeleteAsk, Deleted, NotPushed};
use crate::store::{Change, EffectRecord, Stamp, StoreError, Tx};

/// Publications of one branch that are looked at.
const PUBLICATIONS_MAX: u32 = 100;
/// How long one try may take.
pub(super) const LIMIT: Duration = Duration::from_secs(30 * 60);
/// People mend tokens, and they sleep at times.
const UNTIL_MENDED: Millis = Millis::minutes(60);

pub(super) struct DeleteBranch {
    pub(super) app: Sprintgate,
}

/// Whether it may be deleted, by what rows say.
enum Free {
    /// It may; the numbers of its pull requests.
    Yes(Vec<u64>),
    /// It may not: somebody needs it.
    No(&'static str),
    /// It may in so long: somebody who was told to stop may not have noticed.
    Later(Millis),
}

#[async_trait]
impl Handler for DeleteBranch {
    fn kind(&self) -> Kind {
        Kind::DeleteBranch
    }

    /// Several commands of git, each of which may take its time: a try that is dropped before would begin anew each time.
    fn limit(&self) -> Duration {
        LIMIT
    }

    async fn perform(&self, effect: &EffectRecord) -> Outcome {
        let Some((url, branch)) = place(effect) else {
            return Outcome::GiveUp("it names no branch".to_owned());
        };
        let pulls = match self.is_free(&url, &branch).await {
            Ok(Free::Yes(pulls)) => pulls,
            Ok(Free::No(why)) => return passed_over(why),
            Ok(Free::Later(wait)) => {
                let why = "a worker on it was told to stop and has not said that it has".to_owned();
                return Outcome::Again { why, wait: Some(wait) };
            }
            Err(error) => return Outcome::again(error.to_string()),
        };
        match self.needed_by(&url, &branch).await {
            Ok(None) => {}
            Ok(Some(why)) => return passed_over(why),
            // What can never be asked holds up nothing: the branch stays.
            Err(error) if error.retry() == Retry::Never => {
                return passed_over(format!("its forge does not say whether somebody needs it: {error}"));
            }
            Err(error) => return Undone::from(error).0,
        }
        match self.app.git.delete_branch(DeleteAsk { url: &url, branch: &branch, pulls: &pulls }).await {
            Ok(Deleted::Deleted { was }) => Outcome::Done(json!({ "was": was })),
            Ok(Deleted::Gone) => Outcome::Done(json!({ "gone": true })),
            Ok(Deleted::StillNeeded { tip }) => Outcome::Done(
                json!({ "passed_over": "nothing else on the remote has its commits", "tip": tip }),
            ),
            Ok(Deleted::DefaultBranch) => passed_over("it is the default branch"),
            Ok(Deleted::Moved { found }) => Outcome::again(format!("somebody moved it to {found}")),
            // A branch that its remote protects stays, and holds up nothing.
            Ok(Deleted::Failed(failed)) if failed.class == PushClass::Rejected => passed_over(failed.why),
            Ok(Deleted::Failed(failed)) => not_pushed(failed),
            Err(error) => Outcome::again(error.to_string()),
        }
    }

    /// A branch that is gone holds nothing that a pull request could be opened of.
    async fn settle(&self, tx: &mut dyn Tx, effect: &EffectRecord, learned: &Value) -> Result<(), FlowError> {
        let is_gone = learned.get("was").is_some() || learned.get("gone").is_some();
        let Some((url, branch)) = place(effect).filter(|_| is_gone) else { return Ok(()) };
        let Some(record) = tx.live_pull_request(&url, &branch).await? else { return Ok(()) };
        let any = AnyPullRequest::try_from(record.row)
            .map_err(|bad| StoreError::Inconsistent { what: bad.to_string() })?;
        if let AnyPullRequest::BranchPushed(pushed) = any {
            let stamp = Stamp { facts: json!({ "effect": effect.row.id }), ..Stamp::of(Actor::System) };
            tx.apply(Change::PullRequest(pushed.delete_branch().into()), &stamp).await?;
        }
        Ok(())
    }
}

impl DeleteBranch {
    async fn is_free(&self, url: &RemoteUrl, branch: &BranchName) -> Result<Free, FlowError> {
        let mut tx = self.app.store.read().await?;
        if tx.work_on(url, branch).await?.open > 0 {
            return Ok(Free::No("a job works on it"));
        }
        let records = tx.pull_requests_of_branch(url, branch, PUBLICATIONS_MAX).await?;
        if records.iter().any(|record| record.row.status.is_open()) {
            return Ok(Free::No("a pull request of it is open"));
        }
        if let Some(told_at) = tx.unstopped_on(url, branch).await? {
            let left = told_at + self.app.settings.lease + Millis(1) - tx.now();
            if left > Millis(0) {
                return Ok(Free::Later(left));
            }
        }
        let number = |url: &String| url.parse::<PrUrl>().ok().map(|url| url.number);
        Ok(Free::Yes(records.iter().filter_map(|record| record.row.url.as_ref().and_then(number)).collect()))
    }
}

impl DeleteBranch {
    /// Why somebody needs it at its forge, if one is configured here: pull requests that no row knows of, or that were
    /// opened again since, would be closed with it, or lose what they are to be merged into. One that is opened between
    /// this look and the deletion is not seen.
    async fn needed_by(&self, url: &RemoteUrl, branch: &BranchName) -> Result<Option<String>, ForgeError> {
        let Some((forge, repo)) = self.app.forges.of(url) else { return Ok(None) };
        for listed in forge.open_on(&repo, branch).await? {
            // A list may be older than the closing that came before this.
            let pr = forge.get(&listed.url).await?;
            if pr.state == ForgeState::Open {
                let into = if pr.base == branch.as_str() { "is to be merged into it" } else { "is of it" };
                return Ok(Some(format!("{}, which is open, {into}", pr.url)));
            }
        }
        Ok(None)
    }
}

fn place(effect: &EffectRecord) -> Option<(RemoteUrl, BranchName)> {
    let text = |name| named::<String>(effect, name);
    Some((RemoteUrl::new(text("repo")?).ok()?, BranchName::new(text("branch")?).ok()?))
}

/// What comes of a try whose push came to nothing.
pub(super) fn not_pushed(failed: NotPushed) -> Outcome {
    let why = format!("{}: {}", failed.class.code(), failed.why);
    match failed.class {
        PushClass::Transient => Outcome::again(why),
        PushClass::NoCredentials => Outcome::Again { why, wait: Some(UNTIL_MENDED) },
        _ => Outcome::GiveUp(why),
    }
}
