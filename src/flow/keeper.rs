//! The keeper: what has to be done for all whether or not anybody waits is done by one process at a time. Every process
//! that runs for long stands for the office; who holds it takes jobs from dead workers, binds the ledger, deletes what
//! is old, and says on the database's channel what was told. What has to be asked at a forge is an office of its own.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

#[cfg(feature = "cli")]
use super::FlowError;
use super::office::RENEW;
use super::{Handlers, Sprintgate, fresh};

/// The office.
const OFFICE: &str = "keeper";
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
    /// Stands for the office of the keeper, and for that of each forge that may be spoken to, and does their work while it
    /// holds them, until `gone` is cancelled. What fails is logged and tried again.
    pub async fn keep(&self, gone: &CancellationToken) {
        let mut polls = JoinSet::new();
        for forge in self.forges.each() {
            let (app, forge, gone) = (self.clone(), forge.clone(), gone.clone());
            polls.spawn(async move { app.keep_polling(&forge, &gone).await });
        }
        self.stand_for(OFFICE, gone, || async {
            tokio::select! {
                () = self.rounds() => {}
                // Ends by itself when it sees that `gone` is cancelled.
                () = self.channel(gone) => {}
            }
            Duration::ZERO
        })
        .await;
        while let Some(ended) = polls.join_next().await {
            if let Err(error) = ended {
                tracing::warn!(%error, "asking a forge ended badly");
            }
        }
    }

    /// Takes the office, or renews the term; false while another process holds it.
    #[cfg(feature = "cli")]
    pub(crate) async fn takes_office(&self, me: &str) -> Result<bool, FlowError> {
        self.takes(OFFICE, me).await
    }

    #[cfg(feature = "cli")]
    pub(crate) async fn leaves_office(&self, me: &str) -> Result<(), FlowError> {
        self.leaves(OFFICE, me).await
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
