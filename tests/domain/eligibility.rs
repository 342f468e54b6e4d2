//! Claims: every combination of facts against a second list of guards, and what an agent is told to do next.

use proptest::collection::vec;
use proptest::prelude::*;
use sprintgate::domain::eligibility::{Facts, Guard, NotClaimable, check};
use sprintgate::domain::id::{JobId, ProductId};
use sprintgate::domain::job::{Kind, Status};
use sprintgate::domain::machine::Word;
use sprintgate::domain::next_action::{NextAction, next_action};
use sprintgate::domain::run;
use sprintgate::domain::time::Timestamp;

const NOW: Timestamp = Timestamp(1_000);

fn product(id: &str) -> ProductId {
    ProductId::new(id).unwrap()
}

fn claimable() -> Facts {
    Facts {
        yours: true,
        product: product("shop"),
        scope: None,
        product_seen: true,
        status: Status::Queued,
        kind: Kind::TaskImplementation,
        has_context: true,
        run: Some(run::Status::Running),
        ahead: None,
        branch_held_by: None,
        not_before: None,
        now: NOW,
    }
}

/// The guards a second time: the word, and whether it fails. The first that fails is the answer.
fn by_hand(facts: &Facts) -> Option<&'static str> {
    let code = matches!(facts.kind, Kind::TaskImplementation | Kind::SprintImplementation);
    let list = [
        ("is_yours", !facts.yours),
        ("in_scope", facts.scope.as_ref().is_some_and(|scope| scope.as_str() != facts.product.as_str())),
        ("not_ended", ["DONE", "FAILED", "CANCELLED"].contains(&facts.status.word())),
        ("not_held", ["CLAIMED", "RUNNING"].contains(&facts.status.word())),
        ("product_seen", !facts.product_seen),
        ("kind_has_context", !facts.has_context),
        ("has_run", code && facts.run.is_none()),
        (
            "run_hands_out_jobs",
            facts.run.is_some_and(|run| ["PAUSED", "DONE", "FAILED", "CANCELLED"].contains(&run.word())),
        ),
        ("first_on_branch", facts.ahead.is_some()),
        ("branch_is_free", facts.branch_held_by.is_some()),
        ("time_has_come", facts.not_before.is_some_and(|at| at.0 > facts.now.0)),
    ];
    list.into_iter().find(|(_, fails)| *fails).map(|(word, _)| word)
}

fn runs() -> Vec<Option<run::Status>> {
    run::Status::ALL.iter().copied().map(Some).chain([None]).collect()
}

#[test]
fn every_combination_of_facts() {
    let scopes = [None, Some(product("shop")), Some(product("blog"))];
    let times = [None, Some(Timestamp(999)), Some(NOW), Some(Timestamp(1_001))];
    let (mut cases, mut open) = (0, 0);
    for (status, kind) in Status::ALL.iter().flat_map(|s| Kind::ALL.iter().map(move |k| (*s, *k))) {
        for (run, scope) in runs().into_iter().flat_map(|r| scopes.iter().map(move |s| (r, s.clone()))) {
            for (bits, not_before) in (0..32u8).flat_map(|bits| times.map(|at| (bits, at))) {
                let [yours, product_seen, has_context, behind, held] =
                    [0, 1, 2, 3, 4].map(|bit| bits >> bit & 1 == 1);
                let facts = Facts {
                    yours,
                    scope: scope.clone(),
                    product_seen,
                    status,
                    kind,
                    has_context,
                    run,
                    ahead: behind.then(|| JobId::new("j1").unwrap()),
                    branch_held_by: held.then(|| JobId::new("j2").unwrap()),
                    not_before,
                    ..claimable()
                };
                let got = check(&facts).err().map(|why| why.guard().word());
                assert_eq!(got, by_hand(&facts), "{facts:?}");
                cases += 1;
                open += usize::from(got.is_none());
            }
        }
    }
    assert_eq!(cases, 6 * 6 * 7 * 3 * 32 * 4);
    // One status, two scopes, one setting of the flags, three times; code in two runs, the rest also in none.
    assert_eq!(open, 2 * 3 * (2 * 2 + 4 * 3));
}

#[test]
fn each_guard_is_named_and_says_what_it_read() {
    let why = |facts: Facts| check(&facts).unwrap_err();
    let (ahead, held) = (JobId::new("j1").unwrap(), JobId::new("j2").unwrap());
    let (shop, blog) = (product("shop"), product("blog"));
    let kind = Kind::TaskImplementation;
    let rows = [
        (Facts { yours: false, ..claimable() }, NotClaimable::NotYours, "it belongs to somebody else"),
        (
            Facts { scope: Some(blog.clone()), ..claimable() },
            NotClaimable::OutOfScope { product: shop.clone(), scope: blog },
            "it is of product shop, and jobs of product blog were asked for",
        ),
        (
            Facts { status: Status::Done, ..claimable() },
            NotClaimable::Ended { status: Status::Done },
            "it has ended: DONE",
        ),
        (
            Facts { status: Status::Claimed, ..claimable() },
            NotClaimable::HeldNow { status: Status::Claimed },
            "a worker holds it: CLAIMED",
        ),
        (
            Facts { product_seen: false, ..claimable() },
            NotClaimable::ProductUnseen { product: shop },
            "you cannot see its product shop",
        ),
        (
            Facts { has_context: false, kind: Kind::PlanChat, ..claimable() },
            NotClaimable::NoContext { kind: Kind::PlanChat },
            "no context can be built for a PLAN_CHAT job",
        ),
        (
            Facts { run: None, ..claimable() },
            NotClaimable::NoRun { kind },
            "a TASK_IMPLEMENTATION job belongs to a sprint run, and this one has none",
        ),
        (
            Facts { run: Some(run::Status::Paused), ..claimable() },
            NotClaimable::RunHandsOutNone { run: run::Status::Paused },
            "its sprint run is PAUSED, and only a QUEUED or RUNNING run hands out jobs",
        ),
        (
            Facts { ahead: Some(ahead.clone()), ..claimable() },
            NotClaimable::Behind { ahead },
            "job j1 comes first on its branch and has not ended",
        ),
        (
            Facts { branch_held_by: Some(held.clone()), ..claimable() },
            NotClaimable::BranchHeld { by: held },
            "a worker holds job j2 on its branch",
        ),
        (
            Facts { not_before: Some(Timestamp(1_001)), ..claimable() },
            NotClaimable::Waits { until: Timestamp(1_001), now: NOW },
            "it waits after an attempt that was given back",
        ),
    ];
    let guards: Vec<Guard> = rows.iter().map(|(_, want, _)| want.guard()).collect();
    assert_eq!(guards, Guard::ALL, "each guard once, in the order in which they are asked");
    for (facts, want, text) in rows {
        assert_eq!(why(facts), want);
        assert_eq!(want.to_string(), text);
    }
    assert_eq!(check(&claimable()), Ok(()));
}

#[test]
fn what_to_do_next() {
    use NextAction::{Idle, QueueEmpty, WaitForJobAgain};
    for status in Status::ALL {
        let held = matches!(status, Status::Claimed | Status::Running);
        for (claimable, want) in [
            (None, Idle),
            (Some(0), QueueEmpty),
            (Some(1), WaitForJobAgain),
            (Some(u64::MAX), WaitForJobAgain),
        ] {
            assert_eq!(
                next_action(*status, claimable),
                if held { Idle } else { want },
                "{status} {claimable:?}"
            );
        }
    }
    let words: Vec<&str> = NextAction::ALL.iter().map(|action| action.word()).collect();
    assert_eq!(words, ["idle", "wait_for_job_again", "queue_empty"]);
}

fn facts() -> impl Strategy<Value = Facts> {
    let mostly = || prop::bool::weighted(0.8);
    let scope = prop::sample::select(vec![None, Some("shop"), Some("blog")]);
    let status = prop_oneof![3 => Just(Status::Queued), 1 => prop::sample::select(Status::ALL)];
    (mostly(), scope, mostly(), status, prop::sample::select(Kind::ALL), mostly(), mostly(), 998..1_003i64)
        .prop_flat_map(|(yours, scope, product_seen, status, kind, has_context, first, at)| {
            prop::sample::select(runs()).prop_map(move |run| Facts {
                yours,
                scope: scope.map(product),
                product_seen,
                status,
                kind,
                has_context,
                run,
                ahead: (!first).then(|| JobId::new("j1").unwrap()),
                not_before: Some(Timestamp(at)),
                ..claimable()
            })
        })
}

proptest! {
    /// Defect 47: an agent is sent back to wait exactly when a wait finds a job.
    #[test]
    fn an_agent_comes_back_for_what_it_can_claim_and_nothing_else(queue in vec(facts(), 0..6)) {
        let found = queue.iter().find(|facts| check(facts).is_ok());
        let count = queue.iter().filter(|facts| by_hand(facts).is_none()).count() as u64;
        for own in [Status::Done, Status::Failed, Status::Cancelled, Status::Queued] {
            let told = next_action(own, Some(count));
            prop_assert_eq!(told == NextAction::WaitForJobAgain, found.is_some());
            prop_assert_eq!(told == NextAction::QueueEmpty, found.is_none());
        }
    }
}
