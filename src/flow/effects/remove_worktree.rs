//! Removes the worktree of an attempt that was taken from its worker: nobody else may be left to do it.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::json;

use super::handler::{Handler, Handlers, Outcome};
use super::send_salvage::SendSalvage;
use crate::domain::effect::{Effect, Kind, LEASE, Pending, TRIES_MAX};
use crate::domain::id::{JobId, WorkerId};
use crate::domain::job::{Change as JobChange, Event};
use crate::domain::time::{Millis, Timestamp};
use crate::flow::follow_many::Moved;
use crate::flow::worktrees::Cleared;
use crate::flow::{FlowError, Sprintgate, fresh};
use crate::git::Place;
use crate::store::{AttemptRecord, EffectRecord, JobRecord, NewEffect, Stamp, Tx};

impl Sprintgate {
    /// The handlers of the kinds that this program can do, for a process by that name.
    #[must_use]
    pub fn effect_handlers(&self, holder: WorkerId) -> Handlers {
        Handlers::new(holder)
            .with(RemoveWorktree { app: self.clone() })
            .with(SendSalvage { app: self.clone() })
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
    if !takes_away(change) {
        return Ok(());
    }
    let number = change.attempt_before();
    let Some(attempt) = tx.attempt(&job.row.id, number).await? else { return Ok(()) };
    tx.add_effect(&removal(job, attempt, tx.now()), stamp).await?;
    Ok(())
}

/// The same after the moves of many.
pub(in crate::flow) async fn worktrees_go(tx: &mut dyn Tx, moved: &[Moved]) -> Result<(), FlowError> {
    let gone: BTreeMap<(JobId, u32), &Moved> = moved
        .iter()
        .filter(|moved| takes_away(&moved.change))
        .map(|moved| ((moved.job.row.id.clone(), moved.change.attempt_before()), moved))
        .collect();
    if gone.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    let attempts = tx.attempts_named(&gone.keys().cloned().collect::<Vec<_>>()).await?;
    let mut effects = Vec::with_capacity(attempts.len());
    for attempt in attempts {
        if let Some(moved) = gone.get(&(attempt.row.job.clone(), attempt.row.number)) {
            effects.push((removal(&moved.job, attempt, now), moved.stamp.clone()));
        }
    }
    Ok(tx.add_effects(&effects).await?)
}

/// Whether the move takes the job from the worker that holds it.
fn takes_away(change: &JobChange) -> bool {
    change.before().is_held() && matches!(change.event(), Event::Expire | Event::Cancel)
}

/// What has the worktree of an attempt removed.
fn removal(job: &JobRecord, attempt: AttemptRecord, now: Timestamp) -> NewEffect {
    // By the lease that is usual; the handler asks again by the one that is set.
    let state = Pending { due_at: now + LEASE + Millis(1) };
    let effect =
        Effect { id: fresh::id(), kind: Kind::RemoveWorktree, tries: 0, tries_max: TRIES_MAX, state };
    NewEffect {
        effect,
        product: job.product.clone(),
        job: Some(job.row.id.clone()),
        payload: json!({ "attempt": attempt.row.number }),
        host: Some(attempt.row.frozen.host),
        lane: None,
        key: None,
    }
}

/// How long one try may take.
const LIMIT: Duration = Duration::from_secs(30 * 60);

struct RemoveWorktree {
    app: Sprintgate,
}

#[async_trait]
impl Handler for RemoveWorktree {
    fn kind(&self) -> Kind {
        Kind::RemoveWorktree
    }

    /// Two locks may each be waited for twice as long as a command takes, and reading takes its time: a try that is
    /// dropped before would begin anew each time and never come to an end.
    fn limit(&self) -> Duration {
        LIMIT
    }

    async fn perform(&self, effect: &EffectRecord) -> Outcome {
        let Some(place) = place(effect) else { return Outcome::GiveUp("it names no attempt".to_owned()) };
        match self.app.clear_place(&place).await {
            Ok(Cleared::Removed(None)) => Outcome::Done(json!({})),
            Ok(Cleared::Removed(Some(kept))) => {
                Outcome::Done(json!({ "salvaged": kept.reference, "commit": kept.commit }))
            }
            Ok(Cleared::Kept { why, wait }) => Outcome::Again { why, wait },
            Ok(Cleared::Foreign(why)) => Outcome::GiveUp(why),
            Err(error) => Outcome::again(error.to_string()),
        }
    }
}

fn place(effect: &EffectRecord) -> Option<Place> {
    let job: JobId = effect.job.clone()?;
    let attempt = effect.payload.get("attempt")?.as_u64()?;
    Some(Place { job, attempt: u32::try_from(attempt).ok()? })
}
