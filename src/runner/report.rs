//! What a runner did in its life.

use super::verdict::Verdict;

/// What a runner did in its life.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RunnerReport {
    /// Jobs that ended while the runner's agent had them: done, failed, skipped or cancelled.
    pub ended: u32,
    /// Jobs that were given back.
    pub given_back: u32,
    /// Jobs that somebody else had by the end.
    pub lost: u32,
    /// Failures of the surroundings: no clone, no agent, no database.
    pub failures: u32,
    /// Agents of dead runners that were found alive, and killed.
    pub leftovers: u32,
}

impl RunnerReport {
    /// Jobs that were claimed and handed to an agent.
    #[must_use]
    pub fn handled(&self) -> u32 {
        self.ended + self.given_back + self.lost
    }

    pub(super) fn count(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Ended => self.ended += 1,
            Verdict::GivenBack => self.given_back += 1,
            Verdict::Lost => self.lost += 1,
        }
    }
}
