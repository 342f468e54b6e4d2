//! How long a runner lets be after failures in a row.

use std::time::Duration;

/// The longest pause.
const LONGEST: Duration = Duration::from_secs(5 * 60);

/// Counts failures in a row.
#[derive(Debug)]
pub(super) struct Pause {
    first: Duration,
    failures: u32,
}

impl Pause {
    pub(super) fn new(first: Duration) -> Self {
        Self { first, failures: 0 }
    }

    /// Something went well.
    pub(super) fn reset(&mut self) {
        self.failures = 0;
    }

    /// Something failed: how long to let be now.
    pub(super) fn failed(&mut self) -> Duration {
        let pause = self.first.saturating_mul(1_u32.checked_shl(self.failures).unwrap_or(u32::MAX));
        self.failures = self.failures.saturating_add(1);
        pause.min(LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_five_minutes_and_begin_anew() {
        let mut pause = Pause::new(Duration::from_secs(1));
        let seconds: Vec<u64> = (0..11).map(|_| pause.failed().as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        for _ in 0..100 {
            assert_eq!(pause.failed(), LONGEST);
        }
        pause.reset();
        assert_eq!(pause.failed().as_secs(), 1);
    }
}
