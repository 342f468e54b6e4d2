//! When an attempt may move its branch: cases by hand, and random branches against a second telling of the rule.

use std::collections::{HashMap, HashSet};

use proptest::collection::vec;
use proptest::prelude::*;
use sprintgate::domain::attempt::Status;
use sprintgate::domain::branch::{Conflict, Lease, Sent, lease};
use sprintgate::domain::commit::CommitId;

const DEAD: [Status; 5] =
    [Status::Failed, Status::GivenBack, Status::Expired, Status::Skipped, Status::Cancelled];

fn id(name: u8) -> CommitId {
    CommitId::new(format!("{name:040x}")).unwrap()
}

/// What an attempt in that status sent, that began at `start`.
fn sent(commit: u8, status: Status, start: Option<u8>) -> Sent {
    Sent { commit: id(commit), status, own: false, start: start.map(id) }
}

/// The lease of a branch found at `found`, for an attempt that began at `expected` and has `behind` in its history.
fn asked(found: Option<u8>, expected: Option<u8>, sent: &[Sent], behind: &[u8]) -> Lease {
    let (found, expected) = (found.map(id), expected.map(id));
    lease(found.as_ref(), expected.as_ref(), sent, |commit| behind.iter().any(|name| id(*name) == *commit))
}

#[test]
fn a_branch_that_nobody_moved_is_moved() {
    assert_eq!(asked(Some(1), Some(1), &[], &[1]), Lease::Granted);
    assert_eq!(asked(None, None, &[], &[]), Lease::Granted);
    // Whoever sent the commit that the attempt began at: it is behind the new one.
    assert_eq!(asked(Some(1), Some(1), &[sent(1, Status::Finished, None)], &[1]), Lease::Granted);
    assert_eq!(asked(Some(1), Some(1), &[sent(1, Status::Expired, None)], &[1]), Lease::Granted);
}

#[test]
fn a_persons_commit_stays() {
    assert_eq!(asked(Some(2), Some(1), &[], &[1]), Lease::Refused(Conflict::Moved));
    assert_eq!(asked(Some(2), None, &[], &[]), Lease::Refused(Conflict::Made));
    assert_eq!(asked(None, Some(1), &[], &[1]), Lease::Refused(Conflict::Deleted));
    // What is known of other commits says nothing of this one.
    let other = [sent(3, Status::Expired, Some(1))];
    assert_eq!(asked(Some(2), Some(1), &other, &[1]), Lease::Refused(Conflict::Moved));
}

#[test]
fn what_a_dead_attempt_sent_is_replaced_however_it_ended() {
    for status in DEAD {
        assert_eq!(asked(Some(2), Some(1), &[sent(2, status, Some(1))], &[1]), Lease::Replaces, "{status}");
        assert_eq!(asked(Some(2), None, &[sent(2, status, None)], &[]), Lease::Replaces, "{status}");
    }
}

#[test]
fn what_a_finished_or_a_living_attempt_sent_stays() {
    for status in [Status::Finished, Status::Held] {
        let refused = Lease::Refused(Conflict::Moved);
        assert_eq!(asked(Some(2), Some(1), &[sent(2, status, Some(1))], &[1]), refused, "{status}");
        // A dead attempt sent it too, before this one took it on.
        let both = [sent(2, Status::Expired, Some(1)), sent(2, status, Some(2))];
        assert_eq!(asked(Some(2), Some(1), &both, &[1]), refused, "{status}");
    }
}

#[test]
fn what_the_attempt_sent_itself_is_its_own() {
    let own = |status| [Sent { own: true, ..sent(2, status, Some(1)) }];
    assert_eq!(asked(Some(2), Some(1), &own(Status::Held), &[1]), Lease::Granted);
    assert_eq!(asked(Some(2), Some(1), &own(Status::Finished), &[1]), Lease::Refused(Conflict::Moved));
    // An attempt before it had sent it as well.
    let both = [sent(2, Status::Expired, Some(1)), own(Status::Held)[0].clone()];
    assert_eq!(asked(Some(2), Some(1), &both, &[1]), Lease::Granted);
}

#[test]
fn nothing_that_was_published_before_is_lost() {
    assert_eq!(asked(Some(1), Some(1), &[], &[]), Lease::Refused(Conflict::Drops));
    let dead = [sent(2, Status::Expired, Some(1))];
    assert_eq!(asked(Some(2), Some(3), &dead, &[1]), Lease::Refused(Conflict::Drops));
    // The dead attempt began at work that the new commit does not have.
    assert_eq!(asked(Some(2), Some(3), &dead, &[3]), Lease::Refused(Conflict::Moved));
    let on_finished = [sent(2, Status::Expired, Some(1)), sent(1, Status::Finished, Some(3))];
    assert_eq!(asked(Some(2), Some(3), &on_finished, &[3]), Lease::Refused(Conflict::Moved));
}

#[test]
fn dead_work_on_dead_work_gives_way_down_to_what_is_behind() {
    let tower = [
        sent(4, Status::Cancelled, Some(3)),
        sent(3, Status::Expired, Some(2)),
        sent(2, Status::Failed, Some(1)),
    ];
    assert_eq!(asked(Some(4), Some(1), &tower, &[1]), Lease::Replaces);
    // A storey that a person or a finished attempt built holds what stands on it.
    assert_eq!(
        asked(Some(4), Some(1), &[tower[0].clone(), tower[2].clone()], &[1]),
        Lease::Refused(Conflict::Moved)
    );
    let held = [tower[0].clone(), sent(3, Status::Finished, Some(2)), tower[2].clone()];
    assert_eq!(asked(Some(4), Some(1), &held, &[1]), Lease::Refused(Conflict::Moved));
    // An attempt that took on what it found, and sent it again, began where it ended.
    let circle = [
        sent(2, Status::Expired, Some(2)),
        sent(2, Status::Expired, Some(3)),
        sent(3, Status::Expired, Some(2)),
    ];
    assert_eq!(asked(Some(2), Some(1), &circle, &[1]), Lease::Refused(Conflict::Moved));
    let way_out = [&circle[..], &[sent(3, Status::Expired, Some(1))]].concat();
    assert_eq!(asked(Some(2), Some(1), &way_out, &[1]), Lease::Replaces);
}

#[test]
fn a_refusal_says_why() {
    for (conflict, words) in [
        (Conflict::Made, "the branch was made on the remote by somebody else"),
        (Conflict::Moved, "the branch was moved on the remote by somebody else"),
        (Conflict::Deleted, "the branch was deleted on the remote"),
        (Conflict::Drops, "the commit lacks commits that are published"),
    ] {
        assert_eq!(conflict.to_string(), words);
    }
}

/// The rule once more: the commits that give way, as the least set that the rule's sentence allows.
fn giving_way(sent: &[Sent], behind: &HashSet<CommitId>) -> HashSet<CommitId> {
    let mut by_commit: HashMap<&CommitId, Vec<&Sent>> = HashMap::new();
    for one in sent {
        by_commit.entry(&one.commit).or_default().push(one);
    }
    let spent = |one: &&Sent| DEAD.contains(&one.status) || (one.own && one.status == Status::Held);
    by_commit.retain(|_, senders| senders.iter().all(spent));
    let mut giving = HashSet::new();
    loop {
        let more: HashSet<CommitId> = by_commit
            .iter()
            .filter(|(_, senders)| {
                let leads = |one: &&Sent| match &one.start {
                    None => true,
                    Some(start) => behind.contains(start) || giving.contains(start),
                };
                senders.iter().any(leads)
            })
            .map(|(commit, _)| (*commit).clone())
            .collect();
        if more == giving {
            return giving;
        }
        giving = more;
    }
}

fn any_sent() -> impl Strategy<Value = Sent> {
    let status =
        prop_oneof![Just(Status::Held), Just(Status::Finished), Just(Status::Expired), Just(Status::Failed)];
    let own = prop_oneof![4 => Just(false), 1 => Just(true)];
    (1_u8..6, status, own, prop::option::weighted(0.9, 0_u8..6))
        .prop_map(|(commit, status, own, start)| Sent { own, ..sent(commit, status, start) })
}

proptest! {
    #[test]
    fn the_lease_is_what_the_rule_says(
        found in prop::option::weighted(0.9, 0_u8..6),
        expected in prop::option::weighted(0.8, 0_u8..6),
        sent in vec(any_sent(), 0..7),
        behind in prop::collection::hash_set(0_u8..6, 0..4),
    ) {
        let (found, expected) = (found.map(id), expected.map(id));
        let behind: HashSet<CommitId> = behind.into_iter().map(id).collect();
        let got = lease(found.as_ref(), expected.as_ref(), &sent, |commit| behind.contains(commit));
        let may = match &found {
            _ if found == expected => true,
            Some(tip) => giving_way(&sent, &behind).contains(tip),
            None => false,
        } && expected.as_ref().is_none_or(|expected| behind.contains(expected));
        prop_assert_eq!(!matches!(got, Lease::Refused(_)), may);
        let own = sent.iter().any(|one| one.own && Some(&one.commit) == found.as_ref());
        prop_assert_eq!(got == Lease::Replaces, may && found != expected && !own);
    }
}
