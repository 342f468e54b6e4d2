//! Tries acts that people make: of jobs, tasks, backlog items and sprints.

use sprintgate::domain::backlog::{pbi, sprint, story};
use sprintgate::domain::gate::Policy;
use sprintgate::domain::job::Stop;
use sprintgate::domain::shift::Forbidden;
use sprintgate::domain::task;

use super::act::{Act, Pick, Refused};
use super::play::Played;
use super::world::{Who, World};

impl World {
    pub(super) fn try_by_person(&mut self, act: &Act) -> Played {
        match *act {
            Act::CancelJob(pick) => self.cancel_job(pick),
            Act::SetTask { task, to } => self.set_task(task, to),
            Act::EditTask { task, required, verify_only } => {
                let task = task % self.tasks.len();
                let plan = format!("{} again", self.tasks[task].plan);
                (self.tasks[task].plan, self.tasks[task].policy) = (plan, Policy { required, verify_only });
                Ok(())
            }
            Act::Plan { story, sprint } => {
                let story = story % self.stories.len();
                let it = &mut self.stories[story];
                if it.status != story::Status::Open || it.sprint.is_some() {
                    return Err(Refused::Illegal);
                }
                it.sprint = Some(sprint);
                self.roll_up(story);
                Ok(())
            }
            Act::Block(n) => self.hold_back(n, pbi::block(self.pbis[n])),
            Act::Unblock(n) => self.hold_back(n, pbi::unblock(self.pbis[n])),
            Act::Archive(n) => {
                let shift = sprint::archive(self.sprints[n]).map_err(|_| Refused::Illegal)?;
                self.apply_sprint(n, &shift, &Who::person());
                Ok(())
            }
            _ => self.try_of_run(act),
        }
    }

    fn cancel_job(&mut self, pick: Pick) -> Played {
        let job = pick.of(&self.jobs, |_, job| !job.row.status.is_terminal()).ok_or(Refused::Nothing)?;
        if !self.cancel(job, Stop::by_user("not needed"), &Who::person()) {
            return Err(Refused::Illegal);
        }
        if let Some(run) = self.jobs[job].run {
            self.settle(run, false, job, None);
        }
        Ok(())
    }

    fn set_task(&mut self, pick: Pick, to: task::Status) -> Played {
        let legal = |n: usize| {
            matches!(task::set(self.task_row(n), to), Ok(Some(_))) && self.open_job_of_task(n).is_none()
        };
        let n = pick.of(&self.tasks, |n, _| legal(n)).ok_or(Refused::Nothing)?;
        let ends = matches!(to, task::Status::Done | task::Status::Failed | task::Status::Excluded);
        if ends && self.open_job_of_task(n).is_some() {
            return Err(Refused::TaskHeld);
        }
        let change = task::set(self.task_row(n), to).map_err(|_| Refused::Illegal)?;
        if let Some(change) = change {
            self.apply_task(n, &change, &Who::person());
            self.roll_up(self.tasks[n].story);
        }
        Ok(())
    }

    fn hold_back(&mut self, n: usize, shift: Result<pbi::Shift, Forbidden>) -> Played {
        let shift = shift.map_err(|_| Refused::Illegal)?;
        self.apply_pbi(n, &shift, &Who::person());
        self.roll_up_pbi(n);
        Ok(())
    }
}
