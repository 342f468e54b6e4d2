//! Sends what was kept of an attempt to the remote, where its product wants that: by the machine whose vault has it.

use std::time::Duration;

use async_trait::async_trait;
use serde_json::json;

use super::handler::{Handler, Outcome};
use crate::domain::commit::CommitId;
use crate::domain::effect::{Effect, Kind, Pending, TRIES_MAX};
use crate::domain::push::PushClass;
use crate::domain::remote::RemoteUrl;
use crate::domain::time::{Millis, Timestamp};
use crate::flow::{FlowError, Sprintgate, fresh};
use crate::git::{Place, SentSalvage};
use crate::store::{EffectRecord, JobRecord, NewEffect, NewSalvage};

/// What has it sent.
pub(in crate::flow) fn sending(job: &JobRecord, host: &str, kept: &NewSalvage, now: Timestamp) -> NewEffect {
    let state = Pending { due_at: now };
    let effect = Effect { id: fresh::id(), kind: Kind::Salvage, tries: 0, tries_max: TRIES_MAX, state };
    NewEffect {
        effect,
        product: job.product.clone(),
        job: Some(job.row.id.clone()),
        payload: json!({ "repo_url": kept.repo_url, "attempt": kept.attempt, "commit": kept.commit }),
        host: Some(host.to_owned()),
        lane: None,
        key: Some(format!("send/{}/{}", kept.reference, kept.commit)),
    }
}

/// How long one try may take: what was kept may be large.
const LIMIT: Duration = Duration::from_secs(30 * 60);
/// How long what a person has to put right is left alone.
const HOUR: Millis = Millis::minutes(60);

pub(super) struct SendSalvage {
    pub(super) app: Sprintgate,
}

#[async_trait]
impl Handler for SendSalvage {
    fn kind(&self) -> Kind {
        Kind::Salvage
    }

    fn limit(&self) -> Duration {
        LIMIT
    }

    async fn perform(&self, effect: &EffectRecord) -> Outcome {
        let Some((url, place, commit)) = what(effect) else {
            return Outcome::GiveUp("it names nothing that was kept".to_owned());
        };
        match self.app.git.send_salvage(&url, &place, &commit).await.map_err(FlowError::from) {
            Ok(SentSalvage::Sent) => Outcome::Done(json!({ "sent": place.salvage_ref() })),
            Ok(SentSalvage::AlreadyThere) => Outcome::Done(json!({ "found": place.salvage_ref() })),
            Ok(SentSalvage::Gone) => {
                Outcome::Done(json!({ "passed_over": "it is not what is kept any more" }))
            }
            Ok(SentSalvage::Withheld) => Outcome::Done(
                json!({ "passed_over": "nothing of it may be sent; all of it is kept on this machine" }),
            ),
            Ok(SentSalvage::Foreign { found }) => {
                Outcome::GiveUp(format!("the remote has {found} as {}", place.salvage_ref()))
            }
            Ok(SentSalvage::Failed(failed)) => match failed.class {
                PushClass::Rejected | PushClass::TooLarge => Outcome::GiveUp(failed.why),
                PushClass::NoCredentials => Outcome::Again { why: failed.why, wait: Some(HOUR) },
                _ => Outcome::again(failed.why),
            },
            Err(error) => Outcome::again(error.to_string()),
        }
    }
}

fn what(effect: &EffectRecord) -> Option<(RemoteUrl, Place, CommitId)> {
    let text = |name: &str| effect.payload.get(name)?.as_str().map(str::to_owned);
    let attempt = u32::try_from(effect.payload.get("attempt")?.as_u64()?).ok()?;
    let place = Place { job: effect.job.clone()?, attempt };
    Some((RemoteUrl::new(text("repo_url")?).ok()?, place, CommitId::new(text("commit")?).ok()?))
}
