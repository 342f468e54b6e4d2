//! The keeper: what has to be done for all whether or not anybody waits is done by one process at a time. Every process
//! that runs for long stands for the office; who holds it takes jobs from dead workers, binds the ledger, deletes what
//! is old, and says on the database's channel what was told.

use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::{FlowError, Handlers, Sprintgate, fresh};
use crate::domain::id::WorkerId;
use crate::domain::time::Millis;

/// The office.
const OFFICE: &str = "keeper";
/// How long a term lasts that is not renewed: as long nobody keeps when a keeper died.
const TERM: Millis = Millis::seconds(15);
/// How long before its end a keeper stops that could not renew it.
const MARGIN: Duration = Duration::from_secs(1);
/// How often a term is renewed, and how often others look whether it is over.
const RENEW: Duration = Duration::from_secs(4);
/// How long leaving the office may take.
const LEAVE: Duration = Duration::from_secs(5);
/// How long the tries of effects that are under way may take when it is stopped.
const GRACE: Duration = Duration::from_secs(5);
/// The longest time between two sweeps.
const SWEEP: Duration = Duration::from_secs(5);
/// The consumer of the outbox that the database's channel is.
const CHANNEL: &str = "channel";

/// What a process that runs for long does for all, until it is stopped or dropped: it stands for the office, and tries
/// the effects that this machine can do, whoever is in office.
pub struct Keeper {
    stop: CancellationToken,
    task: AbortOnDropHandle<()>,
    /// What is under way when it is dropped is tried again by others, when its lease has run out.
    effects: AbortOnDropHandle<()>,
}

impl Keeper {
    /// Starts it, on the runtime of the caller.
    #[must_use]
    pub fn start(app: &Sprintgate) -> Self {
        Self::with(app, app.effect_handlers(fresh::id()))
    }

    /// Starts it with these handlers of effects.
    #[must_use]
    pub fn with(app: &Sprintgate, handlers: Handlers) -> Self {
        let (app, stop) = (app.clone(), CancellationToken::new());
        let (tries, gone) = (app.clone(), stop.clone());
        let task = AbortOnDropHandle::new(tokio::spawn(async move { app.keep(&gone).await }));
        let gone = stop.clone();
        let effects = AbortOnDropHandle::new(tokio::spawn(async move {
            tries.keep_running_effects(&handlers, &gone).await;
        }));
        Self { stop, task, effects }
    }

    /// Stops it, and leaves the office to another process at once. Tries of effects that are under way may end within
    /// five seconds; no other one begins.
    pub async fn stop(self) {
        self.stop.cancel();
        let (kept, tried) = tokio::join!(timeout(LEAVE, self.task), timeout(GRACE, self.effects));
        match kept {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the keeper ended badly"),
            Err(_) => tracing::warn!("the keeper's term ends by itself"),
        }
        if tried.is_err() {
            tracing::warn!(
                "a try of an effect took too long to be waited for; it is tried again after its lease"
            );
        }
    }
}

impl Sprintgate {
    /// Stands for the office of the keeper and keeps while it holds it, until `gone` is cancelled. What fails is logged
    /// and tried again.
    pub async fn keep(&self, gone: &CancellationToken) {
        // A random id: two processes of one host are two.
        let me = fresh::id::<WorkerId>().to_string();
        while !gone.is_cancelled() {
            let begun = Instant::now();
            match self.takes_office(&me).await {
                Ok(true) => self.in_office(&me, begun, gone).await,
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "could not look whether a keeper is needed"),
            }
            tokio::select! {
                () = gone.cancelled() => {}
                () = sleep(RENEW) => {}
            }
        }
    }

    /// Takes the office, or renews the term; false while another process holds it.
    pub(crate) async fn takes_office(&self, me: &str) -> Result<bool, FlowError> {
        let another = {
            // Most look in vain, and shall not take the write lock for it.
            let mut tx = self.store.read().await?;
            let now = tx.now();
            let term = tx.term(OFFICE).await?;
            term.is_some_and(|term| term.holder != me && term.until - now <= Millis(2 * TERM.0))
        };
        if another {
            return Ok(false);
        }
        let mut tx = self.store.begin().await?;
        let taken = tx.take_office(OFFICE, me, TERM).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// Keeps until the term is lost or `gone` is cancelled. What is under way when the term ends is undone.
    async fn in_office(&self, me: &str, begun: Instant, gone: &CancellationToken) {
        tracing::debug!(me, "keeps");
        tokio::select! {
            biased;
            () = gone.cancelled() => {}
            () = self.term(me, begun) => return tracing::warn!(me, "another process keeps now"),
            () = self.rounds() => {}
            // Ends by itself when it sees, before this does, that `gone` is cancelled.
            () = self.channel(gone) => {}
        }
        if let Err(error) = self.again(async || self.leaves_office(me).await).await {
            tracing::warn!(%error, "the keeper's term ends by itself");
        }
    }

    pub(crate) async fn leaves_office(&self, me: &str) -> Result<(), FlowError> {
        let mut tx = self.store.begin().await?;
        tx.leave_office(OFFICE, me).await?;
        Ok(tx.commit().await?)
    }

    /// Renews the term, until it is lost: taken by another, or about to end.
    async fn term(&self, me: &str, begun: Instant) {
        let length = Duration::from_millis(TERM.0.unsigned_abs()).saturating_sub(MARGIN);
        let mut end = begun + length;
        loop {
            sleep_until(end.min(Instant::now() + RENEW)).await;
            let (begun, left) = (Instant::now(), end.saturating_duration_since(Instant::now()));
            match timeout(left, self.takes_office(me)).await {
                Ok(Ok(true)) => end = begun + length,
                Ok(Ok(false)) | Err(_) => return,
                Ok(Err(error)) => tracing::warn!(%error, "the keeper's term could not be renewed"),
            }
            if Instant::now() >= end {
                return;
            }
        }
    }

    /// What is done again and again, for as long as it is let.
    async fn rounds(&self) {
        let lease = Duration::from_millis(self.settings.lease.0.max(1).unsigned_abs());
        let pause = (lease / 3).clamp(Duration::from_millis(200), SWEEP);
        loop {
            match self.sweep().await {
                Ok(swept) => {
                    for job in swept.requeued {
                        tracing::info!(job, "its worker gave no sign of life; it waits again");
                    }
                    for job in swept.failed {
                        tracing::warn!(job, "its last worker gave no sign of life; it failed");
                    }
                }
                Err(error) => tracing::warn!(%error, "stale jobs could not be looked for"),
            }
            sleep(pause).await;
        }
    }

    /// Says the outbox on the database's channel, for as long as it is let.
    async fn channel(&self, gone: &CancellationToken) {
        while !gone.is_cancelled() {
            if let Err(error) = self.relay_events(CHANNEL, gone).await {
                tracing::warn!(%error, "events cannot be said on the channel");
                sleep(RENEW).await;
            }
        }
    }
}
