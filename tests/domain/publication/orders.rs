//! Whatever the order in which jobs end, effects are tried and a forge merges, a publication comes to the same end.

use sprintgate::domain::commit::CommitId;
use sprintgate::domain::pull_request::ForgeState;
use sprintgate::domain::run::PrStrategy;

use super::commit;
use super::world::{End, World, ends, world};

const STORIES: &[&[End]] = &[
    &[End::Done('a')],
    &[End::Done('a'), End::Done('b')],
    &[End::Done('a'), End::DoneWithoutACommit],
    &[End::DoneWithoutACommit, End::Done('a')],
    &[End::Done('a'), End::Done('b'), End::DoneWithoutACommit, End::Done('c')],
];

fn last_commit(script: &[End]) -> CommitId {
    let letter = |end: &End| if let End::Done(letter) = end { Some(*letter) } else { None };
    commit(script.iter().rev().find_map(letter).unwrap())
}

#[test]
fn defect_027_a_done_story_is_merged_at_its_last_commit_in_whatever_order() {
    for script in STORIES {
        let last = Some(last_commit(script));
        let ends = ends(world(PrStrategy::Story, script), |world| {
            // Nothing is merged before the story is done, and nothing but what was verified last.
            if let Some(merged) = world.pr.as_ref().and_then(|pr| pr.merged.clone()) {
                assert!(world.script.is_empty() && Some(&merged) == last.as_ref(), "{world:?}");
            }
            assert!(world.opened <= 1, "{world:?}");
        });
        for end in ends {
            let pr = end.pr.clone().unwrap();
            assert_eq!((pr.state, &pr.merged, pr.draft), (ForgeState::Merged, &last, false), "{end:?}");
            assert_eq!((end.row.status.to_string(), end.opened), ("MERGED".into(), 1), "{end:?}");
            assert!(end.lane.is_empty() && end.script.is_empty(), "{end:?}");
        }
    }
}

#[test]
fn a_story_that_is_reopened_is_merged_when_it_is_done_again_and_not_before() {
    for (script, later) in [
        (&[End::Done('a')][..], &[End::DoneWithoutACommit][..]),
        (&[End::Done('a'), End::DoneWithoutACommit], &[End::DoneWithoutACommit]),
        (&[End::Done('a')], &[End::DoneWithoutACommit, End::DoneWithoutACommit]),
    ] {
        let start = World { later: later.to_vec(), ..world(PrStrategy::Story, script) };
        let ends = ends(start, |world| {
            assert!(world.opened <= 1, "{world:?}");
            let pr = world.pr.as_ref();
            // What was withdrawn, and is not on its way, is at the forge no more.
            if !world.row.status.is_asked() && world.lane.is_empty() {
                assert!(pr.is_none_or(|pr| pr.scheduled.is_none() || pr.merged.is_some()), "{world:?}");
            }
        });
        for end in ends {
            let pr = end.pr.clone().unwrap();
            assert_eq!((pr.state, pr.merged, pr.draft), (ForgeState::Merged, Some(commit('a')), false));
            assert_eq!((end.row.status.to_string(), end.opened), ("MERGED".into(), 1));
        }
    }
}

#[test]
fn a_story_that_is_reopened_and_not_done_again_is_merged_by_nobody() {
    let start = World { later: vec![End::Failed], ..world(PrStrategy::Story, &[End::Done('a')]) };
    let mut open = 0;
    for end in ends(start, |_| {}) {
        let pr = end.pr.clone().unwrap();
        // Either it was merged before the withdrawal came to the forge, or it waits for people.
        if pr.merged.is_some() {
            assert_eq!(end.row.status.to_string(), "MERGED", "{end:?}");
        } else {
            open += 1;
            assert_eq!((end.row.status.to_string(), pr.scheduled), ("PR_OPENED".into(), None), "{end:?}");
        }
    }
    assert!(open > 0);
}

#[test]
fn a_done_sprint_is_ready_for_people_in_whatever_order() {
    for strategy in [PrStrategy::Sprint, PrStrategy::SprintBatch] {
        for script in STORIES {
            let ends = ends(world(strategy, script), |world| {
                assert!(world.pr.as_ref().is_none_or(|pr| pr.scheduled.is_none()), "{world:?}");
            });
            for end in ends {
                let pr = end.pr.clone().unwrap();
                assert_eq!((pr.state, pr.draft), (ForgeState::Open, false), "{end:?}");
                assert_eq!(
                    (end.row.status.to_string(), end.opened),
                    ("READY_FOR_REVIEW".into(), 1),
                    "{end:?}"
                );
                assert_eq!(end.row.head, Some(last_commit(script)));
            }
        }
    }
}

#[test]
fn protected_paths_are_handed_over_with_one_comment_and_never_merged() {
    for script in STORIES {
        let start = World { protected: true, ..world(PrStrategy::Story, script) };
        let ends = ends(start, |world| {
            assert!(world.pr.as_ref().is_none_or(|pr| pr.scheduled.is_none()), "{world:?}");
        });
        for end in ends {
            let pr = end.pr.clone().unwrap();
            assert_eq!((pr.state, pr.draft, end.comments), (ForgeState::Open, false, 1), "{end:?}");
            assert_eq!((end.row.status.to_string(), end.opened), ("PR_OPENED".into(), 1), "{end:?}");
        }
    }
}

#[test]
fn what_a_cascade_undoes_is_open_nowhere_in_the_end() {
    for strategy in [PrStrategy::Story, PrStrategy::Sprint] {
        for script in [
            &[End::Done('a'), End::FailedAndUndone][..],
            &[End::Done('a'), End::Done('b'), End::FailedAndUndone],
        ] {
            for end in ends(world(strategy, script), |_| {}) {
                match &end.pr {
                    // The failure came first: none was opened.
                    None => assert_eq!(
                        (end.row.status.to_string(), end.opened),
                        ("BRANCH_PUSHED".into(), 0),
                        "{end:?}"
                    ),
                    Some(pr) => {
                        assert_eq!(
                            (pr.state, end.row.status.to_string()),
                            (ForgeState::Closed, "CLOSED".into()),
                            "{end:?}"
                        );
                    }
                }
            }
        }
    }
}
