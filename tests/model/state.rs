//! What the world is at one moment: the database, the remote's branches, and what each worker knows.

use sprintgate::domain::job::{Event, Status};

use super::job::{Commit, Job};
use super::run::Run;

/// Most jobs in a world.
pub(crate) const JOBS: usize = 3;
/// Most workers in a world.
pub(crate) const WORKERS: usize = 3;

/// The world at one moment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct State {
    pub(crate) jobs: [Option<Job>; JOBS],
    pub(crate) run: Run,
    pub(crate) workers: [Worker; WORKERS],
    /// The tip of each branch on the remote.
    pub(crate) tips: [Commit; JOBS],
    /// Which attempts have ended, a bit each.
    pub(crate) ended: [u8; JOBS],
    /// What went wrong on the way here.
    pub(crate) wrongs: u16,
    /// What a crash may leave undone where it is not done in the job's transaction.
    pub(crate) owed: Owed,
    /// What a sweeper decided that writes later.
    pub(crate) sweeper: Option<(u8, Decided)>,
}

/// Work that a broken protocol does after its transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Owed {
    pub(crate) cascade: Option<u8>,
    pub(crate) settle: bool,
}

/// A wrong that was done, kept because the state alone does not show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub(crate) enum Wrong {
    IllegalEdge = 1,
    StaleWrite = 1 << 1,
    ForeignRenewal = 1 << 2,
    EndedTwice = 1 << 3,
    LeaseCutShort = 1 << 4,
    ClaimOfStoppedRun = 1 << 5,
    ClaimTooEarly = 1 << 6,
    /// The holder's push was refused because of what a dead attempt had pushed.
    RefusedByDead = 1 << 7,
    /// A person's commit was pushed away.
    PersonPushedAway = 1 << 8,
}

/// What a worker knows and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Worker {
    /// It holds nothing, or forgot what it held.
    Idle,
    /// It saw a job that can be claimed; the row is what it read.
    Sees(u8, Job),
    /// It believes that this attempt of this job is its own.
    Has(Hold),
}

/// What a worker knows of its attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Hold {
    pub(crate) job: u8,
    pub(crate) attempt: u8,
    /// The tip of the branch when the worktree was made.
    pub(crate) base: Commit,
    /// Whether it committed once more after it was verified.
    pub(crate) again: bool,
    pub(crate) step: Step,
}

/// Where a worker stands within its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Step {
    /// It has no worktree yet.
    Claimed,
    /// It works.
    Works,
    /// Its `done` was judged once; it is about to push.
    Judged,
    /// It read the branch's tip and may move it from there.
    Sends(Commit),
    /// Its commit is on the branch.
    Pushed,
    /// Its push was refused for good.
    Refused,
    /// It read the job and decided; the write is to come.
    Decided(Decided),
}

/// A decided change of a job: what the guarded statement needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Decided {
    pub(crate) from: Status,
    pub(crate) event: Event,
    pub(crate) attempt_before: u8,
    pub(crate) next: Job,
}

impl Hold {
    /// The commit that its worktree is at.
    pub(crate) fn head(&self) -> Commit {
        self.base.with(self.job, self.attempt, self.again)
    }
}

impl State {
    /// The job; the world has it.
    pub(crate) fn job(&self, job: u8) -> &Job {
        self.jobs[usize::from(job)].as_ref().unwrap()
    }
    /// The job, to be written.
    pub(crate) fn job_mut(&mut self, job: u8) -> &mut Job {
        self.jobs[usize::from(job)].as_mut().unwrap()
    }
    /// Every job with its number.
    pub(crate) fn each(&self) -> impl Iterator<Item = (u8, &Job)> {
        (0..).zip(self.jobs.iter().flatten())
    }
    /// Notes a wrong.
    pub(crate) fn wrong(&mut self, wrong: Wrong) {
        self.wrongs |= wrong as u16;
    }
    /// Whether a wrong was done.
    pub(crate) fn did(&self, wrong: Wrong) -> bool {
        self.wrongs & wrong as u16 != 0
    }
}
