//! What follows from a job's move, in its transaction: the cascade, the next job of the branch, the end of the run.

use sprintgate::domain::cascade::{self, Because, Sibling, Step, Tie};
use sprintgate::domain::job::Status;

use super::calls::{Call, decide};
use super::job::{id_of, number};
use super::state::{Decided, State};
use super::world::{Broken, World};

impl World {
    /// Writes a change of a job and what follows from it. False when somebody else was first.
    pub(crate) fn follow(&self, state: &mut State, job: u8, decided: &Decided, by: Option<u8>) -> bool {
        if !self.write(state, job, decided, by) {
            return false;
        }
        let next = decided.next;
        if next.status.is_terminal() {
            self.ready_next(state, self.branch(job));
        }
        let failed = next.cause.filter(|_| next.status == Status::Failed);
        let at_once = failed.is_some_and(|cause| cascade::starts(cause, self.strict));
        if at_once && self.lacks(Broken::CascadeApart) {
            state.owed.cascade = Some(job);
        } else if at_once {
            self.cascade_from(state, job);
        }
        if self.lacks(Broken::SettleApart) {
            state.owed.settle = true;
        } else {
            self.settle(state, at_once);
        }
        true
    }

    /// Cancels the open siblings of a failed job, as they are now.
    pub(crate) fn cascade_from(&self, state: &mut State, failed: u8) {
        let sibling = |job: u8, tie| Sibling {
            job: id_of(job),
            status: state.job(job).status,
            attempt: u32::from(state.job(job).attempt),
            held: state.job(job).status.is_held(),
            tie,
            repo: None,
            branch: None,
            prs: Vec::new(),
        };
        let open = self.open_jobs(state).into_iter();
        let siblings: Vec<_> = open.map(|job| sibling(job, Tie { item: true, run: true })).collect();
        for planned in cascade::plan(&sibling(failed, Tie::default()), &siblings) {
            let Step::Cancel { job, because, .. } = planned.step else { continue };
            let call = match because {
                Because::SameBacklogItem => Call::CancelByCascade { failed },
                Because::SameRun => Call::CancelByRun { failed },
            };
            self.cancel(state, number(job.as_str()), call);
        }
    }

    /// Cancels a job, as it is now, and marks the next one of its branch; the caller settles the run.
    pub(crate) fn cancel(&self, state: &mut State, job: u8, call: Call) -> bool {
        let Some(decided) = decide(job, *state.job(job), call).step() else { return false };
        let written = self.write(state, job, &decided, None);
        if written {
            self.ready_next(state, self.branch(job));
        }
        written
    }

    /// Ends the run whose jobs have all ended, or at once.
    pub(crate) fn settle(&self, state: &mut State, at_once: bool) {
        if let Some(run) = state.run.settled(self.tally(state), at_once) {
            self.write_run(state, run);
        }
    }
}
