//! What happens around an agent at work: its lease is renewed, and whatever ends its right to work is noticed.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use super::job::Held;
use crate::flow::wire::JobHeartbeat;
use crate::flow::{FlowError, Session, Sprintgate};

/// The longest time between two renewals.
const LONGEST: Duration = Duration::from_secs(60);

/// A lease as this process can be sure of it, by its own clock.
pub(super) struct Lease<'a> {
    pub(super) app: &'a Sprintgate,
    pub(super) session: &'a Session,
    pub(super) held: &'a Held,
    length: Duration,
    until: Instant,
}

/// Why a lease is not renewed any more.
#[derive(Debug)]
pub(super) enum Over {
    /// The server says so.
    Told(FlowError),
    /// The server could not be asked in time.
    Unsure,
}

impl<'a> Lease<'a> {
    /// A lease that nothing is known of yet; [`Lease::renew`] comes next.
    pub(super) fn new(app: &'a Sprintgate, session: &'a Session, held: &'a Held) -> Self {
        let length = Duration::from_millis(app.settings().lease.0.max(1).unsigned_abs());
        Self { app, session, held, length, until: Instant::now() + length }
    }

    /// Renews once. It lasts from before the question, for the answer may have been long under way.
    pub(super) async fn renew(&mut self) -> Result<(), Over> {
        let asked = Instant::now();
        let ask =
            JobHeartbeat { job_id: self.held.job.to_string(), attempt: Some(i64::from(self.held.attempt)) };
        match timeout_at(self.until, self.app.job_heartbeat(self.session, ask)).await {
            Ok(Ok(_)) => {
                self.until = asked + self.length;
                Ok(())
            }
            Ok(Err(error @ FlowError::Store(_))) => {
                tracing::warn!(job = %self.held.job, %error, "the lease could not be renewed; trying again");
                Ok(())
            }
            Ok(Err(error)) => Err(Over::Told(error)),
            Err(_) => Err(Over::Unsure),
        }
    }

    /// Renews for as long as that succeeds.
    pub(super) async fn keep(&mut self) -> Over {
        let pace = (self.length / 3).min(LONGEST);
        loop {
            let left = self.until.saturating_duration_since(Instant::now());
            // After a failure the next try comes sooner, within what is left of the lease.
            let next = Instant::now() + pace.min(left / 2).max(Duration::from_millis(20));
            sleep_until(next.min(self.until)).await;
            if Instant::now() >= self.until {
                return Over::Unsure;
            }
            if let Err(over) = self.renew().await {
                return over;
            }
        }
    }
}
