//! Standing for an office: of the processes that could do what it is for, one at a time does it, for as long as its term
//! runs.

use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::{FlowError, Sprintgate, fresh};
use crate::domain::id::WorkerId;
use crate::domain::time::Millis;

/// How long a term lasts that is not renewed: as long nobody does the work when its holder died.
const TERM: Millis = Millis::seconds(15);
/// How long before its end a holder stops that could not renew it.
const MARGIN: Duration = Duration::from_secs(1);
/// How often a term is renewed, and how often others look whether it is over.
pub(super) const RENEW: Duration = Duration::from_secs(4);

impl Sprintgate {
    /// Stands for an office and does its work while it holds it, until `gone` is cancelled. What fails is logged and
    /// tried again. Work that ends by itself says for how long this process leaves the office to others.
    pub(super) async fn stand_for<F>(&self, office: &str, gone: &CancellationToken, work: impl Fn() -> F)
    where
        F: Future<Output = Duration>,
    {
        // A random id: two processes of one host are two.
        let me = fresh::id::<WorkerId>().to_string();
        while !gone.is_cancelled() {
            let (begun, mut pause) = (Instant::now(), RENEW);
            match self.takes(office, &me).await {
                Ok(true) => pause = pause.max(self.in_office(office, &me, begun, gone, work()).await),
                Ok(false) => {}
                Err(error) => tracing::warn!(office, %error, "could not look whether the office is free"),
            }
            tokio::select! {
                () = gone.cancelled() => {}
                () = sleep(pause) => {}
            }
        }
    }

    /// Takes the office, or renews the term; false while another process holds it.
    pub(super) async fn takes(&self, office: &str, me: &str) -> Result<bool, FlowError> {
        let another = {
            // Most look in vain, and shall not take the write lock for it.
            let mut tx = self.store.read().await?;
            let now = tx.now();
            let term = tx.term(office).await?;
            term.is_some_and(|term| term.holder != me && term.until - now <= Millis(2 * TERM.0))
        };
        if another {
            return Ok(false);
        }
        let mut tx = self.store.begin().await?;
        let taken = tx.take_office(office, me, TERM).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// Works until the term is lost or `gone` is cancelled. What is under way when the term ends is undone.
    async fn in_office(
        &self,
        office: &str,
        me: &str,
        begun: Instant,
        gone: &CancellationToken,
        work: impl Future<Output = Duration>,
    ) -> Duration {
        tracing::debug!(office, me, "in office");
        let pause = tokio::select! {
            biased;
            () = gone.cancelled() => Duration::ZERO,
            () = self.term(office, me, begun) => {
                tracing::warn!(office, me, "another process holds the office now");
                return Duration::ZERO;
            }
            pause = work => pause,
        };
        if let Err(error) = self.again(async || self.leaves(office, me).await).await {
            tracing::warn!(office, %error, "the term ends by itself");
        }
        pause
    }

    pub(super) async fn leaves(&self, office: &str, me: &str) -> Result<(), FlowError> {
        let mut tx = self.store.begin().await?;
        tx.leave_office(office, me).await?;
        Ok(tx.commit().await?)
    }

    /// Renews the term, until it is lost: taken by another, or about to end.
    async fn term(&self, office: &str, me: &str, begun: Instant) {
        let length = Duration::from_millis(TERM.0.unsigned_abs()).saturating_sub(MARGIN);
        let mut end = begun + length;
        loop {
            sleep_until(end.min(Instant::now() + RENEW)).await;
            let (begun, left) = (Instant::now(), end.saturating_duration_since(Instant::now()));
            match timeout(left, self.takes(office, me)).await {
                Ok(Ok(true)) => end = begun + length,
                Ok(Ok(false)) | Err(_) => return,
                Ok(Err(error)) => tracing::warn!(office, %error, "the term could not be renewed"),
            }
            if Instant::now() >= end {
                return;
            }
        }
    }
}
