//! Tries acts that people make of sprint runs, and starts one as `src/flow` does: checks first, then a job a task.

use sprintgate::domain::branch::BranchName;
use sprintgate::domain::commit::CommitId;
use sprintgate::domain::id::{QuestionId, RunId, StoryId};
use sprintgate::domain::job::{Kind, Stop};
use sprintgate::domain::machine::Word;
use sprintgate::domain::preflight;
use sprintgate::domain::run::{self, AnyRun, Pause, PrStrategy, Status};
use sprintgate::domain::task;

use super::act::{Act, Pick, Refused};
use super::play::Played;
use super::world::{Run, Thing, Who, World};

/// Runs that one world sees at most; a walk that wants more is told that there is nothing.
pub(super) const RUNS_MAX: usize = 6;

impl World {
    pub(super) fn try_of_run(&mut self, act: &Act) -> Played {
        match *act {
            Act::StartRun { sprint, batch } => self.start_run(sprint, batch),
            Act::Pause { run, conflict } => {
                let run = self.pick_run(run, &[Status::Running])?;
                let pause = self.pause(conflict);
                let AnyRun::Running(running) = self.any_run(run) else { return Err(Refused::Illegal) };
                self.apply_run(&running.pause(pause).into(), &Who::system());
                Ok(())
            }
            Act::Resume(pick) => {
                let run = self.pick_run(pick, &[Status::Paused])?;
                let AnyRun::Paused(paused) = self.any_run(run) else { return Err(Refused::Illegal) };
                self.apply_run(&paused.resume().into(), &Who::person());
                Ok(())
            }
            Act::Supersede(pick) => self.supersede(pick),
            Act::CancelRun(pick) => {
                let run = self.pick_run(pick, &[Status::Queued, Status::Running, Status::Paused])?;
                let change: run::Change = match self.any_run(run) {
                    AnyRun::Queued(run) => run.cancel(self.now).into(),
                    AnyRun::Running(run) => run.cancel(self.now).into(),
                    AnyRun::Paused(run) => run.cancel(self.now).into(),
                    AnyRun::Done(_) | AnyRun::Failed(_) | AnyRun::Cancelled(_) => {
                        return Err(Refused::Illegal);
                    }
                };
                self.apply_run(&change, &Who::person());
                self.cancel_jobs_of(run, "the run was cancelled");
                Ok(())
            }
            _ => unreachable!("{act:?} is tried elsewhere"),
        }
    }

    fn pick_run(&self, pick: Pick, fit: &[Status]) -> Result<usize, Refused> {
        pick.of(&self.runs, |_, run| fit.contains(&run.row.status)).ok_or(Refused::Nothing)
    }

    fn cancel_jobs_of(&mut self, run: usize, why: &str) {
        for job in 0..self.jobs.len() {
            if self.jobs[job].run == Some(run) && !self.jobs[job].row.status.is_terminal() {
                self.cancel(job, Stop::by_run(None, why), &Who::system());
            }
        }
    }

    fn pause(&self, conflict: bool) -> Pause {
        let resume_instructions = "look at it, then resume".to_owned();
        if !conflict {
            return Pause::QuotaDepleted { last_completed: None, resume_instructions, paused_at: self.now };
        }
        Pause::MergeConflict {
            pr_url: "https://forge/p/1".to_owned(),
            pr_head_sha: CommitId::new("e".repeat(40)).unwrap(),
            conflict_files: vec!["src/a.rs".to_owned()],
            claude_question_id: QuestionId::new("q1").unwrap(),
            resume_instructions,
            paused_at: self.now,
        }
    }

    fn supersede(&mut self, pick: Pick) -> Played {
        let run = self.pick_run(pick, &[Status::Paused])?;
        let AnyRun::Paused(paused) = self.any_run(run) else { return Err(Refused::Illegal) };
        let (strategy, sprint) = (self.runs[run].strategy, self.runs[run].sprint);
        let branch = self.runs[run].branch.clone().map(|text| BranchName::new(text).unwrap());
        let (step, next) = paused.supersede(strategy, branch.clone(), self.now).map_err(Refused::Run)?;
        assert_eq!((&next.previous, &next.branch), (&self.runs[run].row.id, &branch));
        self.apply_run(&step.into(), &Who::person());
        self.cancel_jobs_of(run, "a new run takes the sprint on");
        let new = self.add_run(sprint, strategy, next.branch.map(String::from), Some(run));
        self.hand_out_batch(new);
        Ok(())
    }

    /// The kinds of everything that keeps a sprint from being started.
    pub(super) fn blockers(&self, sprint: usize) -> Vec<&'static str> {
        let live = self.live_run(sprint).map(|run| format!("run{run}"));
        let repo = "https://example.org/a/b.git";
        let codes: Vec<String> = (0..self.tasks.len().max(2)).map(|n| n.to_string()).collect();
        let tasks: Vec<preflight::Task<'_>> = self
            .scope(sprint)
            .into_iter()
            .map(|task| preflight::Task {
                code: &codes[task],
                title: "a task",
                plan: Some(&self.tasks[task].plan),
                repo_url: Some(repo),
                pbi_code: &codes[self.stories[self.tasks[task].story].pbi],
                pbi_status: self.pbis[self.stories[self.tasks[task].story].pbi],
            })
            .collect();
        let read = preflight::Sprint {
            code: &codes[sprint],
            status: self.sprints[sprint],
            live_run: live.as_deref(),
            strategy: self.strategy,
            repo_url: Some(repo),
        };
        preflight::blockers(&read, &tasks).into_iter().map(|blocker| blocker.kind).collect()
    }

    /// The tasks that a run of the sprint would work on.
    pub(super) fn scope(&self, sprint: usize) -> Vec<usize> {
        let planned = |n: &usize| {
            self.tasks[*n].status == task::Status::ToDo
                && self.stories[self.tasks[*n].story].sprint == Some(sprint)
        };
        (0..self.tasks.len()).filter(planned).collect()
    }

    fn start_run(&mut self, sprint: usize, batch: bool) -> Played {
        if self.runs.len() >= RUNS_MAX {
            return Err(Refused::Nothing);
        }
        let blockers = self.blockers(sprint);
        if !blockers.is_empty() {
            return Err(Refused::Blocked(blockers));
        }
        let strategy = if batch { PrStrategy::SprintBatch } else { self.strategy };
        let id = RunId::new(format!("run{}", self.runs.len())).unwrap();
        let branch = (strategy != PrStrategy::Story).then(|| BranchName::run(&id).as_str().to_owned());
        let scope = self.scope(sprint);
        let run = self.add_run(sprint, strategy, branch, None);
        if batch {
            self.hand_out_batch(run);
            return Ok(());
        }
        for (sequence, task) in scope.into_iter().enumerate() {
            let story = StoryId::new(format!("story{}", self.tasks[task].story)).unwrap();
            let branch = match strategy {
                PrStrategy::Sprint => BranchName::run(&id),
                PrStrategy::Story | PrStrategy::SprintBatch => BranchName::story(&story),
            };
            let (repo, branch) = (self.tasks[task].repo.clone(), Some(branch.as_str().to_owned()));
            let kind = Kind::TaskImplementation;
            self.add_job(kind, Some(task), Some(run), sequence, repo, branch, &Who::person());
        }
        Ok(())
    }

    fn add_run(
        &mut self,
        sprint: usize,
        strategy: PrStrategy,
        branch: Option<String>,
        previous: Option<usize>,
    ) -> usize {
        let run = self.runs.len();
        let id = RunId::new(format!("run{run}")).unwrap();
        let row = run::Row::from(run::Run { id, state: run::Queued });
        self.runs.push(Run { row, sprint, strategy, branch, previous });
        self.born(Thing::Run(run), Status::Queued.word(), &Who::person());
        run
    }

    fn hand_out_batch(&mut self, run: usize) {
        let branch = self.runs[run].branch.clone();
        let repo = "https://forge/a.git".to_owned();
        self.add_job(Kind::SprintImplementation, None, Some(run), 0, repo, branch, &Who::person());
    }
}
