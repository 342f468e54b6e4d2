//! Roll-up and what a job does to its task: whole matrices, by hand.

use sprintgate::domain::backlog::{pbi, sprint, story};
use sprintgate::domain::job;
use sprintgate::domain::machine::Word;
use sprintgate::domain::rollup::*;
use sprintgate::domain::task::{self, Status as T};

#[test]
fn a_story_is_what_its_tasks_are() {
    use story::Status::*;
    let rows: Vec<(&[T], story::Status, story::Status)> = vec![
        (&[], Open, InSprint),
        (&[T::ToDo], Open, InSprint),
        (&[T::Done], Done, Done),
        (&[T::Done, T::Done], Done, Done),
        (&[T::Done, T::Excluded], Done, Done),
        (&[T::Excluded], Open, InSprint),
        (&[T::Excluded, T::Excluded], Open, InSprint),
        (&[T::Done, T::ToDo], Open, InSprint),
        (&[T::Done, T::InProgress], Open, InSprint),
        (&[T::Done, T::Review], Open, InSprint),
        (&[T::Failed], Failed, Failed),
        (&[T::Done, T::Failed, T::ToDo], Failed, Failed),
    ];
    for (tasks, alone, planned) in rows {
        assert_eq!((story_status(tasks, false), story_status(tasks, true)), (alone, planned), "{tasks:?}");
    }
}

#[test]
fn a_backlog_item_and_a_sprint_are_what_their_stories_are() {
    use story::Status::*;
    let rows: Vec<(&[story::Status], pbi::Status, sprint::Status)> = vec![
        (&[], pbi::Status::Ready, sprint::Status::Open),
        (&[Open], pbi::Status::Ready, sprint::Status::Open),
        (&[Done], pbi::Status::Done, sprint::Status::Closed),
        (&[Done, Done], pbi::Status::Done, sprint::Status::Closed),
        (&[Done, InSprint], pbi::Status::Ready, sprint::Status::Open),
        (&[Done, Failed], pbi::Status::Failed, sprint::Status::Failed),
    ];
    for (stories, item, run) in rows {
        for now in pbi::Status::ALL {
            let want = if *now == pbi::Status::Blocked { pbi::Status::Blocked } else { item };
            assert_eq!(pbi_status(*now, stories), want, "{now} {stories:?}");
        }
        for now in sprint::Status::ALL {
            let want = if *now == sprint::Status::Archived { sprint::Status::Archived } else { run };
            assert_eq!(sprint_status(*now, stories), want, "{now} {stories:?}");
        }
    }
}

#[test]
fn deriving_twice_changes_nothing_the_second_time() {
    for now in story::Status::ALL {
        let first = story(*now, &[T::Done], true).map_or(*now, |shift| shift.to());
        assert_eq!(first, story::Status::Done);
        assert!(story(first, &[T::Done], true).is_none());
    }
}

/// A row a job's move; a column a task's status before; the cell its status after (`.` stays).
const FOLLOW: &str = "
             TO_DO       IN_PROGRESS REVIEW      DONE FAILED EXCLUDED
claim=CLAIMED    .           .           .       .    .      .
start=RUNNING    IN_PROGRESS .           IN_PROGRESS . .     .
release=QUEUED   .           TO_DO       TO_DO   .    .      .
release=FAILED   FAILED      FAILED      FAILED  .    .      .
expire=QUEUED    .           TO_DO       TO_DO   .    .      .
expire=FAILED    FAILED      FAILED      FAILED  .    .      .
finish=DONE      DONE        DONE        DONE    .    .      .
fail=FAILED      FAILED      FAILED      FAILED  .    .      .
skip=CANCELLED   .           TO_DO       TO_DO   .    .      .
cancel=CANCELLED .           TO_DO       TO_DO   .    .      .
";

#[test]
fn a_task_follows_its_job() {
    let mut lines = FOLLOW.lines().filter(|line| !line.trim().is_empty());
    let columns: Vec<T> = lines.next().unwrap().split_whitespace().map(|w| T::parse(w).unwrap()).collect();
    let mut cells = 0;
    for line in lines {
        let mut words = line.split_whitespace();
        let (event, to) = words.next().unwrap().split_once('=').unwrap();
        let (event, to) = (job::Event::parse(event).unwrap(), job::Status::parse(to).unwrap());
        for (from, want) in columns.iter().zip(words) {
            let got = task::follow(*from, event, to).map(|shift| shift.to().word());
            assert_eq!(got.unwrap_or("."), want, "{line} from {from}");
            cells += 1;
        }
    }
    assert_eq!(cells, 60);
}
