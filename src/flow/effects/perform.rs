//! A pass over what is due: a few at a time, until nothing is left or somebody wants to leave.

use tokio::task::JoinSet;
use tokio::time::{Duration, Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::conclude::End;
use super::handler::Handlers;
use crate::flow::{FlowError, Sprintgate};

/// The longest and the shortest time between two passes.
const POLL: Duration = Duration::from_secs(5);
const REST: Duration = Duration::from_millis(200);

/// What a pass did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Performed {
    /// Effects that were done.
    pub done: u32,
    /// Effects that are tried again later.
    pub again: u32,
    /// Effects that nobody tries any more; those of machines that are gone, too.
    pub gave_up: u32,
    /// Tries whose outcome could not be written, because somebody else took over or the database failed.
    pub lost: u32,
    /// Effects that were taken from processes without a sign of life.
    pub expired: u32,
}

impl Performed {
    /// How many tries ended.
    #[must_use]
    pub fn tries(&self) -> u32 {
        self.done + self.again + self.gave_up + self.lost
    }

    fn count(&mut self, end: End) {
        *match end {
            End::Done => &mut self.done,
            End::Again => &mut self.again,
            End::GaveUp => &mut self.gave_up,
            End::Lost => &mut self.lost,
        } += 1;
    }

    fn add(&mut self, other: Self) {
        self.done += other.done;
        self.again += other.again;
        self.gave_up += other.gave_up;
        self.lost += other.lost;
        self.expired += other.expired;
    }
}

impl Sprintgate {
    /// Takes back what dead processes held, gives up what waits for a machine that is gone, then tries what is due and
    /// these handlers can do, at most `limit` tries. Any number of processes may do it at once. When `gone` is cancelled
    /// no more is taken, and what is under way is waited for; when this future is dropped, what is under way is dropped
    /// with it and tried again after its lease.
    ///
    /// # Errors
    /// When the store fails; what was taken before is tried to its end.
    pub async fn run_effects(
        &self,
        handlers: &Handlers,
        limit: u32,
        gone: &CancellationToken,
    ) -> Result<Performed, FlowError> {
        // Listening comes before looking: a change after this line wakes the wait below.
        let mut woken = self.store.effects();
        let (mut performed, mut under_way) = (Performed::default(), JoinSet::new());
        let (mut left, mut failed, mut uncleared) = (limit, None, None);
        let (mut clears_at, mut looks_at) = (Instant::now(), Instant::now());
        loop {
            // A pass may be long.
            if failed.is_none() && !gone.is_cancelled() && Instant::now() >= clears_at {
                clears_at = Instant::now() + POLL;
                match self.clear_effects(handlers, gone).await {
                    Ok(cleared) => performed.add(cleared),
                    // What is due is tried nevertheless.
                    Err(error) => uncleared = Some(error),
                }
            }
            let free = handlers.at_once.saturating_sub(under_way.len());
            let takes = failed.is_none() && !gone.is_cancelled() && free > 0 && left > 0;
            if takes && Instant::now() >= looks_at {
                looks_at = Instant::now() + POLL;
                let wanted = left.min(u32::try_from(free).unwrap_or(u32::MAX));
                // A busy database may be asked again for long; who is stopped meanwhile takes nothing.
                let take = async || match gone.is_cancelled() {
                    true => Ok(Vec::new()),
                    false => self.take_effects(handlers, wanted).await,
                };
                match self.again(take).await {
                    Ok(taken) => {
                        for effect in taken {
                            let Some(handler) = handlers.of.get(&effect.row.kind) else { continue };
                            left -= 1;
                            under_way.spawn(self.clone().try_effect(handler.clone(), effect, handlers.lease));
                        }
                    }
                    Err(error) => failed = Some(error),
                }
            }
            let rested = Instant::now() + REST;
            tokio::select! {
                ended = under_way.join_next() => match ended {
                    Some(end) => {
                        performed.count(end.unwrap_or(End::Lost));
                        // Half of them together: one transaction for several.
                        if under_way.len() * 2 <= handlers.at_once {
                            looks_at = Instant::now();
                        }
                    }
                    None => break,
                },
                // One that takes long keeps nothing else waiting.
                () = sleep_until(looks_at), if takes => {}
                // Where every commit wakes, they are not to look a hundred times a second.
                Ok(()) = woken.changed(), if takes => looks_at = looks_at.min(rested),
            }
        }
        failed.or(uncleared).map_or(Ok(performed), Err)
    }

    /// Takes back what dead processes held, and gives up what waits for machines that are gone.
    async fn clear_effects(
        &self,
        handlers: &Handlers,
        gone: &CancellationToken,
    ) -> Result<Performed, FlowError> {
        // A busy database may be asked again for long; who is stopped meanwhile begins nothing.
        let expire = async || if gone.is_cancelled() { Ok(0) } else { self.expire_effects().await };
        let give_up =
            async || if gone.is_cancelled() { Ok(0) } else { self.give_up_abandoned(handlers).await };
        let expired = self.again(expire).await?;
        let gave_up = self.again(give_up).await?;
        Ok(Performed { expired, gave_up, ..Performed::default() })
    }

    /// The same, pass after pass, until `gone` is cancelled: at once when an effect was written, and every few seconds in
    /// any case.
    ///
    /// # Errors
    /// None while it goes on: a pass that fails is logged, and the next one tries again.
    pub async fn keep_running_effects(&self, handlers: &Handlers, gone: &CancellationToken) -> Performed {
        let mut woken = self.store.effects();
        let (mut all, mut hears) = (Performed::default(), true);
        while !gone.is_cancelled() {
            // Listening comes before looking: a change after this line wakes the wait below.
            woken.borrow_and_update();
            match self.run_effects(handlers, u32::MAX, gone).await {
                Ok(performed) => all.add(performed),
                Err(error) => tracing::warn!(%error, "effects could not be looked for"),
            }
            let (rested, poll) = (Instant::now() + REST, Instant::now() + POLL);
            tokio::select! {
                () = gone.cancelled() => return all,
                () = sleep_until(poll) => {}
                changed = woken.changed(), if hears => hears = changed.is_ok(),
            }
            tokio::select! {
                () = gone.cancelled() => {}
                () = sleep_until(rested) => {}
            }
        }
        all
    }
}
