//! The law: every machine in one list, from which documents and databases are made.
//!
//! ```
//! use sprintgate::domain::law;
//! use sprintgate::domain::machine::{Edge, Who};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let machines = law::machines();
//! let job = machines.iter().find(|machine| machine.name == "job").ok_or("no jobs")?;
//! assert_eq!(job.ends().collect::<Vec<_>>(), ["DONE", "FAILED", "CANCELLED"]);
//!
//! let edge = job.edges.first().ok_or("no edges")?;
//! assert_eq!(edge.to_string(), "job: QUEUED -claim-> CLAIMED");
//! let clause = job.clause(edge).ok_or("no clause")?;
//! assert_eq!((clause.by_move, &clause.who[..]), ("claim", &[Who::Worker][..]));
//!
//! // A story changes with its tasks, and by nobody's will.
//! assert!(machines.iter().any(|machine| machine.name == "story" && machine.is_derived()));
//! let of_stories = |edge: &&Edge| edge.machine == "story";
//! assert!(law::law().iter().filter(of_stories).all(|edge| edge.event == "derive"));
//! # Ok(())
//! # }
//! ```

use super::machine::{Clause, Edge, Transition, Who, Word};
use super::{
    attempt, backlog, effect, execution, idea, job, pull_request, question, run, task, worker, worktree,
};

/// A machine with its types forgotten, as the documents show it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Machine {
    /// Its name, in tables, ledger and documents.
    pub name: &'static str,
    /// The table of the database whose `status` it is.
    pub table: &'static str,
    /// What it is about, in a sentence.
    pub about: &'static str,
    /// The states in their order.
    pub states: Vec<Meaning>,
    /// The events in their order.
    pub events: Vec<Meaning>,
    /// The states that a thing may be born in.
    pub born: Vec<&'static str>,
    /// The edges, in the order of the table.
    #[serde(rename = "transitions")]
    pub edges: Vec<Edge>,
    /// Each move in words; one for each event and state that it leads to.
    pub clauses: Vec<Words>,
}

impl Machine {
    /// Nobody moves it at will: it is computed from what lies beneath it whenever that changes.
    #[must_use]
    pub fn is_derived(&self) -> bool {
        self.events.iter().any(|event| event.word == "derive")
    }

    /// The states that nothing leads out of.
    pub fn ends(&self) -> impl Iterator<Item = &'static str> {
        let ends = |state: &&Meaning| self.edges.iter().all(|edge| edge.from != state.word);
        self.states.iter().filter(ends).map(|state| state.word)
    }

    /// The clause of an edge, once it has been written.
    #[must_use]
    pub fn clause(&self, edge: &Edge) -> Option<&Words> {
        self.clauses.iter().find(|clause| clause.event == edge.event && clause.to == edge.to)
    }
}

/// A word and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Meaning {
    /// The spelling.
    pub word: &'static str,
    /// The meaning.
    pub meaning: &'static str,
}

/// A clause with its types forgotten.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Words {
    /// The event.
    pub event: &'static str,
    /// The state after.
    pub to: &'static str,
    /// The method or function that makes the move.
    pub by_move: &'static str,
    /// Who may fire it.
    pub who: Vec<Who>,
    /// When it is legal, besides being in the right state.
    pub when: &'static str,
    /// What is written besides the status and its ledger row.
    pub writes: &'static str,
    /// The events that people and programs see.
    pub emits: &'static str,
}

/// The machines, as tables, ledger and documents name them.
pub const MACHINES: &[&str] = &[
    "job",
    "attempt",
    "sprint_run",
    "task_execution",
    "task",
    "story",
    "pbi",
    "sprint",
    "idea",
    "question",
    "pull_request",
    "worktree",
    "worker",
    "effect",
];

macro_rules! machine {
    ($name:literal, $module:path, $table:literal, $about:literal) => {{
        use $module as it;
        machine::<it::Status, it::Event>($name, $table, $about, it::BORN, it::TRANSITIONS, it::CLAUSES)
    }};
}

/// Every machine, in the order of [`MACHINES`].
#[must_use]
pub fn machines() -> Vec<Machine> {
    vec![
        machine!("job", job, "claude_jobs", "One piece of work for an agent, from the queue to its end."),
        machine!("attempt", attempt, "attempts", "One claim of one job; its number fences every write."),
        machine!("sprint_run", run, "sprint_runs", "One go at a sprint: it hands out the jobs."),
        machine!(
            "task_execution",
            execution,
            "sprint_task_executions",
            "One task of a job that implements a whole sprint."
        ),
        machine!("task", task, "tasks", "What a person plans and a job carries out."),
        machine!("story", backlog::story, "stories", "Derived from its tasks, by level and reversibly."),
        machine!(
            "pbi",
            backlog::pbi,
            "pbis",
            "A product backlog item; derived from its stories, but for BLOCKED."
        ),
        machine!("sprint", backlog::sprint, "sprints", "Derived from its stories, but for ARCHIVED."),
        machine!("idea", idea, "ideas", "What people think of, questioned, planned and reviewed by jobs."),
        machine!("question", question, "claude_questions", "What an agent asks a person."),
        machine!("pull_request", pull_request, "pull_requests", "The publication of a branch, to its merge."),
        machine!("worktree", worktree, "worktrees", "An attempt's hold on a worktree and its locks."),
        machine!("worker", worker, "claude_workers", "Whether a worker process is there."),
        machine!("effect", effect, "effects", "One thing to be done outside of the database."),
    ]
}

fn machine<S: Word, E: Word>(
    name: &'static str,
    table: &'static str,
    about: &'static str,
    born: &[S],
    transitions: &[Transition<S, E>],
    clauses: &[Clause<S, E>],
) -> Machine {
    fn meanings<W: Word>() -> Vec<Meaning> {
        W::ALL.iter().map(|w| Meaning { word: w.word(), meaning: w.meaning() }).collect()
    }
    let edge = |t: &Transition<S, E>| Edge {
        machine: name,
        from: t.from.word(),
        event: t.on.word(),
        to: t.to.word(),
    };
    let words = |c: &Clause<S, E>| Words {
        event: c.on.word(),
        to: c.to.word(),
        by_move: c.by_move,
        who: c.who.to_vec(),
        when: c.when,
        writes: c.writes,
        emits: c.emits,
    };
    Machine {
        name,
        table,
        about,
        states: meanings::<S>(),
        events: meanings::<E>(),
        born: born.iter().map(|s| s.word()).collect(),
        edges: transitions.iter().map(edge).collect(),
        clauses: clauses.iter().map(words).collect(),
    }
}

/// Every edge of every machine, in the order of [`MACHINES`] and of each table.
#[must_use]
pub fn law() -> Vec<Edge> {
    machines().into_iter().flat_map(|machine| machine.edges).collect()
}
