//! Roll-up: whole matrices, by hand.

use sprintgate::domain::backlog::{pbi, sprint, story};
use sprintgate::domain::machine::Word;
use sprintgate::domain::rollup::*;
use sprintgate::domain::task::Status as T;

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
