//! What the database could not do just now is done again: after a deadlock, a lock that took too long, a connection that
//! was lost. A worker hears of it only when it lasts.

use std::time::Duration;

use tokio::time::Instant;

use super::{FlowError, Sprintgate};
use crate::domain::backoff;

/// How long is tried again at most, beside the last try itself.
const PATIENCE: Duration = Duration::from_secs(15);

/// Whether doing the same again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// No: something has to change first.
    No,
    /// Yes, a moment later.
    Later,
    /// Yes, after what `legal_next` names.
    AfterFix,
}

impl Sprintgate {
    /// Runs something that ends with its one commit, or makes nothing worse when it is run again, until it succeeds or
    /// fails for another reason than the database's. Gives up early enough to leave most of a lease.
    pub(super) async fn again<T, F>(&self, mut run: impl FnMut() -> F) -> Result<T, FlowError>
    where
        F: Future<Output = Result<T, FlowError>>,
    {
        let lease = Duration::from_millis(self.settings.lease.0.max(0).unsigned_abs());
        let patience = PATIENCE.min(lease / 3);
        let (mut failed, mut since) = (0, None);
        loop {
            let error = match run().await {
                Err(FlowError::Store(error)) if error.is_retryable() => error,
                said => return said,
            };
            failed += 1;
            let pause = Duration::from_millis(backoff::drawn(failed, roll()).0.unsigned_abs());
            if since.get_or_insert_with(Instant::now).elapsed() + pause >= patience {
                return Err(error.into());
            }
            tracing::debug!(%error, failed, "the database is asked again");
            tokio::time::sleep(pause).await;
        }
    }
}

/// Without randomness everybody waits for the longest time.
fn roll() -> u32 {
    getrandom::u32().unwrap_or(u32::MAX)
}
