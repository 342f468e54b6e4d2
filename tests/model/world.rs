//! A world: how many workers and jobs, what may happen, and which guard of the shell is taken away.

use super::job::Job;
use super::run::Run;
use super::state::{JOBS, Owed, State, WORKERS, Worker};

/// What there is and what may happen.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) workers: u8,
    /// The branch of each job, and how many attempts it has had before the model begins.
    pub(crate) jobs: Vec<(u8, u8)>,
    /// All workers have one token.
    pub(crate) one_token: bool,
    /// A person may cancel jobs.
    pub(crate) cancels: bool,
    /// The run may be paused and resumed.
    pub(crate) pauses: bool,
    /// Workers may skip.
    pub(crate) skips: bool,
    /// A verdict may be PARTIAL, which a summary would have to explain and none does.
    pub(crate) partial: bool,
    /// A worker may commit once more after it was verified.
    pub(crate) again: bool,
    /// Failures of the surroundings cascade too.
    pub(crate) strict: bool,
    /// A person may push a commit onto each branch, once.
    pub(crate) meddles: bool,
    /// Workers are interchangeable: states that differ in their names only count once.
    pub(crate) symmetric: bool,
    pub(crate) broken: Option<Broken>,
}

/// A guard of the shell that is taken away. The domain's functions stay as they are: where the guard is theirs, they
/// are told what they want to hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    /// The statement that writes a status does not ask for the status before.
    NoStatusGuard,
    /// The statement that writes a status does not ask for the attempt before.
    NoAttemptGuard,
    /// Neither of these.
    NoGuard,
    /// A report speaks for whichever attempt holds the job.
    NoFence,
    /// A report speaks for whichever attempt of its token holds the job.
    TokenFence,
    /// The sweeper does not look at the lease.
    LeaseNotAsked,
    /// The sweeper decides before its transaction, and the row may have been renewed since.
    SweepDecidesEarly,
    /// There is no sweeper.
    NoSweeper,
    /// The gate is told that the worktree stands at the verified commit.
    HeadNotAsked,
    /// The move is told that the verified commit was published.
    PublicationNotAsked,
    /// Both of these.
    ProofUnbound,
    /// A requeued job keeps its verdict, and the next worktree starts from the verified commit.
    VerdictOutlivesAttempt,
    /// A verdict is noted by the job's id alone.
    VerdictByJob,
    /// A lease is renewed by the job's id alone.
    RenewalByJob,
    /// The cascade is a transaction of its own.
    CascadeApart,
    /// The run is settled in a transaction of its own.
    SettleApart,
    /// A claim does not ask whether the run hands out jobs.
    RunNotAsked,
    /// A claim does not ask for jobs ahead on the branch.
    BranchNotAsked,
    /// A claim does not ask whether somebody holds the job.
    HolderNotAsked,
    /// A claim does not ask whether the job still waits.
    WaitNotAsked,
    /// Every attempt that ends without a result counts as the first.
    AttemptsUnbounded,
    /// Nobody notes what an attempt is about to send.
    SentNotNoted,
    /// What attempts of other jobs sent is not asked for.
    OthersNotAsked,
    /// It is not asked what the attempts began from that sent what attempts began from.
    BelowNotAsked,
    /// A finished attempt counts as one that ended without a result.
    EndNotAsked,
    /// Everything counts as behind the commit that is sent.
    StartNotAsked,
    /// A branch is moved wherever it stands.
    PushByForce,
    /// A push that loses its race is final.
    LostPushIsFinal,
    /// A job that ends does not mark the next one of its branch.
    NextNotMarked,
}

impl World {
    /// A world in which everything may happen.
    pub(crate) fn of(workers: u8, jobs: &[(u8, u8)]) -> Self {
        assert!(usize::from(workers) <= WORKERS && jobs.len() <= JOBS, "the world is too large");
        Self {
            workers,
            jobs: jobs.to_vec(),
            one_token: true,
            cancels: true,
            pauses: true,
            skips: true,
            partial: true,
            again: true,
            strict: false,
            meddles: false,
            symmetric: true,
            broken: None,
        }
    }

    /// The same world without what only widens it: no pause, skip, second commit or weak verdict.
    pub(crate) fn plain(self) -> Self {
        Self { pauses: false, skips: false, partial: false, again: false, ..self }
    }

    /// The same world with a guard taken away, and with workers that keep their names in its traces.
    pub(crate) fn without(self, guard: Broken) -> Self {
        Self { broken: Some(guard), symmetric: false, ..self }
    }

    /// Whether the guard is taken away.
    pub(crate) fn lacks(&self, guard: Broken) -> bool {
        self.broken.is_some_and(|broken| match broken {
            Broken::NoGuard => [Broken::NoStatusGuard, Broken::NoAttemptGuard].contains(&guard),
            Broken::ProofUnbound => [Broken::HeadNotAsked, Broken::PublicationNotAsked].contains(&guard),
            one => one == guard,
        })
    }

    /// The branch of a job.
    pub(crate) fn branch(&self, job: u8) -> usize {
        usize::from(self.jobs[usize::from(job)].0)
    }

    /// The token of a worker.
    pub(crate) fn token(&self, worker: u8) -> u8 {
        if self.one_token { 0 } else { worker }
    }

    /// The world as it begins.
    pub(crate) fn begins(&self) -> State {
        let mut jobs = [None; JOBS];
        let mut ended = [0; JOBS];
        for (k, (branch, attempts)) in self.jobs.iter().enumerate() {
            let first = self.jobs.iter().position(|(other, _)| other == branch) == Some(k);
            jobs[k] = Some(Job::born(k as u8, *attempts, first));
            ended[k] = (1..=*attempts).fold(0, |bits, n| bits | 1 << n);
        }
        State {
            jobs,
            run: Run::born(),
            workers: [Worker::Idle; WORKERS],
            tips: Default::default(),
            ended,
            wrongs: 0,
            owed: Owed::default(),
            sweeper: None,
        }
    }

    /// The state that stands for all that differ from this one in the workers' names only.
    pub(crate) fn canonical(&self, state: State) -> State {
        if !self.symmetric {
            return state;
        }
        let mut least = state.clone();
        for order in orders(self.workers) {
            let mut other = state.clone();
            for (from, to) in (0_usize..).zip(order.iter()) {
                other.workers[usize::from(*to)] = self.renamed(state.workers[from], order);
            }
            for job in other.jobs.iter_mut().flatten() {
                *job = self.renamed_in(*job, order);
            }
            least = least.min(other);
        }
        least
    }

    fn renamed(&self, worker: Worker, order: &[u8]) -> Worker {
        use super::state::{Decided, Hold, Step};
        match worker {
            Worker::Idle => Worker::Idle,
            Worker::Sees(job, row) => Worker::Sees(job, self.renamed_in(row, order)),
            Worker::Has(hold) => Worker::Has(match hold.step {
                Step::Decided(decided) => {
                    let next = self.renamed_in(decided.next, order);
                    Hold { step: Step::Decided(Decided { next, ..decided }), ..hold }
                }
                _ => hold,
            }),
        }
    }

    fn renamed_in(&self, job: Job, order: &[u8]) -> Job {
        let named = |worker: u8| order[usize::from(worker)];
        let token = if self.one_token { job.token } else { job.token.map(named) };
        Job { worker: job.worker.map(named), token, ..job }
    }
}

/// Every order of the workers but the present one.
fn orders(workers: u8) -> &'static [&'static [u8]] {
    match workers {
        2 => &[&[1, 0]],
        3 => &[&[0, 2, 1], &[1, 0, 2], &[1, 2, 0], &[2, 0, 1], &[2, 1, 0]],
        _ => &[],
    }
}
