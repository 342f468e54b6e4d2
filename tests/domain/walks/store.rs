//! The store of a walk: it writes decided changes only, each guarded by what the row must still be and with a row of
//! the ledger; the end of an attempt is written with its job's move.

use sprintgate::domain::attempt::{self, AnyAttempt};
use sprintgate::domain::backlog::{pbi, sprint, story};
use sprintgate::domain::machine::Word;
use sprintgate::domain::shift::Shift;
use sprintgate::domain::{job, run, task};

use super::world::{Entry, Thing, Who, World};

/// The row is not as the decision saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lost;

impl World {
    /// Notes that something came to be.
    pub(super) fn born(&mut self, thing: Thing, status: &'static str, who: &Who) {
        let (step, at) = (self.step, self.now);
        let who = who.clone();
        self.ledger.push(Entry { step, at, thing, seq: 1, from: None, event: "create", to: status, who });
    }

    fn note(&mut self, thing: Thing, edge: (&'static str, &'static str, &'static str), who: &Who) {
        let (from, event, to) = edge;
        let seq = self.ledger.iter().filter(|entry| entry.thing == thing).count() as u32 + 1;
        let (step, at, who) = (self.step, self.now, who.clone());
        self.ledger.push(Entry { step, at, thing, seq, from: Some(from), event, to, who });
    }

    /// Whether the row is still as the change was decided.
    pub(super) fn guard(&self, change: &job::Change) -> Result<usize, Lost> {
        let n = self.job_of(&change.row().id);
        let row = &self.jobs[n].row;
        if row.status == change.before() && row.attempt == change.attempt_before() {
            Ok(n)
        } else {
            Err(Lost)
        }
    }

    /// Writes a job's move, and the end of the attempt that held it.
    pub(super) fn apply_job(&mut self, change: &job::Change, who: &Who) {
        let n = self.guard(change).expect("a change is written where it was decided");
        let edge = (change.before().word(), change.event().word(), change.after().word());
        self.note(Thing::Job(n), edge, who);
        self.jobs[n].row = change.row().clone();
        assert_eq!(self.guard(change), Err(Lost), "no change can be written twice");
        if change.before().is_held() && attempt::ended_by(change.event()).is_some() {
            self.end_attempt(n, change, who);
        }
    }

    fn end_attempt(&mut self, job: usize, moved: &job::Change, who: &Who) {
        let number = moved.attempt_before();
        let place = self.attempts.iter().position(|a| (a.job, a.row.number) == (job, number)).unwrap();
        let AnyAttempt::Held(held) = AnyAttempt::try_from(self.attempts[place].row.clone()).unwrap() else {
            panic!("job{job} is held by an attempt that has ended")
        };
        let change = held.follow(moved, self.now).unwrap().expect("this move ends attempts");
        assert_eq!(change.before(), self.attempts[place].row.status);
        let edge = (change.before().word(), change.event().word(), change.after().word());
        self.note(Thing::Attempt(job, number), edge, who);
        self.attempts[place].row = change.row().clone();
    }

    pub(super) fn apply_run(&mut self, change: &run::Change, who: &Who) {
        let n = self.runs.iter().position(|run| run.row.id == change.row().id).unwrap();
        assert_eq!(self.runs[n].row.status, change.before());
        let edge = (change.before().word(), change.event().word(), change.after().word());
        self.note(Thing::Run(n), edge, who);
        self.runs[n].row = change.row().clone();
    }

    pub(super) fn apply_task(&mut self, n: usize, change: &task::Change, who: &Who) {
        assert_eq!(self.tasks[n].status, change.before());
        let edge = (change.before().word(), change.event().word(), change.after().word());
        self.note(Thing::Task(n), edge, who);
        self.tasks[n].status = change.after();
    }

    pub(super) fn apply_story(&mut self, n: usize, shift: &Shift<story::Status, story::Event>, who: &Who) {
        assert_eq!(self.stories[n].status, shift.from());
        self.note(Thing::Story(n), words(shift), who);
        self.stories[n].status = shift.to();
    }

    pub(super) fn apply_pbi(&mut self, n: usize, shift: &Shift<pbi::Status, pbi::Event>, who: &Who) {
        assert_eq!(self.pbis[n], shift.from());
        self.note(Thing::Pbi(n), words(shift), who);
        self.pbis[n] = shift.to();
    }

    pub(super) fn apply_sprint(&mut self, n: usize, shift: &Shift<sprint::Status, sprint::Event>, who: &Who) {
        assert_eq!(self.sprints[n], shift.from());
        self.note(Thing::Sprint(n), words(shift), who);
        self.sprints[n] = shift.to();
    }
}

fn words<S: Word, E: Word>(shift: &Shift<S, E>) -> (&'static str, &'static str, &'static str) {
    (shift.from().word(), shift.event().word(), shift.to().word())
}
