//! What a person decides about effects: to have one tried again, or to give up on it.

use serde_json::json;

use super::take::any;
use crate::domain::effect::{AnyEffect, Change as EffectChange, Status, TRANSITIONS, Why};
use crate::domain::id::EffectId;
use crate::domain::machine::{Word, legal};
use crate::domain::shift::Forbidden;
use crate::flow::archive::effect_left;
use crate::flow::wire::{EffectView, RetriedEffects};
use crate::flow::{Caller, FlowError, Session, Sprintgate};
use crate::store::{Change, EffectRecord, Of, Stamp, StoreError, Tx};

/// Effects of a page.
const PAGE: u32 = 100;
/// Refusals that are told.
const REFUSED: usize = 100;

/// A person's transaction about one effect.
struct Open {
    tx: Box<dyn Tx>,
    caller: Caller,
    effect: EffectRecord,
}

impl Sprintgate {
    /// Has an effect that was given up tried again, at once and as often as at first.
    ///
    /// # Errors
    /// `ILLEGAL_TRANSITION` for one that is not given up; `LANE_WENT_ON` for one that a person dismissed, when what came
    /// after it was tried since; `ARCHIVED` for one that an archive has; `PERMISSION_DENIED` for anybody but a person.
    pub async fn retry_effect(&self, session: &Session, effect: &str) -> Result<EffectView, FlowError> {
        let mut open = self.open_effect(session, effect).await?;
        let (id, now) = (&open.effect.row.id, open.tx.now());
        let Some(AnyEffect::GaveUp(given_up)) = any(&open.effect) else { return Err(open.illegal("again")) };
        let change = given_up.again(&open.caller.actor(), now)?;
        open.tx.apply(Change::Effect(change.into()), &Stamp::of(open.caller.actor())).await?;
        // Asked last: whoever began the next of the lane meanwhile is seen.
        if open.tx.lane_went_on(id).await? {
            return Err(FlowError::LaneWentOn { effect: id.to_string() });
        }
        self.close_effect(session, open).await
    }

    /// The same with all that the caller can see and that are given up now. Who is refused is left as it is.
    ///
    /// # Errors
    /// When the store fails; what was retried before stays retried.
    pub async fn retry_all_effects(&self, session: &Session) -> Result<RetriedEffects, FlowError> {
        let (mut retried, mut after) = (RetriedEffects::default(), None::<EffectId>);
        let until = self.store.read().await?.now();
        loop {
            let page = {
                let mut tx = self.store.read().await?;
                let caller = self.caller(&mut *tx, session).await?;
                tx.given_up_effects(caller.user(), until, after.as_ref(), PAGE).await?
            };
            for id in &page {
                match self.retry_effect(session, id.as_str()).await {
                    Ok(_) => retried.retried += 1,
                    Err(
                        error @ (FlowError::LaneWentOn { .. }
                        | FlowError::Transition(_)
                        | FlowError::Archived { .. }),
                    ) => {
                        retried.refused_total += 1;
                        if retried.refused.len() < REFUSED {
                            retried.refused.push(error.to_string());
                        }
                    }
                    Err(error) => return Err(error),
                }
            }
            let Some(last) = page.into_iter().next_back() else { return Ok(retried) };
            after = Some(last);
        }
    }

    /// Gives up on an effect that waits; or says that one which was given up is not needed, so that its lane goes on.
    ///
    /// # Errors
    /// `ILLEGAL_TRANSITION` while a process tries it, and when it is done or dismissed; `REASON_MISSING` under ten
    /// characters; `PERMISSION_DENIED` for anybody but a person.
    pub async fn dismiss_effect(
        &self,
        session: &Session,
        effect: &str,
        reason: &str,
    ) -> Result<EffectView, FlowError> {
        crate::flow::text::text("reason", reason, 0, 2000)?;
        let mut open = self.open_effect(session, effect).await?;
        let (by, now) = (open.caller.actor(), open.tx.now());
        let stamp = Stamp { facts: json!({ "reason": reason }), ..Stamp::of(by.clone()) };
        let dismissed = open.effect.row.gave_up_why == Some(Why::Dismissed);
        let change: EffectChange = match any(&open.effect) {
            Some(AnyEffect::Pending(due)) => due.dismiss(&by, reason, now)?.into(),
            Some(AnyEffect::Retry(due)) => due.dismiss(&by, reason, now)?.into(),
            Some(AnyEffect::GaveUp(given_up)) if !dismissed => {
                // Asked for once more and called off, so that the ledger has one way into each state.
                let step = given_up.again(&by, now)?;
                let pending = step.next().clone();
                open.tx.apply(Change::Effect(step.into()), &stamp).await?;
                pending.dismiss(&by, reason, now)?.into()
            }
            _ => return Err(open.illegal("dismiss")),
        };
        open.tx.apply(Change::Effect(change), &stamp).await?;
        self.close_effect(session, open).await
    }

    /// Opens a transaction with an effect that the caller can see, its row locked. Its product and its lane are held first,
    /// as by everybody who moves a lane.
    async fn open_effect(&self, session: &Session, effect: &str) -> Result<Open, FlowError> {
        let seen = self.seen_effect(&mut *self.store.read().await?, session, effect).await?;
        let mut tx = self.store.begin().await?;
        let caller = self.caller(&mut *tx, session).await?;
        caller.may("decide about effects")?;
        tx.hold(Of::Product(&seen.product), Some(caller.user())).await?;
        if let Some(lane) = &seen.lane {
            tx.hold_lane(lane).await?;
        }
        let effect = tx.effect(&seen.row.id).await?.ok_or_else(|| FlowError::not_found("effect", effect))?;
        effect_left(&mut *tx, &effect.row.id).await?;
        Ok(Open { tx, caller, effect })
    }

    async fn close_effect(&self, session: &Session, open: Open) -> Result<EffectView, FlowError> {
        let Open { mut tx, effect, .. } = open;
        let vanished = || StoreError::Inconsistent { what: format!("effect {} vanished", effect.row.id) };
        let record = tx.effect(&effect.row.id).await?.ok_or_else(vanished)?;
        let view = self.view_effect(session, record, tx.now());
        tx.commit().await?;
        Ok(view)
    }
}

impl Open {
    /// The effect's machine has no such edge from where it is.
    fn illegal(&self, asked: &'static str) -> FlowError {
        let from = self.effect.row.status;
        let legal = legal(TRANSITIONS, from).into_iter().map(Word::word).collect();
        FlowError::Transition(Forbidden { what: Status::WHAT, from: from.word(), asked, legal })
    }
}
