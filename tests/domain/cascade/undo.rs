//! What is undone, by hand: workers, pull requests, branches and worktrees.

use sprintgate::domain::cascade::{Condition, PrState, Sibling, Step, plan};
use sprintgate::domain::job::Status;
use sprintgate::domain::machine::Word;
use sprintgate::domain::pull_request;

use super::{BOTH, ITEM, NONE, RUN, SHOP, attempt, failed, job, keys, on, with_pr};

const PR: &str = "https://forge.example/o/shop/pulls/7";

fn on_shop(job: Sibling) -> Sibling {
    on(job, SHOP, "feat/story-1")
}

fn shown(failed: &Sibling, siblings: &[Sibling]) -> Vec<String> {
    plan(failed, siblings).iter().map(ToString::to_string).collect()
}

#[test]
fn a_whole_cascade_reads_as_what_it_does() {
    let failed = on_shop(failed());
    let siblings = [
        on_shop(attempt(job("b", Status::Running, BOTH), 2)),
        with_pr(on_shop(attempt(job("a", Status::Done, BOTH), 1)), PR, PrState::Open),
        on_shop(job("c", Status::Queued, BOTH)),
        on(attempt(job("d", Status::Claimed, RUN), 1), SHOP, "feat/story-2"),
    ];
    assert_eq!(
        shown(&failed, &siblings),
        [
            "cancel job b, now RUNNING: it belongs to the same backlog item",
            "cancel job c, now QUEUED: it belongs to the same backlog item",
            "cancel job d, now CLAIMED: it belongs to the same sprint run, which fails",
            "have the worker of job b, attempt 2, stop, and wait until it has",
            "have the worker of job d, attempt 1, stop, and wait until it has",
            "close pull request https://forge.example/o/shop/pulls/7 with a comment, if it is still open then",
            "delete branch feat/story-1 of https://forge.example/o/shop.git, only if its tip can be reached from \
             another branch, tag or pull request there (after stop/b/2, close/f/https://forge.example/o/shop/pulls/7)",
            "keep the work of job b, attempt 2, under refs/salvage/b/2, and then remove its worktree (after stop/b/2)",
            "keep the work of job d, attempt 1, under refs/salvage/d/1, and then remove its worktree (after stop/d/1)",
        ]
    );
    let plan = plan(&failed, &siblings);
    let Step::ClosePullRequest { comment, .. } = &plan[5].step else { panic!("{:?}", plan[5]) };
    assert!(comment.contains("job f"), "{comment}");
}

#[test]
fn a_pull_request_is_handled_by_where_it_is() {
    let close = format!("close/f/{PR}");
    let (look, revert) = (format!("look/f/{PR}"), format!("revert/{PR}"));
    let delete = "delete/f/forge.example/o/shop#feat/story-1".to_owned();
    for (state, want) in [
        (PrState::Unknown, vec![look]),
        (PrState::Open, vec![close, delete.clone()]),
        (PrState::Closed, vec![delete.clone()]),
        (PrState::Merged, vec![revert, delete]),
    ] {
        let own = plan(&with_pr(on_shop(failed()), PR, state), &[]);
        assert_eq!(keys(&own), want, "{state:?}");
        // Defect 65: it is the same when only a DONE sibling knows of it.
        let done = with_pr(on_shop(attempt(job("a", Status::Done, ITEM), 1)), PR, state);
        assert_eq!(plan(&on_shop(failed()), &[done]), own, "{state:?}");
    }
}

#[test]
fn defect_065_a_branch_with_an_open_pull_request_is_not_taken_for_one_without() {
    // The failed job has the branch, the DONE one of the item the merged pull request on a branch of its own.
    let done = with_pr(on(job("a", Status::Done, ITEM), SHOP, "feat/story-2"), PR, PrState::Merged);
    let plan = plan(&on_shop(failed()), &[done]);
    assert_eq!(
        keys(&plan),
        [
            "delete/f/forge.example/o/shop#feat/story-1",
            &format!("revert/{PR}"),
            "delete/f/forge.example/o/shop#feat/story-2",
        ]
    );
    for planned in plan.iter().filter(|planned| matches!(planned.step, Step::DeleteBranch { .. })) {
        assert_eq!(planned.only_if, Condition::TipIsKeptElsewhere);
    }
}

#[test]
fn each_pull_request_of_a_branch_counts() {
    // A branch is published anew after a merge.
    let both = with_pr(with_pr(on_shop(failed()), PR, PrState::Merged), "pulls/8", PrState::Open);
    assert_eq!(
        shown(&both, &[])[..2],
        [
            format!("open a pull request that reverts {PR}, for a person to review"),
            "close pull request pulls/8 with a comment, if it is still open then".into()
        ]
    );
    let on_it = on(job("s", Status::Queued, NONE), SHOP, "feat/other");
    let needed = with_pr(with_pr(on_it, "pulls/9", PrState::Open), "pulls/8", PrState::Open);
    assert_eq!(keys(&plan(&both, &[needed])), [format!("revert/{PR}")]);
}

#[test]
fn rows_that_disagree_about_a_pull_request() {
    use PrState::{Closed, Merged, Open, Unknown};
    let first = |one, other| {
        let failed = with_pr(on_shop(failed()), PR, one);
        let done = with_pr(on_shop(job("a", Status::Done, ITEM)), PR, other);
        let plan = plan(&failed, &[done]);
        plan[0].key.as_str().split('/').next().unwrap().to_owned()
    };
    for (one, other, want) in [
        (Unknown, Open, "close"),
        (Unknown, Closed, "delete"),
        (Unknown, Merged, "revert"),
        (Closed, Open, "close"),
        (Open, Merged, "revert"),
        (Closed, Merged, "revert"),
    ] {
        assert_eq!((first(one, other), first(other, one)), (want.into(), want.into()), "{one:?} {other:?}");
    }
}

#[test]
fn defect_062_a_branch_belongs_to_its_repository() {
    let other = "https://forge.example/o/blog";
    let item = |id, repo| on(job(id, Status::Cancelled, ITEM), repo, "feat/story-1");
    let plan = plan(&on_shop(failed()), &[item("a", other), item("b", "git@forge.example:o/shop.git")]);
    // Two spellings of the shop's address are one repository.
    assert_eq!(
        keys(&plan),
        ["delete/f/forge.example/o/blog#feat/story-1", "delete/f/forge.example/o/shop#feat/story-1"]
    );
}

#[test]
fn defect_063_a_branch_that_somebody_goes_on_with_is_left_alone() {
    let failed = with_pr(on_shop(failed()), PR, PrState::Open);
    for status in Status::ALL {
        let stranger = on_shop(job("s", *status, NONE));
        let want = match status {
            Status::Queued | Status::Claimed | Status::Running => 0,
            Status::Done | Status::Failed | Status::Cancelled => 2,
        };
        assert_eq!(plan(&failed, &[stranger]).len(), want, "{status}");
    }
    // A stranger elsewhere keeps only the pull request that is his too, and so its branch.
    let elsewhere = on(job("s", Status::Queued, NONE), SHOP, "feat/other");
    assert_eq!(plan(&failed, std::slice::from_ref(&elsewhere)).len(), 2);
    assert_eq!(keys(&plan(&failed, &[with_pr(elsewhere, PR, PrState::Open)])), [""; 0]);
}

#[test]
fn what_the_run_published_for_other_items_stays() {
    let done =
        |pr_state| with_pr(on(attempt(job("a", Status::Done, RUN), 1), SHOP, "feat/story-2"), PR, pr_state);
    for state in [PrState::Unknown, PrState::Open, PrState::Closed, PrState::Merged] {
        assert_eq!(plan(&failed(), &[done(state)]), [], "{state:?}");
    }
    // On the branch that the whole run shares, its pull request is the failed job's too.
    let shared = |job| on(job, SHOP, "feat/sprint-1");
    let done = with_pr(shared(job("a", Status::Done, RUN)), PR, PrState::Open);
    let plan = plan(&shared(failed()), &[done]);
    assert_eq!(
        keys(&plan),
        [format!("close/f/{PR}").as_str(), "delete/f/forge.example/o/shop#feat/sprint-1"]
    );
}

#[test]
fn worktrees_of_cancelled_jobs_go_and_others_stay() {
    for (status, held, tie, want) in [
        (Status::Queued, false, ITEM, &["cancel/s", "worktree/s/3"][..]),
        (Status::Claimed, true, ITEM, &["cancel/s", "stop/s/3", "worktree/s/3"]),
        (Status::Running, true, RUN, &["cancel/s", "stop/s/3", "worktree/s/3"]),
        // Cancelled before, and its worker has stopped or not (defects 16 and 64).
        (Status::Cancelled, false, RUN, &["worktree/s/3"]),
        (Status::Cancelled, true, ITEM, &["stop/s/3", "worktree/s/3"]),
        // A failed push leaves its worktree for a person; a DONE job is cleared by its own end.
        (Status::Failed, false, ITEM, &[]),
        (Status::Done, false, ITEM, &[]),
        (Status::Done, true, BOTH, &[]),
        (Status::Running, true, NONE, &[]),
        (Status::Cancelled, true, NONE, &[]),
    ] {
        let sibling = Sibling { attempt: 3, held, ..job("s", status, tie) };
        let plan = plan(&failed(), &[sibling]);
        assert_eq!(keys(&plan), want, "{status} {held} {tie:?}");
        let waits = plan.last().map(|last| last.after.iter().map(|key| key.as_str()).collect::<Vec<_>>());
        let expected = if held { vec!["stop/s/3"] } else { vec![] };
        assert_eq!(waits.unwrap_or(expected.clone()), expected, "{status} {held}");
    }
    // One that was never claimed has none.
    assert_eq!(keys(&plan(&failed(), &[job("s", Status::Queued, ITEM)])), ["cancel/s"]);
}

#[test]
fn jobs_without_a_branch_or_repository_lose_none() {
    let bare = with_pr(failed(), PR, PrState::Open);
    assert_eq!(keys(&plan(&bare, &[])), [format!("close/f/{PR}")]);
    let nowhere = Sibling { repo: None, ..on_shop(failed()) };
    assert_eq!(plan(&nowhere, &[]), []);
    // Without a branch a job of the run has nothing to do with the failed one's pull requests.
    let run = with_pr(job("a", Status::Done, RUN), PR, PrState::Open);
    assert_eq!(plan(&failed(), &[run]), []);
}

#[test]
fn each_state_of_a_publication_says_where_the_pull_request_is() {
    use pull_request::Status as Is;
    for status in Is::ALL {
        let want = match status {
            Is::Unpublished | Is::BranchPushed => None,
            Is::Merged => Some(PrState::Merged),
            Is::Closed => Some(PrState::Closed),
            _ => Some(PrState::Open),
        };
        assert_eq!(PrState::of(*status), want, "{status}");
    }
}

#[test]
fn without_a_branch_only_the_backlog_item_holds_jobs_together() {
    let shop = |job: Sibling| Sibling { branch: None, ..on_shop(job) };
    let nowhere = |job: Sibling| Sibling { repo: None, ..on_shop(job) };
    for part in [&shop as &dyn Fn(Sibling) -> Sibling, &nowhere] {
        let done = |tie| with_pr(part(job("a", Status::Done, tie)), PR, PrState::Open);
        assert_eq!(keys(&plan(&part(failed()), &[done(RUN)])), Vec::<&str>::new());
        assert_eq!(keys(&plan(&part(failed()), &[done(ITEM)])), [format!("close/f/{PR}")]);
    }
}

#[test]
fn nobody_is_told_to_stop_an_attempt_that_never_was() {
    let queued = Sibling { held: true, ..job("q", Status::Queued, ITEM) };
    assert_eq!(keys(&plan(&failed(), &[queued])), ["cancel/q"]);
}
