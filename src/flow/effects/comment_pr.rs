//! Says something at a pull request, once: a comment is known again by its marker.

use async_trait::async_trait;
use serde_json::json;

use super::at_forge::Undone;
use super::handler::{Handler, Outcome};
use super::named::named;
use crate::domain::cascade::reverted_because;
use crate::domain::effect::{Effect, Kind, Pending, TRIES_MAX};
use crate::domain::forge::PrUrl;
use crate::domain::id::JobId;
use crate::domain::time::Timestamp;
use crate::flow::{Sprintgate, fresh};
use crate::forge::ForgeError;
use crate::store::{EffectRecord, NewEffect};

/// Says at the merged pull request which one takes it back, after the effect that opened that one.
pub(super) fn taken_back(
    revert: &EffectRecord,
    failed: &JobId,
    merged: &PrUrl,
    by: &PrUrl,
    now: Timestamp,
) -> NewEffect {
    let id = &revert.row.id;
    let state = Pending { due_at: now };
    NewEffect {
        effect: Effect { id: fresh::id(), kind: Kind::CommentPr, tries: 0, tries_max: TRIES_MAX, state },
        product: revert.product.clone(),
        job: Some(failed.clone()),
        payload: json!({
            "url": merged.to_string(), "marker": format!("sprintgate:reverted:{id}"), "text": reverted_because(failed, by),
        }),
        host: None,
        lane: revert.lane.clone(),
        key: Some(format!("comment/{id}")),
    }
}

pub(super) struct CommentPr {
    pub(super) app: Sprintgate,
}

#[async_trait]
impl Handler for CommentPr {
    fn kind(&self) -> Kind {
        Kind::CommentPr
    }

    async fn perform(&self, effect: &EffectRecord) -> Outcome {
        let text = |name: &str| named::<String>(effect, name);
        let (Some(url), Some(marker), Some(text)) =
            (named::<PrUrl>(effect, "url"), text("marker"), text("text"))
        else {
            return Outcome::GiveUp("it names no pull request, or nothing to be said there".to_owned());
        };
        match self.say(&url, &marker, &text).await {
            Ok(()) => Outcome::Done(json!({ "said_at": url.to_string() })),
            Err(error) => Undone::from(error).0,
        }
    }
}

impl CommentPr {
    async fn say(&self, url: &PrUrl, marker: &str, text: &str) -> Result<(), ForgeError> {
        self.app.forges.at(url)?.comment(url, marker, text).await
    }
}
