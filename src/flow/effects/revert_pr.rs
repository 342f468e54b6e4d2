//! Opens a pull request that takes a merged one back, for a person to review: it is never merged by itself. What cannot
//! be taken back without a person is said at the merged one.

use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};

use super::at_forge::{Undone, passed_over};
use super::comment_pr::taken_back;
use super::delete_branch::{LIMIT, not_pushed};
use super::handler::{Handler, Outcome};
use super::named::named;
use crate::domain::actor::Actor;
use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::effect::Kind;
use crate::domain::forge::PrUrl;
use crate::domain::id::{JobId, PullRequestId};
use crate::domain::publication::{Reverted as Back, quote_line, revert_body, revert_title};
use crate::domain::pull_request::ForgeState;
use crate::domain::remote::RemoteUrl;
use crate::flow::cascade::pbi_of;
use crate::flow::publish::{RevertOpened, note_revert};
use crate::flow::{FlowError, Sprintgate, fresh};
use crate::forge::{FindPr, Forge, ForgeError, NewPr, Opened, Pr};
use crate::git::{RevertAsk, Reverted};
use crate::store::{EffectRecord, Stamp, Tx};

/// Files in conflict that are named.
const FILES_SHOWN: usize = 20;

pub(super) struct RevertPr {
    pub(super) app: Sprintgate,
}

/// What is to be taken back, and why.
struct Merged<'a> {
    effect: &'a EffectRecord,
    job: &'a JobId,
    repo: &'a RemoteUrl,
    pr: &'a Pr,
    commit: &'a CommitId,
}

#[async_trait]
impl Handler for RevertPr {
    fn kind(&self) -> Kind {
        Kind::RevertPr
    }

    /// Several commands of git, each of which may take its time: a try that is dropped before would begin anew each time.
    fn limit(&self) -> Duration {
        LIMIT
    }

    async fn perform(&self, effect: &EffectRecord) -> Outcome {
        let repo = named::<String>(effect, "repo").and_then(|text| RemoteUrl::new(text).ok());
        let (Some(url), Some(repo), Some(job)) = (named::<PrUrl>(effect, "url"), repo, &effect.job) else {
            return Outcome::GiveUp("it names no pull request".to_owned());
        };
        let pr = match self.get(&url).await {
            Ok(pr) => pr,
            Err(error) => return Undone::from(error).0,
        };
        if pr.state != ForgeState::Merged {
            return passed_over("it is not merged");
        }
        let Some(commit) = &pr.merge else {
            return self.leave(&pr, "the forge does not say by which commit it was merged").await;
        };
        self.take_back(Merged { effect, job, repo: &repo, pr: &pr, commit }).await
    }

    /// The pull request that takes it back gets a publication of its own, without story and run: nothing is ever due for
    /// it, and its state is asked for like that of any other. At the merged one it is said which one takes it back.
    async fn settle(&self, tx: &mut dyn Tx, effect: &EffectRecord, learned: &Value) -> Result<(), FlowError> {
        let text = |name| learned.get(name).and_then(Value::as_str);
        let (Some(url), Some(branch), Some(head)) = (text("reverted_by"), text("branch"), text("head"))
        else {
            return Ok(());
        };
        let repo = named::<String>(effect, "repo").and_then(|text| RemoteUrl::new(text).ok());
        let (Ok(url), Ok(branch), Ok(head), Some(repo)) =
            (url.parse::<PrUrl>(), BranchName::new(branch), CommitId::new(head), repo)
        else {
            return Ok(());
        };
        let stamp = Stamp { facts: json!({ "effect": effect.row.id }), ..Stamp::of(Actor::System) };
        let (id, product) = (publication(effect), &effect.product);
        note_revert(tx, RevertOpened { id, product, repo: &repo, branch, head, url: &url }, &stamp).await?;
        if let (Some(failed), Some(merged)) = (&effect.job, named::<PrUrl>(effect, "url")) {
            tx.add_effect(&taken_back(effect, failed, &merged, &url, tx.now()), &stamp).await?;
        }
        Ok(())
    }
}

impl RevertPr {
    async fn get(&self, url: &PrUrl) -> Result<Pr, ForgeError> {
        self.app.forges.at(url)?.get(url).await
    }

    async fn take_back(&self, merged: Merged<'_>) -> Outcome {
        let Merged { effect, job, repo, pr, commit } = merged;
        let branch = BranchName::revert(&pr.head_branch, job);
        let title = revert_title(&pr.title);
        let ask = RevertAsk {
            url: repo,
            merged: commit,
            // Who does not say how many there were may have had more than one.
            commits: pr.commits.unwrap_or(u32::MAX),
            head: Some(&pr.head),
            pull: Some(pr.url.number),
            base: &pr.base,
            branch: &branch,
            key: &effect.row.id,
            title: &title,
            at: effect.created_at,
        };
        let head = match self.app.git.revert(ask).await {
            Ok(Reverted::Pushed { head } | Reverted::AlreadyThere { head }) => head,
            Ok(Reverted::Nothing) => {
                return passed_over("its base has nothing of it any more");
            }
            Ok(Reverted::Conflict { files }) => {
                let shown = files.iter().take(FILES_SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
                let why = format!("what came after it changed the same, in {} files: {shown}", files.len());
                return self.leave(pr, &why).await;
            }
            Ok(Reverted::Taken { found }) => {
                return self.leave(pr, &format!("branch {branch} is somebody else's, at {found}")).await;
            }
            Ok(Reverted::Unclear { why }) => return self.leave(pr, why).await,
            Ok(Reverted::Failed(failed)) => return not_pushed(failed),
            Err(error) => return Outcome::again(error.to_string()),
        };
        let body = match self.body(&merged).await {
            Ok(body) => body,
            Err(error) => return Outcome::again(error.to_string()),
        };
        let new = NewPr {
            repo: &pr.url.repo,
            head: &branch,
            base: &pr.base,
            title: &title,
            body: &body,
            draft: false,
        };
        match self.find_or_open(&pr.url, &new).await {
            Ok(opened) => Outcome::Done(json!({
                "reverted_by": opened.url.to_string(), "branch": branch, "head": head,
            })),
            Err(error) => Undone::from(error).0,
        }
    }

    /// The branch is this effect's alone: a pull request of it is the one that a try before opened, whatever people have
    /// made of it since.
    async fn find_or_open(&self, merged: &PrUrl, new: &NewPr<'_>) -> Result<Pr, ForgeError> {
        let forge = self.app.forges.at(merged)?;
        let ask = FindPr { repo: new.repo, head: new.head, base: new.base, any: true };
        if let Some(pr) = forge.find(&ask).await? {
            return Ok(pr);
        }
        match forge.find_or_open(new).await? {
            Opened::Adopted(pr) | Opened::New(pr) => Ok(pr),
        }
    }

    async fn body(&self, merged: &Merged<'_>) -> Result<String, FlowError> {
        let mut tx = self.app.store.read().await?;
        let job = tx.job(merged.job).await?;
        let item = match &job {
            Some(job) => match pbi_of(&mut *tx, job).await? {
                Some(id) => tx.pbi(&job.user, &id).await?.map_or(id.to_string(), |pbi| pbi.code),
                None => String::new(),
            },
            None => String::new(),
        };
        let reason = job.and_then(|job| job.row.error).unwrap_or_default();
        let (url, merge) = (&merged.pr.url, merged.commit);
        let back = Back { url, merge, job: merged.job, item: &item, reason: &reason };
        Ok(revert_body(&back, &publication(merged.effect)))
    }

    /// Leaves it to a person, who is told where they see it.
    async fn leave(&self, pr: &Pr, why: &str) -> Outcome {
        let text = format!(
            "A job of the same backlog item failed after this was merged, and it cannot be taken back by itself: {}. A \
             person has to decide.",
            quote_line(why, 1000)
        );
        let said = match self.app.forges.at(&pr.url) {
            Ok(forge) => say(&*forge, &pr.url, &text).await,
            Err(error) => Err(error),
        };
        match said {
            Ok(()) => Outcome::GiveUp(why.to_owned()),
            Err(error) => match Undone::from(error).0 {
                Outcome::GiveUp(unsaid) => {
                    Outcome::GiveUp(format!("{why}; nor could that be said there: {unsaid}"))
                }
                again => again,
            },
        }
    }
}

async fn say(forge: &dyn Forge, url: &PrUrl, text: &str) -> Result<(), ForgeError> {
    forge.comment(url, "sprintgate:not-reverted", text).await
}

/// The publication of the pull request that takes back: a second try names the same one.
fn publication(effect: &EffectRecord) -> PullRequestId {
    PullRequestId::new(effect.row.id.as_str()).unwrap_or_else(|_| fresh::id())
}
