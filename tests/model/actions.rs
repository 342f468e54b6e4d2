//! Everything that can happen in a world, one step at a time.

use sprintgate::domain::run::Status;
use stateright::{Model, Property};

use super::calls::{Call, decide};
use super::job::Job;
use super::properties::PROPERTIES;
use super::reports::Act;
use super::state::{Decided, JOBS, State};
use super::world::{Broken, World};

/// Something that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    /// A worker takes a step.
    Worker(u8, Act),
    /// A job's lease runs out.
    LeaseRunsOut(u8),
    /// The sweeper takes a job whose lease ran out.
    Sweep(u8),
    /// The sweeper decides and writes later.
    SweepDecides(u8),
    SweepWrites,
    /// The wait after a give-back is over.
    WaitEnds(u8),
    /// A person cancels a job.
    Cancel(u8),
    /// A person pushes a commit onto a branch.
    Meddle(u8),
    /// The run waits for a person.
    Pause,
    Resume,
    /// What was not done in a job's transaction is done now.
    PayOwed,
}

impl Action {
    /// Whether it is neither a fault nor a person's doing: what is left when nothing more goes wrong.
    pub(crate) fn is_progress(self) -> bool {
        !matches!(self, Self::Worker(_, Act::Crash) | Self::Cancel(_) | Self::Meddle(_) | Self::Pause)
    }
}

impl World {
    fn sweep(&self, state: &State, job: u8) -> Option<Decided> {
        let mut seen = *state.job(job);
        if self.lacks(Broken::LeaseNotAsked) {
            seen.lease = seen.lease.map(|_| false);
        }
        decide(job, seen, Call::Expire { first: self.lacks(Broken::AttemptsUnbounded) }).step()
    }

    /// Whether the sweeper would take the job.
    pub(crate) fn can_sweep(&self, state: &State, job: u8) -> bool {
        !self.lacks(Broken::NoSweeper) && self.sweep(state, job).is_some()
    }

    fn of_job(&self, state: &State, number: u8, job: &Job, actions: &mut Vec<Action>) {
        if job.lease == Some(true) {
            actions.push(Action::LeaseRunsOut(number));
        }
        if job.status.is_held() && self.can_sweep(state, number) {
            let early = self.lacks(Broken::SweepDecidesEarly);
            actions.push(if early { Action::SweepDecides(number) } else { Action::Sweep(number) });
        }
        if job.waits == Some(true) {
            actions.push(Action::WaitEnds(number));
        }
        if self.cancels && !job.status.is_terminal() {
            actions.push(Action::Cancel(number));
        }
    }

    fn happen(&self, state: &mut State, action: Action) {
        match action {
            Action::Worker(worker, act) => {
                state.workers[usize::from(worker)] = self.act(state, worker, act);
            }
            Action::LeaseRunsOut(job) => state.job_mut(job).lease = Some(false),
            Action::Sweep(job) => {
                if let Some(decided) = self.sweep(state, job) {
                    self.follow(state, job, &decided, None);
                }
            }
            Action::SweepDecides(job) => state.sweeper = self.sweep(state, job).map(|step| (job, step)),
            Action::SweepWrites => {
                if let Some((job, decided)) = state.sweeper.take() {
                    self.follow(state, job, &decided, None);
                }
            }
            Action::WaitEnds(job) => state.job_mut(job).waits = Some(false),
            Action::Cancel(job) => {
                self.cancel(state, job, Call::CancelByPerson);
                match self.lacks(Broken::SettleApart) {
                    true => state.owed.settle = true,
                    false => self.settle(state, false),
                }
            }
            Action::Meddle(branch) => {
                let tip = &mut state.tips[usize::from(branch)];
                *tip = tip.with_a_persons();
            }
            Action::Pause => {
                if let Some(run) = state.run.paused() {
                    self.write_run(state, run);
                }
            }
            Action::Resume => {
                if let Some(run) = state.run.resumed() {
                    self.write_run(state, run);
                }
            }
            Action::PayOwed => {
                let owed = std::mem::take(&mut state.owed);
                if let Some(failed) = owed.cascade {
                    self.cascade_from(state, failed);
                }
                self.settle(state, owed.cascade.is_some());
            }
        }
    }
}

impl Model for World {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![self.begins()]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        let mut acts = Vec::new();
        for worker in 0..self.workers {
            self.acts(state, worker, &mut acts);
            actions.extend(acts.drain(..).map(|act| Action::Worker(worker, act)));
        }
        for (number, job) in state.each() {
            self.of_job(state, number, job, actions);
        }
        for branch in (0..).take(JOBS).filter(|_| self.meddles) {
            let is_used = self.jobs.iter().any(|(of, _)| *of == branch);
            if is_used && !state.tips[usize::from(branch)].holds_a_persons() {
                actions.push(Action::Meddle(branch));
            }
        }
        if state.sweeper.is_some() {
            actions.push(Action::SweepWrites);
        }
        if self.pauses && state.run.status == Status::Running {
            actions.push(Action::Pause);
        }
        if state.run.status == Status::Paused {
            actions.push(Action::Resume);
        }
        if state.owed != Default::default() {
            actions.push(Action::PayOwed);
        }
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let mut next = state.clone();
        self.happen(&mut next, action);
        (next != *state).then(|| self.canonical(next))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        PROPERTIES.iter().filter(|known| known.holds_in(self)).map(|known| known.property()).collect()
    }

    fn format_action(&self, action: &Action) -> String {
        match action {
            Action::Worker(worker, act) => format!("worker {worker}: {act:?}"),
            other => format!("{other:?}"),
        }
    }

    /// Unbounded attempts have no end of their own.
    fn within_boundary(&self, state: &State) -> bool {
        state.each().all(|(_, job)| job.attempt <= 4)
    }
}

/// The statuses and attempts of the jobs, for a trace.
pub(crate) fn shown(state: &State) -> String {
    let one = |(_, job): (u8, &Job)| format!("{}/{}", job.status, job.attempt);
    state.each().map(one).collect::<Vec<_>>().join(" ")
}
