//! The store, as the model has it: the guarded statement, the notes beside it, and the queue's questions.

use sprintgate::domain::attempt;
use sprintgate::domain::eligibility::{self, Facts};
use sprintgate::domain::id::ProductId;
use sprintgate::domain::job::{Event, Kind, Status, TRANSITIONS};
use sprintgate::domain::machine::Transition;
use sprintgate::domain::run::{self, Tally};
use sprintgate::domain::time::{Millis, Timestamp};
use sprintgate::domain::verify::VerifyResult;

use super::job::{Job, NOW, id_of};
use super::run::Run;
use super::state::{Decided, Hold, State, Wrong};
use super::world::{Broken, World};

fn open(job: &Job) -> bool {
    !job.status.is_terminal()
}

impl World {
    /// The one statement that writes a job's status: `WHERE id AND status = from AND attempt = before`. `by` is the
    /// attempt that speaks, if a worker's does. False when no row fits.
    pub(crate) fn write(&self, state: &mut State, job: u8, decided: &Decided, by: Option<u8>) -> bool {
        let was = *state.job(job);
        let fits = (was.status == decided.from || self.lacks(Broken::NoStatusGuard))
            && (was.attempt == decided.attempt_before || self.lacks(Broken::NoAttemptGuard));
        if !fits {
            return false;
        }
        self.witness(state, &was, decided, by);
        let mut next = decided.next;
        let handed_out = state.run.status.hands_out_jobs();
        next.ready = was.ready && (next.status != Status::Queued || handed_out);
        if self.lacks(Broken::VerdictOutlivesAttempt) {
            next.evidence = next.evidence.or(was.evidence);
        }
        if attempt::ended_by(decided.event).is_some() && decided.from.is_held() {
            let bit = 1 << decided.attempt_before;
            if state.ended[usize::from(job)] & bit != 0 {
                state.wrong(Wrong::EndedTwice);
            }
            state.ended[usize::from(job)] |= bit;
        }
        *state.job_mut(job) = next;
        true
    }

    /// Notes what is wrong with a write that the store lets through.
    fn witness(&self, state: &mut State, was: &Job, decided: &Decided, by: Option<u8>) {
        let Decided { event, next, .. } = decided;
        let edge = |edge: &Transition<Status, Event>| {
            edge.from == was.status && edge.on == *event && edge.to == next.status
        };
        let ends = attempt::ended_by(*event).filter(|_| was.status.is_held());
        let end_is_legal = ends.is_none_or(|event| {
            let legal = |edge: &Transition<_, _>| edge.from == attempt::Status::Held && edge.on == event;
            attempt::TRANSITIONS.iter().any(legal)
        });
        if !TRANSITIONS.iter().any(edge) || !end_is_legal {
            state.wrong(Wrong::IllegalEdge);
        }
        if by.is_some_and(|attempt| attempt != was.attempt || !was.status.is_held()) {
            state.wrong(Wrong::StaleWrite);
        }
        if *event == Event::Expire && was.lease == Some(true) {
            state.wrong(Wrong::LeaseCutShort);
        }
        if *event == Event::Claim && !state.run.status.hands_out_jobs() {
            state.wrong(Wrong::ClaimOfStoppedRun);
        }
        if *event == Event::Claim && was.waits == Some(true) {
            state.wrong(Wrong::ClaimTooEarly);
        }
    }

    /// Whether a note of this attempt finds its row: `WHERE id AND attempt AND status IN (held)`.
    fn noted(&self, state: &State, hold: &Hold) -> bool {
        let row = state.job(hold.job);
        row.status.is_held() && row.attempt == hold.attempt
    }

    /// Renews the lease.
    pub(crate) fn renew(&self, state: &mut State, worker: u8, hold: &Hold) -> bool {
        let own = self.noted(state, hold) && state.job(hold.job).worker == Some(worker);
        if !self.noted(state, hold) && !self.lacks(Broken::RenewalByJob) {
            return false;
        }
        if !own {
            state.wrong(Wrong::ForeignRenewal);
        }
        state.job_mut(hold.job).lease = Some(true);
        true
    }

    /// Notes the commit that the attempt starts from.
    pub(crate) fn note_base(&self, state: &mut State, hold: &Hold) -> bool {
        let noted = self.noted(state, hold);
        if noted {
            state.job_mut(hold.job).note_base();
        }
        noted
    }

    /// Notes a verdict.
    pub(crate) fn note_verdict(&self, state: &mut State, hold: &Hold, result: VerifyResult) -> bool {
        let noted = self.noted(state, hold);
        if !noted && !self.lacks(Broken::VerdictByJob) {
            return false;
        }
        if !noted {
            state.wrong(Wrong::StaleWrite);
        }
        state.job_mut(hold.job).evidence = Some((hold.head(), result));
        true
    }

    /// The first job that is marked as claimable.
    pub(crate) fn first_claimable(&self, state: &State) -> Option<u8> {
        let unmarked = self.lacks(Broken::RunNotAsked)
            || self.lacks(Broken::BranchNotAsked)
            || self.lacks(Broken::HolderNotAsked);
        let candidate = |job: &Job| {
            let status =
                job.status == Status::Queued || self.lacks(Broken::HolderNotAsked) && job.status.is_held();
            let waits = job.waits == Some(true) && !self.lacks(Broken::WaitNotAsked);
            status && !waits && (job.ready || unmarked)
        };
        state.each().find(|(_, job)| candidate(job)).map(|(number, _)| number)
    }

    /// What the guards of a claim read, all of them. Every job is of the one user and product.
    pub(crate) fn facts(&self, state: &State, job: u8, seen: &Job) -> Facts {
        Facts {
            yours: true,
            product: ProductId::new("p").unwrap(),
            scope: None,
            product_seen: true,
            has_context: true,
            status: seen.status,
            kind: Kind::TaskImplementation,
            run: Some(state.run.status),
            ahead: self.ahead_of(state, job).map(id_of),
            // There is one run, and whoever holds the branch stands before the others.
            branch_held_by: None,
            not_before: seen.waits.map(|waits| if waits { NOW + Millis(1) } else { Timestamp::default() }),
            now: NOW,
        }
    }

    /// What the guards of a claim say of the job as it was seen, with its run and its branch as they are.
    pub(crate) fn eligible(&self, state: &State, job: u8, seen: &Job) -> bool {
        let waits = seen.waits == Some(true) && !self.lacks(Broken::WaitNotAsked);
        let facts = Facts {
            status: if self.lacks(Broken::HolderNotAsked) { Status::Queued } else { seen.status },
            run: Some(if self.lacks(Broken::RunNotAsked) { run::Status::Running } else { state.run.status }),
            ahead: self.ahead_of(state, job).filter(|_| !self.lacks(Broken::BranchNotAsked)).map(id_of),
            not_before: seen.waits.map(|_| if waits { NOW + Millis(1) } else { Timestamp::default() }),
            ..self.facts(state, job, seen)
        };
        eligibility::check(&facts).is_ok()
    }

    /// The open job before this one on its branch.
    pub(crate) fn ahead_of(&self, state: &State, job: u8) -> Option<u8> {
        let branch = self.branch(job);
        let mut before = state.each().take_while(|(number, _)| *number < job);
        before.find(|(number, row)| self.branch(*number) == branch && open(row)).map(|(number, _)| number)
    }

    /// Marks the first open job of a branch, if it waits and the run hands out jobs.
    pub(crate) fn ready_next(&self, state: &mut State, branch: usize) {
        let first = state.each().find(|(number, job)| self.branch(*number) == branch && open(job));
        let Some((first, _)) = first else { return };
        let waits = state.job(first).status == Status::Queued;
        if waits && state.run.status.hands_out_jobs() && !self.lacks(Broken::NextNotMarked) {
            state.job_mut(first).ready = true;
        }
    }

    /// Writes the run, and marks or unmarks its jobs when it goes on or stops handing them out.
    pub(crate) fn write_run(&self, state: &mut State, run: Run) {
        let (was, is) = (state.run.status.hands_out_jobs(), run.status.hands_out_jobs());
        state.run = run;
        for job in (0..).take(self.jobs.len()) {
            if state.job(job).status != Status::Queued || was == is {
                continue;
            }
            let first = self.ahead_of(state, job).is_none();
            state.job_mut(job).ready = is && (first || state.job(job).ready);
        }
    }

    /// The open jobs.
    pub(crate) fn open_jobs(&self, state: &State) -> Vec<u8> {
        state.each().filter(|(_, job)| open(job)).map(|(number, _)| number).collect()
    }

    /// How many jobs of the run are where.
    pub(crate) fn tally(&self, state: &State) -> Tally {
        use sprintgate::domain::job::EndCause;
        let mut tally = Tally::default();
        for (_, job) in state.each() {
            *match job.status {
                Status::Queued | Status::Claimed | Status::Running => &mut tally.open,
                Status::Done => &mut tally.done,
                Status::Failed => &mut tally.failed,
                Status::Cancelled if job.cause == Some(EndCause::Skipped) => &mut tally.skipped,
                Status::Cancelled => &mut tally.cancelled,
            } += 1;
        }
        tally
    }
}
