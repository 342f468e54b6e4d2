//! What a run is, from the jobs it handed out: level-triggered, so that a run never stays RUNNING with no job left.

/// How many jobs of a run are where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// QUEUED, CLAIMED or RUNNING.
    pub open: u64,
    /// DONE.
    pub done: u64,
    /// FAILED.
    pub failed: u64,
    /// CANCELLED because there was nothing to do.
    pub skipped: u64,
    /// CANCELLED for any other cause.
    pub cancelled: u64,
}

/// How a run should end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Jobs are open: it goes on.
    GoesOn,
    /// Every job was done or had nothing to do.
    Complete,
    /// A job failed.
    Fail,
    /// Jobs were cancelled, and none failed.
    Cancel,
}

/// What the tally means for the run. A failure that cascades ends the run `at_once`; any other only when no job
/// is open any more.
#[must_use]
pub fn settle(tally: Tally, at_once: bool) -> Verdict {
    match tally {
        _ if at_once => Verdict::Fail,
        Tally { open: 1.., .. } => Verdict::GoesOn,
        Tally { failed: 1.., .. } => Verdict::Fail,
        Tally { cancelled: 1.., .. } => Verdict::Cancel,
        _ => Verdict::Complete,
    }
}
