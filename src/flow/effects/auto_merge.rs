//! Has the forge merge a pull request once its checks pass, at the commit that was verified. What changes protected paths is
//! handed to people instead, and what cannot be looked through is not merged.

use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};

use super::at_forge::{About, Undone, open_at, passed_over, publication};
use super::delete_branch::LIMIT;
use super::handler::{Handler, Outcome};
use super::merge_answer::{settle_answer, told};
use crate::domain::commit::CommitId;
use crate::domain::effect::Kind;
use crate::domain::machine::Word;
use crate::domain::publication::{Scene, held_back, held_back_marker, protects, still_merges};
use crate::domain::time::Millis;
use crate::flow::publish::{self, Words, scene, words};
use crate::flow::{FlowError, Sprintgate};
use crate::forge::{Forge, MergeAsk};
use crate::store::{EffectRecord, Tx};

pub(super) struct AutoMerge {
    pub(super) app: Sprintgate,
}

#[async_trait]
impl Handler for AutoMerge {
    fn kind(&self) -> Kind {
        Kind::AutoMerge
    }

    /// It fetches before it asks: a try that is dropped before would begin anew each time.
    fn limit(&self) -> Duration {
        LIMIT
    }

    async fn perform(&self, effect: &EffectRecord) -> Outcome {
        self.ask(effect).await.unwrap_or_else(|Undone(outcome)| outcome)
    }

    async fn settle(&self, tx: &mut dyn Tx, effect: &EffectRecord, learned: &Value) -> Result<(), FlowError> {
        let Ok(record) = publication(tx, effect).await else { return Ok(()) };
        settle_answer(&self.app.forges, tx, &record, learned).await
    }
}

impl AutoMerge {
    async fn ask(&self, effect: &EffectRecord) -> Result<Outcome, Undone> {
        let forges = &self.app.forges;
        let mut tx = self.app.store.read().await?;
        let about = About::read(&mut *tx, effect).await?;
        let head = about.head.as_ref().ok_or_else(|| Undone::never("it names no commit"))?;
        if publish::at(forges, &about.record.repo_url).is_none() {
            return Ok(Outcome::again(format!("no forge of {} is configured here", about.record.repo_url)));
        }
        let scene = scene(forges, &mut *tx, &about.record).await?;
        if !about.is_open() || !still_merges(&scene, head) {
            return Ok(passed_over(format!("it is {} by now", about.record.row.status.word())));
        }
        let words = words(&mut *tx, &about.record).await?;
        drop(tx);
        let forge = forges.at(&about.url)?;
        let pr = match open_at(&forge, &about.url).await? {
            Ok(pr) => pr,
            Err(ended) => return Ok(ended),
        };
        if &pr.head != head {
            return Ok(moved(head, Some(&pr.head)));
        }
        // What the forge lists is of the head that it had just now; it merges no other.
        let files = forge.files(&about.url).await?;
        let mut protected: Vec<&str> =
            files.iter().map(String::as_str).filter(|path| protects(path).is_some()).collect();
        // The forge's list does not tell a submodule from a file.
        let touched = self.app.git.touched_on(&about.remote()?, &pr.base, head).await?;
        protected.extend(touched.submodules.iter().map(String::as_str));
        if !still_merges(&Scene { protected: !protected.is_empty(), ..scene }, head) {
            return self.hand_over(&*forge, &about, &protected).await;
        }
        let Words { title, squash, .. } = &words;
        let answer = forge.auto_merge(&about.url, &MergeAsk { head, title, message: squash }).await?;
        told(&*forge, &about, head, answer).await
    }

    /// Says once why a person has to merge it.
    async fn hand_over(
        &self,
        forge: &dyn Forge,
        about: &About,
        protected: &[&str],
    ) -> Result<Outcome, Undone> {
        let id = &about.record.row.id;
        let text = held_back(protected, id);
        // The forge's own way to know a comment again is the same line.
        let text = text.trim_end().trim_end_matches(&held_back_marker(id)).trim_end();
        forge.comment(&about.url, &format!("sprintgate:held-back:{id}"), text).await?;
        Ok(Outcome::Done(json!({ "held_back": protected.len() })))
    }
}

/// The branch is at another commit at the forge. It may show for a while what was; otherwise the one who pushed it, or the
/// poll, says what follows, and the next try finds that nothing is to be merged.
pub(super) fn moved(head: &CommitId, found: Option<&CommitId>) -> Outcome {
    let found = found.map_or_else(|| "another commit".to_owned(), ToString::to_string);
    Outcome::Again { why: format!("the forge shows {found}, and not {head}"), wait: Some(UNTIL_SHOWN) }
}

/// So long a forge may show what was.
const UNTIL_SHOWN: Millis = Millis::seconds(30);
