//! Removes the worktree of an attempt that was taken from its worker: nobody else may be left to do it.

use async_trait::async_trait;
use serde_json::json;

use super::handler::{Handler, Handlers, Outcome};
use crate::domain::effect::{Effect, Kind, LEASE, Pending, TRIES_MAX};
use crate::domain::id::{JobId, WorkerId};
use crate::domain::job::{Change as JobChange, Event};
use crate::domain::time::Millis;
use crate::flow::tidy::Fate;
use crate::flow::{FlowError, Sprintgate, fresh};
use crate::git::Place;
use crate::store::{EffectRecord, JobRecord, NewEffect, Stamp, Tx};

impl Sprintgate {
    /// The handlers of the kinds that this program can do, for a process by that name.
    #[must_use]
    pub fn effect_handlers(&self, holder: WorkerId) -> Handlers {
        Handlers::new(holder).with(RemoveWorktree { app: self.clone() })
    }
}

/// After a job's move that took it from the worker that held it: has the worktree removed on the machine where it is,
/// once the worker has had the time to notice. Who ends an attempt on its own word removes its worktree itself.
pub(in crate::flow) async fn worktree_goes(
    tx: &mut dyn Tx,
    job: &JobRecord,
    change: &JobChange,
    stamp: &Stamp,
) -> Result<(), FlowError> {
    if !change.before().is_held() || !matches!(change.event(), Event::Expire | Event::Cancel) {
        return Ok(());
    }
    let number = change.attempt_before();
    let Some(attempt) = tx.attempt(&job.row.id, number).await? else { return Ok(()) };
    // By the lease that is usual; the handler asks again by the one that is set.
    let state = Pending { due_at: tx.now() + LEASE + Millis(1) };
    let effect =
        Effect { id: fresh::id(), kind: Kind::RemoveWorktree, tries: 0, tries_max: TRIES_MAX, state };
    let new = NewEffect {
        effect,
        product: job.product.clone(),
        job: Some(job.row.id.clone()),
        payload: json!({ "attempt": number }),
        host: Some(attempt.row.frozen.host),
        lane: None,
    };
    Ok(tx.add_effect(&new, stamp).await?)
}

struct RemoveWorktree {
    app: Sprintgate,
}

#[async_trait]
impl Handler for RemoveWorktree {
    fn kind(&self) -> Kind {
        Kind::RemoveWorktree
    }

    async fn perform(&self, effect: &EffectRecord) -> Outcome {
        let Some(place) = place(effect) else { return Outcome::GiveUp("it names no attempt".to_owned()) };
        if !self.app.git.path_of(&place).exists() {
            return Outcome::Done(json!({}));
        }
        match self.app.clear_place(&place, false).await {
            Ok(Fate::Removed(None)) => Outcome::Done(json!({})),
            Ok(Fate::Removed(Some(kept))) => {
                Outcome::Done(json!({ "salvaged": kept.reference, "commit": kept.commit }))
            }
            Ok(Fate::Kept { why, wait }) => Outcome::Again { why, wait },
            Ok(Fate::Foreign(why)) => Outcome::GiveUp(why.to_owned()),
            Err(error) => Outcome::again(error.to_string()),
        }
    }
}

fn place(effect: &EffectRecord) -> Option<Place> {
    let job: JobId = effect.job.clone()?;
    let attempt = effect.payload.get("attempt")?.as_u64()?;
    Some(Place { job, attempt: u32::try_from(attempt).ok()? })
}
