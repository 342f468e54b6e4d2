//! The sprint machine a second time, and each of its shifts made once.

use sprintgate::domain::backlog::sprint::{Status, archive, derive, level};
use sprintgate::domain::backlog::story::Status as Story;
use sprintgate::domain::machine::Word;

use super::proof::{every_edge_is_one_move, matrix, shifted};

#[test]
fn the_matrix() {
    matrix(
        "sprint",
        "
        OPEN   derive  CLOSED
        OPEN   derive  FAILED
        OPEN   archive ARCHIVED
        CLOSED derive  OPEN
        CLOSED derive  FAILED
        CLOSED archive ARCHIVED
        FAILED derive  OPEN
        FAILED derive  CLOSED
        FAILED archive ARCHIVED
        ",
    );
}

/// Stories, and what their sprint is then, unless it is ARCHIVED.
const LEVELS: &[(&[Story], Status)] = &[
    (&[], Status::Open),
    (&[Story::InSprint], Status::Open),
    (&[Story::Open], Status::Open),
    (&[Story::Done], Status::Closed),
    (&[Story::Done, Story::Done], Status::Closed),
    (&[Story::Done, Story::InSprint], Status::Open),
    (&[Story::Failed], Status::Failed),
    (&[Story::Done, Story::Failed], Status::Failed),
    (&[Story::Failed, Story::InSprint], Status::Failed),
];

#[test]
fn every_edge_is_one_shift() {
    let mut all = Vec::new();
    for now in Status::ALL {
        for (stories, derived) in LEVELS {
            let want = if *now == Status::Archived { Status::Archived } else { *derived };
            assert_eq!(level(*now, stories), want, "{now} {stories:?}");
            let shift = derive(*now, stories);
            assert_eq!(shift.map_or(*now, |shift| shift.to()), want, "{now} {stories:?}");
            assert_eq!(derive(want, stories), None, "said again, nothing changes");
            all.extend(shift.iter().map(|shift| shifted("derive", shift)));
        }
        all.extend(archive(*now).iter().map(|shift| shifted("archive", shift)));
    }
    every_edge_is_one_move("sprint", "backlog/sprint", &all);
}

#[test]
fn what_was_put_away_stays_away() {
    let refused = archive(Status::Archived).unwrap_err();
    assert_eq!(refused.to_string(), "sprint status ARCHIVED has no `archive`; legal: nothing");
}
