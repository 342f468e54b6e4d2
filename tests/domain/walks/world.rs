//! What there is in the world of a walk: rows as a database would keep them, a ledger, and a clock.

use sprintgate::domain::actor::ActorKind;
use sprintgate::domain::backlog::{pbi, sprint, story};
use sprintgate::domain::gate::{Evidence, Policy};
use sprintgate::domain::id::{JobId, TokenId};
use sprintgate::domain::job::{self, Kind};
use sprintgate::domain::machine::Word;
use sprintgate::domain::run::{self, PrStrategy};
use sprintgate::domain::time::Timestamp;
use sprintgate::domain::{attempt, task};

/// When every walk begins.
pub(super) const T0: Timestamp = Timestamp(1_000_000);
/// Worker, and the token that it shows: the first two share one.
pub(super) const WORKERS: [(&str, &str); 3] = [("w0", "tok0"), ("w1", "tok0"), ("w2", "tok1")];

/// The whole world. A story, task, job and so on is named by its place in its list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct World {
    pub(super) now: Timestamp,
    /// Transactions so far; the ledger's rows of one transaction carry the same number.
    pub(super) step: u32,
    pub(super) strategy: PrStrategy,
    pub(super) cascade_on_infrastructure: bool,
    pub(super) pbis: Vec<pbi::Status>,
    pub(super) sprints: Vec<sprint::Status>,
    pub(super) stories: Vec<Story>,
    pub(super) tasks: Vec<Task>,
    pub(super) runs: Vec<Run>,
    pub(super) jobs: Vec<Job>,
    pub(super) attempts: Vec<Attempt>,
    pub(super) pushes: Vec<Push>,
    pub(super) ledger: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Story {
    pub(super) pbi: usize,
    pub(super) sprint: Option<usize>,
    pub(super) status: story::Status,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Task {
    pub(super) story: usize,
    pub(super) status: task::Status,
    pub(super) plan: String,
    pub(super) policy: Policy,
    pub(super) repo: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) row: run::Row,
    pub(super) sprint: usize,
    pub(super) strategy: PrStrategy,
    /// Where its jobs work when they share one branch, as text, as a database keeps it.
    pub(super) branch: Option<String>,
    pub(super) previous: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Job {
    pub(super) row: job::Row,
    pub(super) task: Option<usize>,
    pub(super) run: Option<usize>,
    pub(super) sequence: usize,
    pub(super) repo: String,
    pub(super) branch: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attempt {
    pub(super) job: usize,
    pub(super) row: attempt::Row,
    pub(super) evidence: Option<Evidence>,
}

/// A commit that was put on a branch of the remote repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Push {
    pub(super) repo: String,
    pub(super) branch: String,
    pub(super) commit: String,
    pub(super) job: usize,
}

/// Which thing a row of the ledger is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    Job(usize),
    /// Job and number.
    Attempt(usize, u32),
    Run(usize),
    Task(usize),
    Story(usize),
    Pbi(usize),
    Sprint(usize),
}

/// Who does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Who {
    pub(super) kind: ActorKind,
    pub(super) token: Option<TokenId>,
    pub(super) attempt: Option<u32>,
}

/// A row of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) step: u32,
    pub(super) at: Timestamp,
    pub(super) thing: Thing,
    pub(super) seq: u32,
    pub(super) from: Option<&'static str>,
    pub(super) event: &'static str,
    pub(super) to: &'static str,
    pub(super) who: Who,
}

/// How a world begins: what `generate` draws.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    pub(super) strategy: PrStrategy,
    pub(super) cascade_on_infrastructure: bool,
    /// Backlog item and sprint of each story.
    pub(super) stories: Vec<(usize, Option<usize>)>,
    /// Story of each task, and whether it works in the second repository.
    pub(super) tasks: Vec<(usize, bool)>,
}

impl Thing {
    pub(super) fn machine(self) -> &'static str {
        match self {
            Self::Job(_) => "job",
            Self::Attempt(..) => "attempt",
            Self::Run(_) => "sprint_run",
            Self::Task(_) => "task",
            Self::Story(_) => "story",
            Self::Pbi(_) => "pbi",
            Self::Sprint(_) => "sprint",
        }
    }
}

impl Who {
    pub(super) fn system() -> Self {
        Self { kind: ActorKind::System, token: None, attempt: None }
    }

    pub(super) fn person() -> Self {
        Self { kind: ActorKind::Human, token: None, attempt: None }
    }

    pub(super) fn agent(token: &TokenId, attempt: u32) -> Self {
        Self { kind: ActorKind::Agent, token: Some(token.clone()), attempt: Some(attempt) }
    }
}

impl World {
    /// A world in which nothing happened yet: two backlog items, two sprints, a job of an idea.
    pub(super) fn new(shape: &Shape) -> Self {
        let mut world = Self {
            now: T0,
            step: 1,
            strategy: shape.strategy,
            cascade_on_infrastructure: shape.cascade_on_infrastructure,
            pbis: vec![pbi::Status::Ready; 2],
            sprints: vec![sprint::Status::Open; 2],
            stories: Vec::new(),
            tasks: Vec::new(),
            runs: Vec::new(),
            jobs: Vec::new(),
            attempts: Vec::new(),
            pushes: Vec::new(),
            ledger: Vec::new(),
        };
        let person = Who::person();
        for n in 0..2 {
            world.born(Thing::Pbi(n), pbi::Status::Ready.word(), &person);
            world.born(Thing::Sprint(n), sprint::Status::Open.word(), &person);
        }
        for (n, (pbi, sprint)) in shape.stories.iter().enumerate() {
            let status = if sprint.is_some() { story::Status::InSprint } else { story::Status::Open };
            world.stories.push(Story { pbi: *pbi, sprint: *sprint, status });
            world.born(Thing::Story(n), status.word(), &person);
        }
        for (n, (story, elsewhere)) in shape.tasks.iter().enumerate() {
            let repo = if *elsewhere { "https://forge/b.git" } else { "https://forge/a.git" };
            world.tasks.push(Task {
                story: *story,
                status: task::Status::ToDo,
                plan: format!("- `src/{n}.rs`"),
                policy: Policy::default(),
                repo: repo.to_owned(),
            });
            world.born(Thing::Task(n), task::Status::ToDo.word(), &person);
        }
        world.add_job(Kind::PlanChat, None, None, 0, String::new(), None, &person);
        world
    }

    /// Adds a job to the queue.
    #[allow(clippy::too_many_arguments, reason = "a row has many columns")]
    pub(super) fn add_job(
        &mut self,
        kind: Kind,
        task: Option<usize>,
        run: Option<usize>,
        sequence: usize,
        repo: String,
        branch: Option<String>,
        who: &Who,
    ) {
        let id = JobId::new(format!("job{}", self.jobs.len())).unwrap();
        let state = job::Queued { not_before: self.now };
        let row = job::Row::from(job::Job { id, kind, attempt: 0, state });
        self.jobs.push(Job { row, task, run, sequence, repo, branch });
        self.born(Thing::Job(self.jobs.len() - 1), job::Status::Queued.word(), who);
    }

    pub(super) fn job_of(&self, id: &JobId) -> usize {
        self.jobs.iter().position(|job| &job.row.id == id).unwrap()
    }

    /// The backlog item above a job's task.
    pub(super) fn pbi_of(&self, job: usize) -> Option<usize> {
        self.jobs[job].task.map(|task| self.stories[self.tasks[task].story].pbi)
    }

    pub(super) fn open_job_of_task(&self, task: usize) -> Option<usize> {
        self.jobs.iter().position(|job| job.task == Some(task) && !job.row.status.is_terminal())
    }

    pub(super) fn live_run(&self, sprint: usize) -> Option<usize> {
        self.runs.iter().position(|run| run.sprint == sprint && !run.row.status.is_terminal())
    }

    /// The open job before this one on its branch.
    pub(super) fn ahead_of(&self, job: usize) -> Option<usize> {
        let this = &self.jobs[job];
        let branch = this.branch.as_ref()?;
        let run = this.run?;
        let ahead = self.jobs.iter().enumerate().filter(|(n, other)| {
            other.run == Some(run)
                && other.repo == this.repo
                && other.branch.as_ref() == Some(branch)
                && !other.row.status.is_terminal()
                && (other.sequence, *n) < (this.sequence, job)
        });
        ahead.min_by_key(|(n, other)| (other.sequence, *n)).map(|(n, _)| n)
    }

    /// The job that is held on this one's branch, of whatever run.
    pub(super) fn held_beside(&self, job: usize) -> Option<usize> {
        let this = &self.jobs[job];
        let branch = this.branch.as_ref()?;
        self.jobs.iter().enumerate().position(|(n, other)| {
            n != job
                && other.row.status.is_held()
                && other.repo == this.repo
                && other.branch.as_ref() == Some(branch)
        })
    }

    /// How many jobs of a run are where.
    pub(super) fn tally(&self, run: usize) -> run::Tally {
        let mut tally = run::Tally::default();
        for job in self.jobs.iter().filter(|job| job.run == Some(run)) {
            let skipped = job.row.end_cause == Some(job::EndCause::Skipped);
            *match job.row.status {
                job::Status::Queued | job::Status::Claimed | job::Status::Running => &mut tally.open,
                job::Status::Done => &mut tally.done,
                job::Status::Failed => &mut tally.failed,
                job::Status::Cancelled if skipped => &mut tally.skipped,
                job::Status::Cancelled => &mut tally.cancelled,
            } += 1;
        }
        tally
    }
}
