//! The sprint run in a few bytes.

use sprintgate::domain::id::RunId;
use sprintgate::domain::run::{
    AnyRun, Change, Pause, Queued, Row, Run as Typed, Status, Tally, Verdict, settle,
};

use super::job::NOW;

/// The run's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Run {
    pub(crate) status: Status,
    columns: u8,
}

impl Run {
    /// A run that was just started.
    pub(crate) fn born() -> Self {
        Self::pack(&Row::from(Typed { id: RunId::new("r").unwrap(), state: Queued }))
    }

    /// The row as the store would hand it out.
    pub(crate) fn row(self) -> Row {
        let set = |bit: u8| self.columns & 1 << bit != 0;
        Row {
            id: RunId::new("r").unwrap(),
            status: self.status,
            started_at: set(0).then_some(NOW),
            finished_at: set(1).then_some(NOW),
            pause: set(2).then(quota),
            failure_reason: set(3).then(|| "as it was said".to_owned()),
            failed_task: None,
        }
    }

    fn pack(row: &Row) -> Self {
        let set = [
            row.started_at.is_some(),
            row.finished_at.is_some(),
            row.pause.is_some(),
            row.failure_reason.is_some(),
        ];
        let columns = (0..).zip(set).fold(0, |bits, (bit, set)| bits | u8::from(set) << bit);
        Self { status: row.status, columns }
    }

    fn typed(self) -> AnyRun {
        AnyRun::try_from(self.row()).unwrap()
    }

    /// Its first job was claimed.
    pub(crate) fn claimed_first(self) -> Option<Self> {
        match self.typed() {
            AnyRun::Queued(run) => Some(Self::after(&run.claim_first(NOW).into())),
            _ => None,
        }
    }

    /// The agent's quota is used up.
    pub(crate) fn paused(self) -> Option<Self> {
        match self.typed() {
            AnyRun::Running(run) => Some(Self::after(&run.pause(quota()).into())),
            _ => None,
        }
    }

    /// A person lets it go on.
    pub(crate) fn resumed(self) -> Option<Self> {
        match self.typed() {
            AnyRun::Paused(run) => Some(Self::after(&run.resume().into())),
            _ => None,
        }
    }

    /// Where it goes from this tally; nothing when it stays.
    pub(crate) fn settled(self, tally: Tally, at_once: bool) -> Option<Self> {
        let verdict = settle(tally, at_once);
        macro_rules! end {
            ($live:ident) => {
                match verdict {
                    Verdict::GoesOn => None,
                    Verdict::Complete => Some($live.complete(NOW).into()),
                    Verdict::Fail => Some($live.fail("a job failed", None, NOW).into()),
                    Verdict::Cancel => Some($live.cancel(NOW).into()),
                }
            };
        }
        let change: Option<Change> = match self.typed() {
            AnyRun::Queued(live) => end!(live),
            AnyRun::Running(live) => end!(live),
            AnyRun::Paused(live) => end!(live),
            AnyRun::Done(_) | AnyRun::Failed(_) | AnyRun::Cancelled(_) => None,
        };
        change.as_ref().map(Self::after)
    }

    fn after(change: &Change) -> Self {
        Self::pack(change.row())
    }
}

fn quota() -> Pause {
    Pause::QuotaDepleted { last_completed: None, resume_instructions: String::new(), paused_at: NOW }
}
