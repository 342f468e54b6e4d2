//! `wait_for_job`: claims a job, now or within the wait, and hands it out with its worktree.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::claim::{Look, Taken, Wish};
use super::request::Request;
use super::wire::{JobAnswer, WaitForJob};
use super::{FlowError, Session, Sprintgate};

/// The wait when none is asked for, in seconds (`original` 4.1).
const WAIT_DEFAULT: i64 = 300;
/// The longest wait, in seconds (`original` 4.1).
const WAIT_MAX: i64 = 600;
/// The safety net: how long to sleep at most when nobody says that something changed.
const POLL: Duration = Duration::from_secs(5);
/// How long to sleep when there was something, and somebody else had locked it.
const SOON: Duration = Duration::from_millis(20);

enum Tried {
    Taken(Taken),
    Nothing(Look),
}

impl Tried {
    fn taken(self) -> Option<Taken> {
        match self {
            Self::Taken(taken) => Some(taken),
            Self::Nothing(_) => None,
        }
    }
}

/// How long to sleep: until a given-back job may be claimed again, at most the poll.
fn nap(look: &Look) -> Duration {
    if look.worth {
        return SOON;
    }
    let due = look.due.map_or(POLL, |due| Duration::from_millis(due.0.max(0).unsigned_abs()));
    due.clamp(SOON, POLL)
}

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
        self.tidy_unless_at_it().await;
        let taken = Box::pin(self.taken(&wish, deadline, gone)).await?;
        match taken {
            Some(taken) => Box::pin(self.hand_out(session, &taken, gone)).await,
            None => Ok(JobAnswer {
                status: "timeout".to_owned(),
                message: Some("no job became available within the wait".to_owned()),
                legal_next: vec!["wait_for_job".to_owned(), "check_queue_empty".to_owned()],
                ..JobAnswer::default()
            }),
        }
    }

    /// The claim of a job; none when there was none until the deadline. Who comes when there is work takes it; else
    /// they stand in line, and look when they are first.
    pub(super) async fn taken(
        &self,
        wish: &Wish<'_>,
        deadline: Instant,
        gone: &CancellationToken,
    ) -> Result<Option<Taken>, FlowError> {
        let look = match self.tried(wish, true, gone).await? {
            Tried::Taken(taken) => return Ok(Some(taken)),
            Tried::Nothing(look) => look,
        };
        if Instant::now() >= deadline {
            return Ok(None);
        }
        let line = self.lines.of((look.user.clone(), wish.product.map(str::to_owned)));
        let first = tokio::select! {
            biased;
            () = gone.cancelled() => return Err(FlowError::Gone),
            first = line.lock() => first,
            () = tokio::time::sleep_until(deadline) => {
                // Who was first all that time may have had a line of work before it.
                return Ok(self.tried(wish, false, gone).await?.taken());
            }
        };
        // Listening comes before looking: a change after this line wakes the wait below.
        let mut openings = self.store.openings();
        let mut thorough = false;
        loop {
            let look = match self.tried(wish, thorough, gone).await? {
                Tried::Taken(taken) => {
                    drop(first);
                    return Ok(Some(taken));
                }
                Tried::Nothing(look) => look,
            };
            let now = Instant::now();
            if now >= deadline {
                return Ok(None);
            }
            let wake = deadline.min(now + nap(&look));
            tokio::select! {
                () = gone.cancelled() => {}
                () = tokio::time::sleep_until(wake) => thorough = true,
                changed = openings.changed() => {
                    thorough = false;
                    if changed.is_err() {
                        // The store's watcher ended; the poll alone goes on.
                        tokio::time::sleep_until(wake).await;
                    }
                }
            }
        }
    }

    /// Looks, and claims when there is something to claim. Who was woken claims at once where that keeps nobody from
    /// writing; who looks thoroughly takes back first what a dead worker held, which is older than what is queued.
    async fn tried(
        &self,
        wish: &Wish<'_>,
        thorough: bool,
        gone: &CancellationToken,
    ) -> Result<Tried, FlowError> {
        if gone.is_cancelled() {
            return Err(FlowError::Gone);
        }
        if !thorough
            && self.store.tries_freely()
            && let Some(taken) = self.again(|| self.claim_once(wish)).await?
        {
            return Ok(Tried::Taken(taken));
        }
        let mut look = self.again(|| self.look(wish, thorough)).await?;
        if look.stale {
            self.again(|| self.take_back()).await?;
            look = self.again(|| self.look(wish, false)).await?;
        }
        if gone.is_cancelled() {
            return Err(FlowError::Gone);
        }
        let taken = if look.worth { self.again(|| self.claim_once(wish)).await? } else { None };
        Ok(taken.map_or(Tried::Nothing(look), Tried::Taken))
    }

    /// Tidies up, unless another wait of this process is at it.
    async fn tidy_unless_at_it(&self) {
        let Ok(_only) = self.tidying.try_lock() else { return };
        if let Err(error) = Box::pin(self.tidy()).await {
            tracing::warn!(%error, "could not tidy up worktrees; a later wait will");
        }
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
