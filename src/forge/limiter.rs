//! Keeps the calls of one host apart, and away from it while it asks for quiet.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::MutexGuard;
use tokio::time::Instant;

use super::error::ForgeError;
use crate::domain::time::Millis;

/// Longer waits are not slept through within a call: who calls has other things to do.
const SLEPT_THROUGH: Duration = Duration::from_secs(5);

#[derive(Default)]
struct Quiet {
    until: Option<Instant>,
    why: String,
    strikes: u32,
}

/// One for each host of a process.
pub(super) struct Limiter {
    quiet: Mutex<Quiet>,
    last_change: tokio::sync::Mutex<Option<Instant>>,
    gap: Duration,
}

impl Limiter {
    pub(super) fn new(gap: Duration) -> Self {
        Self { quiet: Mutex::default(), last_change: tokio::sync::Mutex::default(), gap }
    }

    /// Waits until the host may be called; refuses when that takes long.
    pub(super) async fn enter(&self) -> Result<(), ForgeError> {
        let left = {
            let quiet = self.quiet.lock().unwrap_or_else(PoisonError::into_inner);
            let left = quiet.until.map(|until| until.saturating_duration_since(Instant::now()));
            left.filter(|left| !left.is_zero()).map(|left| (left, quiet.why.clone()))
        };
        let Some((left, why)) = left else { return Ok(()) };
        if left > SLEPT_THROUGH {
            let after = Some(Millis(i64::try_from(left.as_millis()).unwrap_or(i64::MAX)));
            return Err(ForgeError::Wait { why, after });
        }
        tokio::time::sleep(left).await;
        Ok(())
    }

    /// The turn to change something: one at a time, with a pause between two. The pause runs from the end of the
    /// change before, which [`Turn::drop`] notes, however it ended.
    pub(super) async fn turn(&self) -> Turn<'_> {
        let last = self.last_change.lock().await;
        if let Some(at) = *last {
            tokio::time::sleep_until(at + self.gap).await;
        }
        Turn(last)
    }

    /// How many limits in a row this one makes.
    pub(super) fn strike(&self) -> u32 {
        let mut quiet = self.quiet.lock().unwrap_or_else(PoisonError::into_inner);
        quiet.strikes = quiet.strikes.saturating_add(1);
        quiet.strikes
    }

    /// An answer came that was no limit.
    pub(super) fn calm(&self) {
        self.quiet.lock().unwrap_or_else(PoisonError::into_inner).strikes = 0;
    }

    /// Nobody calls for that long.
    pub(super) fn keep_away(&self, wait: Millis, why: &str) {
        let span = Duration::from_millis(u64::try_from(wait.0).unwrap_or_default());
        let mut quiet = self.quiet.lock().unwrap_or_else(PoisonError::into_inner);
        let until = Instant::now() + span;
        if quiet.until.is_none_or(|before| before < until) {
            quiet.until = Some(until);
            why.clone_into(&mut quiet.why);
        }
    }
}

/// The right to change something, until it is dropped.
pub(super) struct Turn<'a>(MutexGuard<'a, Option<Instant>>);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0 = Some(Instant::now());
    }
}
