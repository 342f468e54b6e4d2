//! Tries acts that workers and the clock make: each is decided on parsed rows, then written with what follows from it,
//! or refused before anything is written.

use sprintgate::domain::attempt;
use sprintgate::domain::commit::CommitId;
use sprintgate::domain::eligibility::{self, Facts};
use sprintgate::domain::gate::{self, Evidence, Head, Passed};
use sprintgate::domain::id::{JobId, ProductId, TokenId, UserId, WorkerId};
use sprintgate::domain::job::{self, AnyJob, Claim, Failure, LEASE, Publication};
use sprintgate::domain::machine::Word;
use sprintgate::domain::run::AnyRun;
use sprintgate::domain::time::{Millis, Timestamp};

use super::act::{Act, Finish, GivenFor, Jump, Pick, Proof, Published, Refused, Speaker, Speaking, Voice};
use super::act::{prepares, verified};
use super::world::{Attempt, Job, Push, Thing, WORKERS, Who, World};

pub(super) type Played = Result<(), Refused>;

pub(super) fn commit(n: u8) -> CommitId {
    CommitId::new(n.to_string().repeat(40)).unwrap()
}

/// Calls a move of whichever held state the job is in.
macro_rules! held {
    ($world:expr, $job:expr, $held:ident => $step:expr) => {
        match $world.any($job) {
            AnyJob::Claimed($held) => $step.map(job::Change::from).map_err(Refused::Job),
            AnyJob::Running($held) => $step.map(job::Change::from).map_err(Refused::Job),
            _ => Err(Refused::Illegal),
        }
    };
}

impl World {
    /// Tries an act.
    pub(super) fn play(&mut self, act: &Act) -> Played {
        self.step += 1;
        let played = self.try_it(act);
        if played.is_err() {
            self.step -= 1;
        }
        played
    }

    fn try_it(&mut self, act: &Act) -> Played {
        let now = self.now;
        match *act {
            Act::Wait(jump) => {
                self.now = self.after(jump);
                Ok(())
            }
            Act::Claim { worker, job } => self.claim(worker, job),
            Act::Renew(by) => self.renew(by),
            Act::Verify { by, commit: n, result } => {
                self.verify(by, Evidence { result, commit: commit(n), at: now })
            }
            Act::Start(by) => {
                self.held_move(by.among(self, prepares), |world, job, number| match world.any(job) {
                    AnyJob::Claimed(job) => {
                        job.start(number, now, LEASE).map(Into::into).map_err(Refused::Job)
                    }
                    _ => Err(Refused::Illegal),
                })
            }
            Act::Finish(by, how) => self.finish(by, how),
            Act::Fail { by, push } => self.held_move(by.of(self), |world, job, number| {
                let why =
                    if push { Failure::Push("rejected".into()) } else { Failure::Reported("no".into()) };
                held!(world, job, held => held.fail(number, why, now))
            }),
            Act::Skip { by, reasoned } => self.held_move(by.of(self), |world, job, number| {
                let reason = if reasoned { "there is nothing to do" } else { " short    " };
                held!(world, job, held => held.skip(number, reason, now))
            }),
            Act::Release(by) => self.held_move(
                by.of(self),
                |world, job, number| held!(world, job, held => held.release(number, "no clone", now)),
            ),
            Act::Expire(pick) => {
                let job = pick.of(&self.jobs, |_, job| job.row.lease_until.is_some_and(|until| until < now));
                self.expire(job.ok_or(Refused::Nothing)?)
            }
            Act::Sweep => {
                let mut stale: Vec<(Timestamp, usize)> = self
                    .jobs
                    .iter()
                    .enumerate()
                    .filter_map(|(n, job)| Some((job.row.lease_until.filter(|until| *until < now)?, n)))
                    .collect();
                stale.sort_unstable();
                for (_, job) in stale {
                    // A cascade of one that was swept before may have ended it.
                    if self.jobs[job].row.status.is_held() {
                        self.expire(job)?;
                    }
                }
                Ok(())
            }
            _ => self.try_by_person(act),
        }
    }

    fn after(&self, jump: Jump) -> Timestamp {
        let nth = |mut times: Vec<Timestamp>, n: usize| {
            times.sort_unstable();
            if times.is_empty() { self.now } else { times[n % times.len()].max(self.now) }
        };
        let rows = || self.jobs.iter().map(|job| &job.row);
        match jump {
            Jump::Not => self.now,
            Jump::By(span) => self.now + Millis(span),
            Jump::LeaseEnd(n, more) => {
                nth(rows().filter_map(|row| row.lease_until).collect(), n) + Millis(more)
            }
            Jump::Due(n) => nth(rows().filter_map(|row| row.not_before).collect(), n),
        }
    }

    /// What the guards of a claim read.
    pub(super) fn facts(&self, job: usize) -> Facts {
        let this = &self.jobs[job];
        Facts {
            yours: true,
            product: ProductId::new("p").unwrap(),
            scope: None,
            product_seen: true,
            has_context: true,
            status: this.row.status,
            kind: this.row.kind,
            run: this.run.map(|run| self.runs[run].row.status),
            ahead: self.ahead_of(job).map(|ahead| self.jobs[ahead].row.id.clone()),
            branch_held_by: self.held_beside(job).map(|held| self.jobs[held].row.id.clone()),
            not_before: this.row.not_before,
            now: self.now,
        }
    }

    fn claim(&mut self, worker: usize, pick: Pick) -> Played {
        let job = pick.of(&self.jobs, |n, _| eligibility::check(&self.facts(n)).is_ok());
        let job = job.ok_or(Refused::Nothing)?;
        eligibility::check(&self.facts(job)).map_err(|why| Refused::Guard(why.guard().word()))?;
        let AnyJob::Queued(queued) = self.any(job) else { return Err(Refused::Illegal) };
        let (worker, token) = WORKERS[worker % WORKERS.len()];
        let (worker, token) = (WorkerId::new(worker).unwrap(), TokenId::new(token).unwrap());
        let task = self.jobs[job].task.map(|task| &self.tasks[task]);
        let plan = task.map(|task| task.plan.clone()).unwrap_or_default();
        let policy = task.map(|task| task.policy).unwrap_or_default();
        let claim = Claim { token: token.clone(), worker, plan, policy };
        let step = queued.claim(claim, self.now, LEASE).map_err(Refused::Job)?;
        let number = step.next().attempt;
        let who = Who::agent(&token, number);
        let attempt = attempt::Attempt::begun(&step, "here".to_owned(), self.jobs[job].branch.clone());
        self.apply_job(&step.into(), &who);
        self.jobs[job].row.base = self.base_of(job);
        self.attempts.push(Attempt { job, row: attempt.into(), evidence: None });
        self.born(Thing::Attempt(job, number), attempt::Status::Held.word(), &who);
        if let Some(run) = self.jobs[job].run
            && let AnyRun::Queued(queued) = self.any_run(run)
        {
            self.apply_run(&queued.claim_first(self.now).into(), &who);
        }
        Ok(())
    }

    /// What an attempt at the job sets out from: the last commit that was published on its branch, else the first one
    /// of the repository.
    fn base_of(&self, job: usize) -> Option<CommitId> {
        let Job { repo, branch, .. } = &self.jobs[job];
        let branch = branch.as_ref()?;
        let pushed = self.pushes.iter().rfind(|push| &push.repo == repo && &push.branch == branch);
        Some(pushed.map_or(commit(0), |push| CommitId::new(push.commit.as_str()).unwrap()))
    }

    /// Who speaks, unless nobody ever claimed or the token is not his.
    fn heard(&self, speaking: Option<Speaking>) -> Result<Speaking, Refused> {
        let speaking = speaking.ok_or(Refused::Nothing)?;
        if speaking.voice == Voice::Foreign { Err(Refused::Voice) } else { Ok(speaking) }
    }

    fn held_move(
        &mut self,
        speaking: Option<Speaking>,
        decide: impl FnOnce(&Self, usize, u32) -> Result<job::Change, Refused>,
    ) -> Played {
        let Speaking { job, number, claim, .. } = self.heard(speaking)?;
        let change = decide(self, job, number)?;
        let who = Who::agent(&self.attempts[claim].row.frozen.token, number);
        self.follow(job, &change, &who);
        Ok(())
    }

    /// A sign of life: guarded by attempt and state, no move.
    fn renew(&mut self, by: Speaker) -> Played {
        let Speaking { job, number, .. } = self.heard(by.of(self))?;
        let until = self.now + LEASE;
        let row = self.noted(job, number)?;
        row.lease_until = Some(until);
        Ok(())
    }

    fn verify(&mut self, by: Speaker, evidence: Evidence) -> Played {
        let Speaking { job, number, claim, .. } = self.heard(by.of(self))?;
        let until = self.now + LEASE;
        let row = self.noted(job, number)?;
        (row.evidence, row.lease_until) = (Some(evidence.clone()), Some(until));
        self.attempts[claim].evidence = Some(evidence);
        Ok(())
    }

    /// The row that an attempt may note something of, as the store guards it.
    fn noted(&mut self, job: usize, number: u32) -> Result<&mut job::Row, Refused> {
        let row = &mut self.jobs[job].row;
        if !row.status.is_held() {
            return Err(Refused::Illegal);
        }
        if row.attempt != number {
            return Err(Refused::Job(job::Refusal::LeaseLost { yours: number, current: row.attempt }));
        }
        Ok(row)
    }

    fn expire(&mut self, job: usize) -> Played {
        let now = self.now;
        let change = held!(self, job, held => held.expire(now))?;
        let who = Who { attempt: Some(change.attempt_before()), ..Who::system() };
        self.follow(job, &change, &who);
        Ok(())
    }

    fn finish(&mut self, by: Speaker, how: Finish) -> Played {
        let now = self.now;
        let mut pushed = None;
        self.held_move(by.among(self, verified), |world, job, number| {
            let row = &world.jobs[job].row;
            if !row.status.is_held() {
                return Err(Refused::Illegal);
            }
            let proof = world.proof(job, number, how).map_err(Refused::Shut)?;
            let seen = row.evidence.as_ref().map(|seen| seen.commit.clone()).unwrap_or(commit(0));
            let publication = how.published.map(|what| match what {
                Published::Verified => Publication { commit: seen.clone(), at: now },
                Published::Other => Publication { commit: commit(9), at: now },
            });
            pushed = publication.as_ref().map(|publication| (job, publication.commit.to_string()));
            let summary = how.summary.map(|length| "s".repeat(length));
            held!(world, job, held => held.finish(number, proof, publication, summary, now))
        })?;
        if let Some((job, commit)) = pushed
            && let Some(branch) = self.jobs[job].branch.clone()
        {
            self.pushes.push(Push { repo: self.jobs[job].repo.clone(), branch, commit, job });
        }
        Ok(())
    }

    fn proof(&self, job: usize, number: u32, how: Finish) -> Result<Passed, gate::Shut> {
        let row = &self.jobs[job].row;
        let (id, number) = match how.given_for {
            GivenFor::ThisAttempt => (row.id.clone(), number),
            GivenFor::OtherJob => (JobId::new("another").unwrap(), number),
            GivenFor::OtherAttempt => (row.id.clone(), number + 1),
        };
        let seen = row.evidence.as_ref();
        match how.proof {
            Proof::Judge => {
                let verified = seen.map(|seen| seen.commit.clone()).unwrap_or(commit(0));
                let head = Head { commit: if how.moved_on { commit(9) } else { verified }, dirty: how.dirty };
                let summary = how.summary.map(|length| "s".repeat(length));
                let policy = row.policy.unwrap_or_default();
                gate::judge(&id, number, seen, policy, summary.as_deref(), &head)
            }
            Proof::Waive { reasoned } => {
                let reason = if reasoned { "the vendor did it" } else { "   short   " };
                gate::waive(&id, number, UserId::new("ann").unwrap(), reason)
            }
            Proof::Exempt => gate::exempt(&id, number, row.kind),
        }
    }
}
