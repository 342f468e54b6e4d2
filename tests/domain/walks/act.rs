//! What can be tried in a world. An act names things by small numbers that are taken round the list, so that every
//! act can be tried in every world and a failing sequence shrinks well.

use sprintgate::domain::gate::Required;
use sprintgate::domain::job::{self, Status};
use sprintgate::domain::task;
use sprintgate::domain::verify::VerifyResult;

use super::world::{Attempt, World};

/// One of a list: the `n`-th of those that fit the act, or the `n`-th of all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pick {
    pub(super) n: usize,
    pub(super) fit: bool,
}

/// Whose token is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    /// That of the attempt, perhaps in the hand of another worker that shares it.
    Own,
    /// Another one.
    Foreign,
}

/// Who speaks of a job: somebody who made a claim once, with the number that he remembers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Speaker {
    /// Of the attempts that hold a job when it is to fit, else of all that ever were.
    pub(super) claim: Pick,
    /// What is wrong with the number.
    pub(super) off: i64,
    pub(super) voice: Voice,
}

/// How the clock advances. It never goes back.
#[derive(Debug, Clone, Copy)]
pub(super) enum Jump {
    Not,
    By(i64),
    /// To the very end of the n-th running lease, and so many milliseconds further.
    LeaseEnd(usize, i64),
    /// To the very end of the n-th wait.
    Due(usize),
}

/// Where the proof of a finish comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    Judge,
    Waive { reasoned: bool },
    Exempt,
}

/// What a proof was given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GivenFor {
    ThisAttempt,
    OtherJob,
    OtherAttempt,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Finish {
    pub(super) proof: Proof,
    pub(super) given_for: GivenFor,
    /// The worktree is at another commit than the verified one.
    pub(super) moved_on: bool,
    pub(super) dirty: usize,
    /// Characters of the summary, if there is one.
    pub(super) summary: Option<usize>,
    /// Nothing is published, or the verified commit, or another one.
    pub(super) published: Option<Published>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Published {
    Verified,
    Other,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Act {
    Wait(Jump),
    StartRun {
        sprint: usize,
        batch: bool,
    },
    Claim {
        worker: usize,
        job: Pick,
    },
    Renew(Speaker),
    Start(Speaker),
    Verify {
        by: Speaker,
        commit: u8,
        result: VerifyResult,
    },
    Finish(Speaker, Finish),
    Fail {
        by: Speaker,
        push: bool,
    },
    Skip {
        by: Speaker,
        reasoned: bool,
    },
    Release(Speaker),
    Expire(Pick),
    Sweep,
    CancelJob(Pick),
    Pause {
        run: Pick,
        conflict: bool,
    },
    Resume(Pick),
    Supersede(Pick),
    CancelRun(Pick),
    SetTask {
        task: Pick,
        to: task::Status,
    },
    EditTask {
        task: usize,
        required: Required,
        verify_only: bool,
    },
    /// Puts a story of the backlog into a sprint.
    Plan {
        story: usize,
        sprint: usize,
    },
    Block(usize),
    Unblock(usize),
    Archive(usize),
}

/// Why an act changed nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refused {
    /// There is nothing of the kind in this world yet.
    Nothing,
    /// The shown token did not make the claim.
    Voice,
    /// The table has no such edge from here.
    Illegal,
    /// A job's move refused.
    Job(job::Refusal),
    /// The gate stayed shut.
    Shut(sprintgate::domain::gate::Shut),
    /// A guard of the claim, by its word.
    Guard(&'static str),
    /// An open job works on the task.
    TaskHeld,
    /// What keeps a run from starting.
    Blocked(Vec<&'static str>),
    /// A run's move refused.
    Run(sprintgate::domain::run::Refusal),
}

impl Refused {
    /// The refusal as one word, which the oracle predicts.
    pub(super) fn word(&self) -> &'static str {
        use sprintgate::domain::gate::Shut;
        use sprintgate::domain::job::Refusal;
        match self {
            Self::Nothing => "nothing",
            Self::Voice => "voice",
            Self::Illegal | Self::Job(Refusal::Illegal { .. }) => "illegal",
            Self::Job(Refusal::LeaseLost { .. }) => "lease_lost",
            Self::Job(Refusal::NotYet { .. }) => "not_yet",
            Self::Job(Refusal::LeaseRuns { .. }) => "lease_runs",
            Self::Job(Refusal::ForeignProof) => "foreign_proof",
            Self::Job(Refusal::UnverifiedPublication) => "unverified_publication",
            Self::Job(Refusal::Unpublished { .. }) => "unpublished",
            Self::Job(Refusal::NotSkippable { .. }) => "not_skippable",
            Self::Job(Refusal::NoReason { .. }) => "no_reason",
            Self::Job(Refusal::WrongGate { .. }) => "wrong_gate",
            Self::Shut(Shut::NotVerified) => "not_verified",
            Self::Shut(Shut::Stale { .. }) => "stale",
            Self::Shut(Shut::Dirty { .. }) => "dirty",
            Self::Shut(Shut::Empty) => "empty",
            Self::Shut(Shut::NotAligned { .. }) => "not_aligned",
            Self::Shut(Shut::Unexplained { .. }) => "unexplained",
            Self::Shut(Shut::NoReason) => "waived_without_reason",
            Self::Shut(Shut::NotExempt { .. }) => "not_exempt",
            Self::Shut(Shut::NotAnswered { .. }) => "not_answered",
            Self::Guard(guard) => guard,
            Self::TaskHeld => "task_held",
            Self::Blocked(_) => "blocked",
            Self::Run(_) => "resumes_in_place",
        }
    }
}

impl Pick {
    /// The place of the thing that is meant; nothing when the list is empty.
    pub(super) fn of<T>(self, all: &[T], fits: impl Fn(usize, &T) -> bool) -> Option<usize> {
        let fit: Vec<usize> = match self.fit {
            true => all.iter().enumerate().filter(|(n, it)| fits(*n, it)).map(|(n, _)| n).collect(),
            false => Vec::new(),
        };
        let among: Vec<usize> = if fit.is_empty() { (0..all.len()).collect() } else { fit };
        (!among.is_empty()).then(|| among[self.n % among.len()])
    }
}

/// What a speaker turns out to be.
pub(super) struct Speaking {
    pub(super) job: usize,
    pub(super) number: u32,
    /// Which of the attempts.
    pub(super) claim: usize,
    pub(super) voice: Voice,
}

impl Speaker {
    /// Finds out who speaks, and of what.
    pub(super) fn of(self, world: &World) -> Option<Speaking> {
        self.among(world, |_, _| true)
    }

    /// As [`Speaker::of`], preferring attempts that hold their job and fit.
    pub(super) fn among(self, world: &World, fits: impl Fn(&World, &Attempt) -> bool) -> Option<Speaking> {
        let claim = self.claim.of(&world.attempts, |_, attempt| {
            attempt.row.status == sprintgate::domain::attempt::Status::Held && fits(world, attempt)
        })?;
        let own = &world.attempts[claim];
        let number = u32::try_from(i64::from(own.row.number) + self.off).unwrap_or(0);
        // The number names the attempt that is meant; its token has to be the speaker's.
        let meant =
            world.attempts.iter().position(|a| (a.job, a.row.number) == (own.job, number)).unwrap_or(claim);
        let shares = world.attempts[meant].row.frozen.token == own.row.frozen.token;
        let voice = if shares { self.voice } else { Voice::Foreign };
        Some(Speaking { job: own.job, number, claim: meant, voice })
    }
}

/// Whether the attempt's job is CLAIMED.
pub(super) fn prepares(world: &World, attempt: &Attempt) -> bool {
    world.jobs[attempt.job].row.status == Status::Claimed
}

/// Whether the attempt's job was verified, or needs not be.
pub(super) fn verified(world: &World, attempt: &Attempt) -> bool {
    let row = &world.jobs[attempt.job].row;
    row.evidence.is_some() || !row.kind.changes_code()
}
