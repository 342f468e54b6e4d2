//! The story machine a second time, and each of its shifts derived once.

use sprintgate::domain::backlog::story::{Status, derive, level};
use sprintgate::domain::machine::Word;
use sprintgate::domain::task::Status as Task;

use super::proof::{every_edge_is_one_move, matrix, shifted};

#[test]
fn the_matrix() {
    matrix(
        "story",
        "
        OPEN      derive IN_SPRINT
        OPEN      derive DONE
        OPEN      derive FAILED
        IN_SPRINT derive OPEN
        IN_SPRINT derive DONE
        IN_SPRINT derive FAILED
        DONE      derive OPEN
        DONE      derive IN_SPRINT
        DONE      derive FAILED
        FAILED    derive OPEN
        FAILED    derive IN_SPRINT
        FAILED    derive DONE
        ",
    );
}

/// Tasks, and what their story is then: without a sprint, and in one.
const LEVELS: &[(&[Task], Status, Status)] = &[
    (&[], Status::Open, Status::InSprint),
    (&[Task::ToDo], Status::Open, Status::InSprint),
    (&[Task::InProgress], Status::Open, Status::InSprint),
    (&[Task::Review], Status::Open, Status::InSprint),
    (&[Task::Done], Status::Done, Status::Done),
    (&[Task::Done, Task::Done], Status::Done, Status::Done),
    (&[Task::Done, Task::Excluded], Status::Done, Status::Done),
    (&[Task::Excluded], Status::Open, Status::InSprint),
    (&[Task::Excluded, Task::Excluded], Status::Open, Status::InSprint),
    (&[Task::Excluded, Task::ToDo], Status::Open, Status::InSprint),
    (&[Task::Done, Task::ToDo], Status::Open, Status::InSprint),
    (&[Task::Done, Task::InProgress], Status::Open, Status::InSprint),
    (&[Task::Done, Task::Review], Status::Open, Status::InSprint),
    (&[Task::Failed], Status::Failed, Status::Failed),
    (&[Task::Failed, Task::Excluded], Status::Failed, Status::Failed),
    (&[Task::Done, Task::Failed, Task::ToDo], Status::Failed, Status::Failed),
];

#[test]
fn a_story_is_what_its_tasks_are() {
    for (tasks, alone, planned) in LEVELS {
        assert_eq!((level(tasks, false), level(tasks, true)), (*alone, *planned), "{tasks:?}");
    }
}

#[test]
fn every_edge_is_derived() {
    let mut all = Vec::new();
    for now in Status::ALL {
        for (tasks, alone, planned) in LEVELS {
            for (in_sprint, want) in [(false, alone), (true, planned)] {
                let shift = derive(*now, tasks, in_sprint);
                assert_eq!(shift.map_or(*now, |shift| shift.to()), *want, "{now} {tasks:?}");
                assert_eq!(derive(*want, tasks, in_sprint), None, "said again, nothing changes");
                all.extend(shift.iter().map(|shift| shifted("derive", shift)));
            }
        }
    }
    every_edge_is_one_move("story", "backlog/story", &all);
}
