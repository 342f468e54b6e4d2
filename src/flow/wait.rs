//! `wait_for_job`: claims a job, now or within the wait, and hands it out with its worktree.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::claim::{Taken, Wish};
use super::request::Request;
use super::wire::{JobAnswer, WaitForJob};
use super::{FlowError, Session, Sprintgate};

/// The wait when none is asked for, in seconds (`original` 4.1).
const WAIT_DEFAULT: i64 = 300;
/// The longest wait, in seconds (`original` 4.1).
const WAIT_MAX: i64 = 600;
/// The safety net: how long to sleep at most when nobody says that something changed.
const POLL: Duration = Duration::from_secs(5);

impl Sprintgate {
    /// Waits for a job and claims it. Cancel `gone` instead of dropping the future: a claim whose caller has
    /// gone is given back at once.
    ///
    /// # Errors
    /// [`FlowError`] for a bad token or argument, and when the claimed job cannot be prepared, in which case it
    /// is given back with a growing wait.
    pub async fn wait_for_job(
        &self,
        session: &Session,
        ask: WaitForJob,
        gone: &CancellationToken,
    ) -> Result<JobAnswer, FlowError> {
        let seconds = ask.wait_seconds.unwrap_or(WAIT_DEFAULT);
        if !(0..=WAIT_MAX).contains(&seconds) {
            return Err(FlowError::invalid(
                "wait_seconds",
                format!("is {seconds}, and has to be 0 to {WAIT_MAX}"),
            ));
        }
        let deadline = Instant::now() + Duration::from_secs(seconds.unsigned_abs());
        let request = Request::new("wait_for_job", ask.request_id.as_deref(), &ask.product_id)?;
        let wish = Wish { session, product: ask.product_id.as_deref(), request: &request };
        if let Err(error) = self.tidy().await {
            tracing::warn!(%error, "could not tidy up worktrees; a later wait will");
        }
        let mut changes = self.store.changes();
        loop {
            // Listening comes before looking: a change after this line wakes the wait below.
            changes.borrow_and_update();
            self.again(|| self.sweep()).await?;
            if gone.is_cancelled() {
                return Err(FlowError::Gone);
            }
            if let Some(taken) = self.again(|| self.claim_once(&wish)).await? {
                return self.hand_out(session, &taken, gone).await;
            }
            let now = Instant::now();
            if now >= deadline {
                let message = "no job became available within the wait".to_owned();
                return Ok(JobAnswer {
                    status: "timeout".to_owned(),
                    message: Some(message),
                    legal_next: vec!["wait_for_job".to_owned(), "check_queue_empty".to_owned()],
                    ..JobAnswer::default()
                });
            }
            let wake = deadline.min(now + self.again(|| self.nap(session)).await?);
            tokio::select! {
                () = gone.cancelled() => {}
                () = tokio::time::sleep_until(wake) => {}
                changed = changes.changed() => if changed.is_err() {
                    // The store's watcher ended; the poll alone goes on.
                    tokio::time::sleep_until(wake).await;
                },
            }
        }
    }

    /// How long to sleep: until a given-back job may be claimed again, at most the poll.
    async fn nap(&self, session: &Session) -> Result<Duration, FlowError> {
        let mut tx = self.store.read().await?;
        let caller = self.caller(&mut *tx, session).await?;
        let due = tx.next_due(caller.user()).await?;
        let wait = due.map_or(POLL, |at| {
            Duration::from_millis(u64::try_from((at - tx.now()).0.max(20)).unwrap_or(u64::MAX))
        });
        Ok(wait.min(POLL))
    }

    /// Prepares a claimed job's worktree and answers; gives the job back when that fails or nobody waits any more.
    async fn hand_out(
        &self,
        session: &Session,
        taken: &Taken,
        gone: &CancellationToken,
    ) -> Result<JobAnswer, FlowError> {
        let prepared = tokio::select! {
            prepared = self.prepare(session, taken) => prepared,
            () = gone.cancelled() => Err(FlowError::Gone),
        };
        let prepared =
            prepared.and_then(|answer| if gone.is_cancelled() { Err(FlowError::Gone) } else { Ok(answer) });
        // A claim that is told again may have been heard the first time: then its agent is at work, and its lease
        // decides.
        if let (Err(error), false) = (&prepared, taken.replayed) {
            let why = match error {
                FlowError::Gone => "the answer could not be delivered".to_owned(),
                other => other.to_string(),
            };
            if let Err(second) = self.give_back(session, &taken.job, taken.attempt, &why).await {
                tracing::warn!(job = %taken.job, %second, "could not give a job back; its lease will end");
            }
            if let Err(second) = self.tidy_attempt(&taken.job, taken.attempt).await {
                tracing::warn!(job = %taken.job, %second, "could not tidy up; a later tidy will");
            }
        }
        prepared
    }
}
