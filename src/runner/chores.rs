//! What every runner does on the side, so that no machine needs a server for it: worktrees and logs that nobody needs are
//! removed.

use std::path::Path;
use std::time::{Duration, SystemTime};

use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::output;
use crate::flow::Sprintgate;

/// The time between two tidies.
const TIDY: Duration = Duration::from_secs(10 * 60);

/// Does the chores until it is dropped.
pub(super) async fn forever(app: &Sprintgate, logs: &Path) {
    let mut tidies = interval_at(Instant::now() + TIDY, TIDY);
    tidies.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tidies.tick().await;
        tidy(app, logs).await;
    }
}

/// Removes worktrees and logs that nobody needs any more.
pub(super) async fn tidy(app: &Sprintgate, logs: &Path) {
    let old = output::remove_old(logs, SystemTime::now());
    if old > 0 {
        tracing::info!(logs = old, "removed old logs");
    }
    match app.tidy().await {
        Ok(tidied) => {
            for worktree in tidied.removed {
                tracing::info!(worktree, "removed");
            }
        }
        Err(error) => tracing::warn!(%error, "worktrees could not be tidied"),
    }
}
