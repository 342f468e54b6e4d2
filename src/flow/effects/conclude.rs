//! Writes down what came of a try: only the one that runs may.

use std::time::Duration;

use serde_json::{Value, json};

use super::handler::{Handler, Outcome};
use super::take::any;
use crate::domain::actor::Actor;
use crate::domain::effect::{AnyEffect, Change as EffectChange, Met, Refusal, Status};
use crate::flow::{FlowError, Retry, Sprintgate};
use crate::store::{Change, EffectRecord, Of, Stamp, StoreError};

/// How often it is tried to write down an outcome, and the wait after the first failure, which grows.
const WRITES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(100);

/// Where a try left its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Done,
    Again,
    GaveUp,
    /// Its outcome was not written: somebody else tries by now, or will when the lease has run out.
    Lost,
}

impl Sprintgate {
    /// Writes down the outcome of a try, and with a handler what it makes of it.
    pub(crate) async fn conclude(
        &self,
        handler: Option<&dyn Handler>,
        effect: &EffectRecord,
        outcome: &Outcome,
    ) -> End {
        let id = &effect.row.id;
        let mut unsettled = None;
        for number in 1..=WRITES {
            let outcome = unsettled.as_ref().unwrap_or(outcome);
            match self.write_outcome(handler, effect, outcome).await {
                Ok(end) => return end,
                Err(Unwritten { error, settling: true }) if error.retry() != Retry::Later => {
                    tracing::error!(effect = %id, %error, "what follows from an effect was not written; it is tried again");
                    unsettled =
                        Some(Outcome::again(format!("what follows from it was not written: {error}")));
                }
                Err(Unwritten { error, .. }) if number == WRITES || error.retry() == Retry::No => {
                    tracing::error!(effect = %id, %error, "the outcome of an effect was not written; it is tried again");
                    break;
                }
                Err(Unwritten { error, .. }) => {
                    tracing::warn!(effect = %id, %error, "the outcome of an effect is written once more");
                    tokio::time::sleep(PAUSE * number).await;
                }
            }
        }
        End::Lost
    }

    async fn write_outcome(
        &self,
        handler: Option<&dyn Handler>,
        effect: &EffectRecord,
        outcome: &Outcome,
    ) -> Result<End, Unwritten> {
        let number = effect.row.tries;
        let mut tx = self.store.begin().await?;
        if let Some(lane) = &effect.lane {
            tx.hold(Of::Product(&effect.product), None).await?;
            tx.hold_lane(lane).await?;
        }
        let now = tx.now();
        let read = tx.effect(&effect.row.id).await?;
        let Some(AnyEffect::Running(running)) = read.as_ref().and_then(any) else { return Ok(End::Lost) };
        let (change, learned): (Result<EffectChange, Refusal>, _) = match outcome {
            Outcome::Done(learned) => (running.succeed(number, now).map(Into::into), Some(learned)),
            Outcome::Again { why, wait } => {
                let met = Met { error: why.clone(), not_before: wait.map(|wait| now + wait), dice: dice() };
                (running.fail(number, met, now).map(Into::into), None)
            }
            Outcome::GiveUp(why) => (running.refuse(number, why, now).map(Into::into), None),
        };
        let Ok(change) = change else { return Ok(End::Lost) };
        let end = match change.after() {
            Status::Done => End::Done,
            Status::GaveUp => End::GaveUp,
            _ => End::Again,
        };
        let mut facts = json!({ "try": number });
        if let (Some(learned), Some(facts)) = (learned.filter(|it| !is_empty(it)), facts.as_object_mut()) {
            facts.insert("learned".to_owned(), learned.clone());
        }
        tx.apply(Change::Effect(change), &Stamp { facts, ..Stamp::of(Actor::System) }).await?;
        if let (Some(handler), Some(learned)) = (handler, learned) {
            let settled = handler.settle(&mut *tx, effect, learned).await;
            settled.map_err(|error| Unwritten { error, settling: true })?;
        }
        tx.commit().await?;
        Ok(end)
    }
}

/// Why an outcome was not written.
struct Unwritten {
    error: FlowError,
    /// It was what the handler makes of it.
    settling: bool,
}

impl From<StoreError> for Unwritten {
    fn from(error: StoreError) -> Self {
        Self { error: error.into(), settling: false }
    }
}

fn is_empty(learned: &Value) -> bool {
    learned.is_null() || learned.as_object().is_some_and(serde_json::Map::is_empty)
}

/// A random number; a system that has none makes all wait equally long.
fn dice() -> u32 {
    getrandom::u32().unwrap_or_default()
}
