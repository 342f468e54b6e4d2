//! Opens the pull request of a branch, or adopts the one that is open for it (defects 28 and 68). Where none is to be opened
//! any more, the one that a try before may have opened is looked for, so that it is known and closed.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::at_forge::{Undone, passed_over, publication, stamp};
use super::handler::{Handler, Outcome};
use crate::domain::effect::Kind;
use crate::domain::forge::PrUrl;
use crate::domain::machine::Word;
use crate::domain::publication::{Due, due};
use crate::domain::pull_request::{ForgeState, Found, Status};
use crate::flow::publish::{self, At, note_opened, scene, words};
use crate::flow::{FlowError, Sprintgate};
use crate::forge::{FindPr, ForgeError, NewPr, Opened, Pr};
use crate::git::Merging;
use crate::store::{EffectRecord, PullRequestRecord, Tx};

pub(super) struct OpenPr {
    pub(super) app: Sprintgate,
}

#[async_trait]
impl Handler for OpenPr {
    fn kind(&self) -> Kind {
        Kind::OpenPr
    }

    async fn perform(&self, effect: &EffectRecord) -> Outcome {
        self.open(effect).await.unwrap_or_else(|Undone(outcome)| outcome)
    }

    async fn settle(&self, tx: &mut dyn Tx, effect: &EffectRecord, learned: &Value) -> Result<(), FlowError> {
        let text = |name: &str| learned.get(name).and_then(Value::as_str);
        let (Some(url), Some(branch)) =
            (text("url").and_then(|url| url.parse::<PrUrl>().ok()), text("branch"))
        else {
            return Ok(());
        };
        let Ok(record) = publication(tx, effect).await else { return Ok(()) };
        let draft = learned.get("draft").and_then(Value::as_bool).unwrap_or_default();
        let found = Found { url: url.to_string(), state: ForgeState::Open, draft, branch: branch.to_owned() };
        note_opened(&self.app.forges, tx, &record, &url, found, &stamp("open_pr")).await
    }
}

impl OpenPr {
    async fn open(&self, effect: &EffectRecord) -> Result<Outcome, Undone> {
        let forges = &self.app.forges;
        let mut tx = self.app.store.read().await?;
        let record = publication(&mut *tx, effect).await?;
        let Some(at) = publish::at(forges, &record.repo_url) else {
            return Ok(Outcome::again(format!("no forge of {} is configured here", record.repo_url)));
        };
        let Due::Open { draft } = due(&scene(forges, &mut *tx, &record).await?) else {
            drop(tx);
            return self.opened_before(effect, &record, &at).await;
        };
        let words = words(&mut *tx, &record).await?;
        drop(tx);
        let branch = &record.row.branch;
        let base = self.app.git.default_branch(&at.url, branch).await?;
        let new = NewPr {
            repo: &at.repo,
            head: branch,
            base: &base,
            title: &words.title,
            body: &words.body,
            draft,
        };
        let opened = match at.forge.find_or_open(&new).await {
            Err(ForgeError::Invalid { .. }) if self.is_merged(&at, &base, &record).await? => {
                return Ok(passed_over(format!("{base} has its commits already")));
            }
            said => said?,
        };
        Ok(match opened {
            Opened::Adopted(pr) => found(&pr, true),
            Opened::New(pr) => found(&pr, false),
        })
    }

    /// None is to be opened any more. Whoever tried before may have opened it and died before that was written: then it
    /// is noted, so that it is closed where a cascade undid the branch meanwhile. A person's is left alone.
    async fn opened_before(
        &self,
        effect: &EffectRecord,
        record: &PullRequestRecord,
        at: &At,
    ) -> Result<Outcome, Undone> {
        let row = &record.row;
        if effect.row.tries > 1 && row.status == Status::BranchPushed {
            let base = self.app.git.default_branch(&at.url, &row.branch).await?;
            // Whatever became of it there, closing it finds out.
            let ask = FindPr { repo: &at.repo, head: &row.branch, base: &base, any: true };
            let ours = at.forge.find(&ask).await?.filter(|pr| pr.publication.as_ref() == Some(&row.id));
            if let Some(pr) = ours {
                return Ok(found(&pr, true));
            }
        }
        Ok(passed_over(format!("it is {}, and none is to be opened", row.status.word())))
    }

    /// Whether the base has the branch's commits already, so that no forge opens a pull request for them.
    async fn is_merged(&self, at: &At, base: &str, record: &PullRequestRecord) -> Result<bool, Undone> {
        let Some(head) = &record.row.head else { return Ok(false) };
        Ok(self.app.git.conflicts(&at.url, base, head).await? == Merging::Contained)
    }
}

/// What is learned of the one that is there.
fn found(pr: &Pr, adopted: bool) -> Outcome {
    Outcome::Done(json!({
        "url": pr.url.to_string(), "branch": pr.head_branch, "draft": pr.draft, "adopted": adopted,
    }))
}
