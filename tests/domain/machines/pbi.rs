//! The backlog-item machine a second time, and each of its shifts made once.

use sprintgate::domain::backlog::pbi::{Status, block, derive, level, unblock};
use sprintgate::domain::backlog::story::Status as Story;
use sprintgate::domain::machine::Word;

use super::proof::{every_edge_is_one_move, matrix, shifted};

#[test]
fn the_matrix() {
    matrix(
        "pbi",
        "
        READY   derive  FAILED
        READY   derive  DONE
        READY   block   BLOCKED
        FAILED  derive  READY
        FAILED  derive  DONE
        FAILED  block   BLOCKED
        DONE    derive  READY
        DONE    derive  FAILED
        DONE    block   BLOCKED
        BLOCKED unblock READY
        ",
    );
}

/// Stories, and what their backlog item is then, unless it is BLOCKED.
const LEVELS: &[(&[Story], Status)] = &[
    (&[], Status::Ready),
    (&[Story::Open], Status::Ready),
    (&[Story::InSprint], Status::Ready),
    (&[Story::Done], Status::Done),
    (&[Story::Done, Story::Done], Status::Done),
    (&[Story::Done, Story::Open], Status::Ready),
    (&[Story::InSprint, Story::Done], Status::Ready),
    (&[Story::Failed], Status::Failed),
    (&[Story::Done, Story::Failed], Status::Failed),
    (&[Story::Failed, Story::Open], Status::Failed),
];

#[test]
fn every_edge_is_one_shift() {
    let mut all = Vec::new();
    for now in Status::ALL {
        for (stories, derived) in LEVELS {
            let want = if *now == Status::Blocked { Status::Blocked } else { *derived };
            assert_eq!(level(*now, stories), want, "{now} {stories:?}");
            let shift = derive(*now, stories);
            assert_eq!(shift.map_or(*now, |shift| shift.to()), want, "{now} {stories:?}");
            assert_eq!(derive(want, stories), None, "said again, nothing changes");
            all.extend(shift.iter().map(|shift| shifted("derive", shift)));
        }
        all.extend(block(*now).iter().map(|shift| shifted("block", shift)));
        all.extend(unblock(*now).iter().map(|shift| shifted("unblock", shift)));
    }
    every_edge_is_one_move("pbi", "backlog/pbi", &all);
}

#[test]
fn only_a_person_holds_back_and_lets_go() {
    let refused = block(Status::Blocked).unwrap_err();
    assert_eq!(refused.to_string(), "backlog item status BLOCKED has no `block`; legal: unblock");
    for now in [Status::Ready, Status::Failed, Status::Done] {
        let refused = unblock(now).unwrap_err();
        assert_eq!((refused.asked, refused.legal), ("unblock", vec!["derive", "block"]), "{now}");
    }
}

#[test]
fn what_was_let_go_is_derived_again() {
    let free = unblock(Status::Blocked).unwrap().to();
    assert_eq!(derive(free, &[Story::Failed, Story::Done]).map(|shift| shift.to()), Some(Status::Failed));
    assert_eq!(derive(free, &[Story::Done]).map(|shift| shift.to()), Some(Status::Done));
    assert_eq!(derive(free, &[Story::Open]), None);
}
