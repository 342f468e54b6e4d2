//! What a worker does, each read, push and write a step of its own, so that anything may happen in between.

use sprintgate::domain::verify::VerifyResult;

use super::calls::{Answer, Call, decide, holds, opens};
use super::job::Job;
use super::state::{Hold, State, Step, Worker};
use super::world::{Broken, World};

/// What a worker may report of its attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Report {
    Running,
    Done,
    Failed,
    Skipped,
    GiveBack,
}

/// A step of a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Act {
    /// Reads the queue.
    Look,
    /// Claims what it saw.
    Claim,
    /// Makes the worktree and notes its base.
    Prepare,
    /// Renews the lease, and stops when it is not its own any more.
    Heartbeat,
    /// Lets the server judge its commit.
    Verify(VerifyResult),
    /// Commits once more.
    CommitAgain,
    /// Reports `done`: the first judgement, which notes what is about to be sent.
    Judge,
    /// Reads the branch's tip and judges whether it may be moved.
    LookAtBranch,
    /// Sends the commit.
    Push,
    /// Reads the job and decides.
    Decide(Report),
    /// Writes what was decided.
    Write,
    /// Dies, and knows nothing any more.
    Crash,
}

impl World {
    /// What a worker can do.
    pub(crate) fn acts(&self, state: &State, worker: u8, acts: &mut Vec<Act>) {
        match state.workers[usize::from(worker)] {
            Worker::Idle => {
                if self.first_claimable(state).is_some() {
                    acts.push(Act::Look);
                }
                return;
            }
            Worker::Sees(..) => acts.push(Act::Claim),
            Worker::Has(hold) => {
                match hold.step {
                    Step::Claimed => acts.extend([Act::Prepare, Act::Decide(Report::GiveBack)]),
                    Step::Works => self.acts_at_work(state, &hold, acts),
                    Step::Judged => acts.push(Act::LookAtBranch),
                    Step::Sends(_) => acts.push(Act::Push),
                    Step::Pushed => acts.push(Act::Decide(Report::Done)),
                    Step::Refused => acts.push(Act::Decide(Report::Failed)),
                    Step::Decided(_) => acts.push(Act::Write),
                }
                acts.push(Act::Heartbeat);
            }
        }
        acts.push(Act::Crash);
    }

    fn acts_at_work(&self, state: &State, hold: &Hold, acts: &mut Vec<Act>) {
        acts.push(Act::Verify(VerifyResult::Aligned));
        if self.partial {
            acts.push(Act::Verify(VerifyResult::Partial));
        }
        if self.again && !hold.again && state.job(hold.job).evidence.is_some() {
            acts.push(Act::CommitAgain);
        }
        acts.push(Act::Judge);
        acts.extend([Report::Running, Report::Failed, Report::GiveBack].map(Act::Decide));
        if self.skips {
            acts.push(Act::Decide(Report::Skipped));
        }
    }

    /// Takes the step; the worker is what comes back.
    pub(crate) fn act(&self, state: &mut State, worker: u8, act: Act) -> Worker {
        let now = state.workers[usize::from(worker)];
        match (act, now) {
            (Act::Crash, _) => Worker::Idle,
            (Act::Look, Worker::Idle) => match self.first_claimable(state) {
                Some(job) => Worker::Sees(job, *state.job(job)),
                None => Worker::Idle,
            },
            (Act::Claim, Worker::Sees(job, seen)) => self.claim(state, worker, job, &seen),
            (_, Worker::Has(hold)) => self.act_on(state, worker, hold, act),
            _ => now,
        }
    }

    /// Claims in one transaction: the guards with run and branch as they are, the guarded write, the run's start.
    fn claim(&self, state: &mut State, worker: u8, job: u8, seen: &Job) -> Worker {
        if !self.eligible(state, job, seen) {
            return Worker::Idle;
        }
        let forged = self.lacks(Broken::HolderNotAsked);
        let early = self.lacks(Broken::WaitNotAsked);
        let call = Call::Claim { worker, token: self.token(worker), forged, early };
        let Some(decided) = decide(job, *seen, call).step() else { return Worker::Idle };
        if !self.write(state, job, &decided, None) {
            return Worker::Idle;
        }
        if let Some(run) = state.run.claimed_first() {
            self.write_run(state, run);
        }
        let base = Default::default();
        Worker::Has(Hold { job, attempt: decided.next.attempt, base, again: false, step: Step::Claimed })
    }

    fn act_on(&self, state: &mut State, worker: u8, hold: Hold, act: Act) -> Worker {
        let at = |step| Worker::Has(Hold { step, ..hold });
        match (act, hold.step) {
            (Act::Prepare, _) => {
                let base = self.worktree_at(state, &hold);
                let held = self.note_base(state, &hold) && self.renew(state, worker, &hold);
                if held { Worker::Has(Hold { base, step: Step::Works, ..hold }) } else { Worker::Idle }
            }
            (Act::Heartbeat, _) if self.renew(state, worker, &hold) => Worker::Has(hold),
            (Act::Verify(result), _) => {
                let held = self.note_verdict(state, &hold, result) && self.renew(state, worker, &hold);
                if held { Worker::Has(hold) } else { Worker::Idle }
            }
            (Act::CommitAgain, _) => Worker::Has(Hold { again: true, ..hold }),
            (Act::Judge, _) => self.judge(state, worker, hold),
            (Act::LookAtBranch, _) => at(self.look(state, &hold)),
            (Act::Push, Step::Sends(judged)) => at(self.send(state, &hold, judged)),
            (Act::Decide(report), _) => self.decide(state, worker, hold, report),
            (Act::Write, Step::Decided(decided)) => {
                let written = self.follow(state, hold.job, &decided, Some(hold.attempt));
                if written && !decided.next.status.is_terminal() && decided.next.status.is_held() {
                    at(Step::Works)
                } else {
                    Worker::Idle
                }
            }
            _ => Worker::Idle,
        }
    }

    /// Where the worktree starts: the branch's tip.
    fn worktree_at(&self, state: &State, hold: &Hold) -> super::job::Commit {
        state.tips[self.branch(hold.job)]
    }

    /// Which attempt a report speaks for.
    fn speaks_for(&self, state: &State, worker: u8, hold: &Hold) -> u8 {
        let row = state.job(hold.job);
        let of_token = self.lacks(Broken::TokenFence) && row.token == Some(self.token(worker));
        if self.lacks(Broken::NoFence) || of_token { row.attempt } else { hold.attempt }
    }

    fn judge(&self, state: &mut State, worker: u8, hold: Hold) -> Worker {
        let attempt = self.speaks_for(state, worker, &hold);
        let seen = *state.job(hold.job);
        if !holds(hold.job, seen, attempt) {
            return Worker::Idle;
        }
        let head = self.head(state, &hold);
        if !opens(hold.job, seen, attempt, head, !self.lacks(Broken::HeadNotAsked)) {
            return Worker::Has(hold);
        }
        match self.renew(state, worker, &Hold { attempt, ..hold }) {
            true => Worker::Has(Hold { step: Step::Judged, ..hold }),
            false => Worker::Idle,
        }
    }

    /// Reads the job and decides; the write comes later.
    fn decide(&self, state: &State, worker: u8, hold: Hold, report: Report) -> Worker {
        let attempt = self.speaks_for(state, worker, &hold);
        let call = match report {
            Report::Running => Call::Start { attempt },
            Report::Done => Call::Finish {
                attempt,
                head: self.head(state, &hold),
                asks_head: !self.lacks(Broken::HeadNotAsked),
                asks_publication: !self.lacks(Broken::PublicationNotAsked),
            },
            Report::Failed => Call::Fail { attempt, push: hold.step == Step::Refused },
            Report::Skipped => Call::Skip { attempt },
            Report::GiveBack => Call::Release { attempt, first: self.lacks(Broken::AttemptsUnbounded) },
        };
        match decide(hold.job, *state.job(hold.job), call) {
            Answer::Step(decided) => Worker::Has(Hold { step: Step::Decided(decided), ..hold }),
            Answer::Shut => Worker::Has(Hold { step: Step::Works, ..hold }),
            Answer::No if holds(hold.job, *state.job(hold.job), attempt) => Worker::Has(hold),
            Answer::No => Worker::Idle,
        }
    }

    /// Where the worktree stands.
    fn head(&self, state: &State, hold: &Hold) -> super::job::Commit {
        let kept = state.job(hold.job).evidence.filter(|_| self.lacks(Broken::VerdictOutlivesAttempt));
        kept.map_or(hold.head(), |(commit, _)| commit)
    }
}
