//! What holds for every cascade.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use sprintgate::domain::cascade::{Condition, Planned, PrState, Sibling, Step, Tie, plan};
use sprintgate::domain::job::Status;
use sprintgate::domain::machine::Word;

use super::{job, on, with_pr};

const REPOS: &[&str] = &[super::SHOP, "git@forge.example:o/shop.git", "https://forge.example/o/blog"];
const BRANCHES: &[&str] = &["feat/story-1", "feat/story-2", "feat/sprint-1"];
const PRS: &[&str] = &["https://forge.example/o/shop/pulls/1", "https://forge.example/o/shop/pulls/2"];
const STATES: &[PrState] = &[PrState::Unknown, PrState::Closed, PrState::Open, PrState::Merged];

fn sibling(id: String) -> impl Strategy<Value = Sibling> {
    let place = prop::option::weighted(0.8, (0..REPOS.len(), 0..BRANCHES.len()));
    let prs = vec((0..PRS.len(), prop::sample::select(STATES)), 0..3);
    let status = prop::sample::select(Status::ALL);
    (status, 0..3u32, any::<bool>(), any::<[bool; 2]>(), place, prs).prop_map(
        move |(status, attempt, stopping, [item, run], place, prs)| {
            let plain = job(&id, status, Tie { item, run });
            let held = status.is_held() || (status == Status::Cancelled && stopping);
            let attempt = if status.is_held() { attempt.max(1) } else { attempt };
            let plain = Sibling { attempt, held, ..plain };
            let placed = match place {
                Some((repo, branch)) => on(plain, REPOS[repo], BRANCHES[branch]),
                None => plain,
            };
            prs.into_iter().fold(placed, |job, (at, state)| with_pr(job, PRS[at], state))
        },
    )
}

fn rows() -> impl Strategy<Value = (Sibling, Vec<Sibling>)> {
    (0..7usize).prop_flat_map(|count| {
        let siblings: Vec<_> = (0..count).map(|number| sibling(format!("s{number}"))).collect();
        (sibling("f".into()), siblings)
    })
}

fn is_cancel(planned: &Planned) -> bool {
    matches!(planned.step, Step::Cancel { .. })
}

proptest! {
    #[test]
    fn the_order_of_the_rows_does_not_matter(
        (failed, rows, shuffled) in rows().prop_flat_map(|(f, r)| (Just(f), Just(r.clone()), Just(r).prop_shuffle())),
    ) {
        let one = plan(&failed, &rows);
        prop_assert_eq!(&one, &plan(&failed, &shuffled));
        let twice: Vec<Sibling> = rows.iter().chain(&rows).cloned().collect();
        prop_assert_eq!(&one, &plan(&failed, &twice));
    }

    #[test]
    fn a_key_names_one_step_and_what_comes_before_stands_before((failed, rows) in rows()) {
        let mut seen = BTreeSet::new();
        for planned in plan(&failed, &rows) {
            for key in &planned.after {
                prop_assert!(seen.contains(key), "{} comes after {}", planned.key, key);
            }
            prop_assert!(seen.insert(planned.key.clone()), "{} twice", planned.key);
            prop_assert!(!planned.to_string().is_empty());
        }
    }

    #[test]
    fn after_its_cancellations_a_plan_is_the_rest_of_itself((failed, rows) in rows()) {
        let first = plan(&failed, &rows);
        let cancelled: BTreeSet<_> = first.iter().filter_map(|planned| match &planned.step {
            Step::Cancel { job, .. } => Some(job.clone()),
            _ => None,
        }).collect();
        let later: Vec<Sibling> = rows.into_iter().map(|row| match cancelled.contains(&row.job) {
            true => Sibling { status: Status::Cancelled, ..row },
            false => row,
        }).collect();
        let rest: Vec<Planned> = first.into_iter().filter(|planned| !is_cancel(planned)).collect();
        prop_assert_eq!(plan(&failed, &later), rest);
    }

    #[test]
    fn exactly_the_open_tied_jobs_are_cancelled_in_id_order((failed, rows) in rows()) {
        let planned: Vec<String> = plan(&failed, &rows).iter().filter_map(|planned| match &planned.step {
            Step::Cancel { job, .. } => Some(job.to_string()),
            _ => None,
        }).collect();
        let open = |row: &&Sibling| !row.status.is_terminal() && (row.tie.item || row.tie.run);
        let want: Vec<String> = rows.iter().filter(open).map(|row| row.job.to_string()).collect();
        prop_assert_eq!(planned, want);
    }

    /// No branch goes without the condition that its work is kept, none that anybody goes on with, none before the
    /// workers on it have stopped, and none with a pull request that stays open.
    #[test]
    fn no_unmerged_work_is_deleted((failed, rows) in rows()) {
        let plan = plan(&failed, &rows);
        let has = |key: &str| plan.iter().any(|planned| planned.key.as_str() == key);
        for planned in &plan {
            let Step::DeleteBranch { repo, branch } = &planned.step else { continue };
            prop_assert_eq!(planned.only_if, Condition::TipIsKeptElsewhere);
            let name = |url: &sprintgate::domain::remote::RemoteUrl| url.path().to_owned();
            for row in rows.iter().chain([&failed]) {
                let here = row.branch.as_ref() == Some(branch)
                    && row.repo.as_ref().map(name) == Some(name(repo));
                if !here {
                    continue;
                }
                let tied = row.tie.item || row.tie.run || row.job == failed.job;
                prop_assert!(tied || row.status.is_terminal(), "{} works on {branch}", row.job);
                let stop = format!("stop/{}/{}", row.job, row.attempt);
                if has(&stop) {
                    prop_assert!(planned.after.iter().any(|key| key.as_str() == stop));
                }
            }
        }
    }

    /// A forge closes the pull requests of a deleted branch: each of them is closed or merged before.
    #[test]
    fn no_branch_goes_under_an_open_pull_request((failed, rows) in rows()) {
        let plan = plan(&failed, &rows);
        let all: Vec<&Sibling> = rows.iter().chain([&failed]).collect();
        for planned in &plan {
            let Step::DeleteBranch { repo, branch } = &planned.step else { continue };
            let here = |row: &&&Sibling| {
                row.branch.as_ref() == Some(branch) && row.repo.as_ref().is_some_and(|r| r.path() == repo.path())
            };
            for pr in all.iter().filter(here).flat_map(|row| &row.prs) {
                let state = all.iter().flat_map(|row| &row.prs).filter(|p| p.url == pr.url);
                let closes = format!("close/f/{}", pr.url);
                match state.map(|p| p.state).max() {
                    Some(PrState::Closed | PrState::Merged) => {}
                    _ => prop_assert!(planned.after.iter().any(|key| key.as_str() == closes), "{}", closes),
                }
            }
        }
    }

    #[test]
    fn a_worktree_goes_only_when_its_worker_has_stopped((failed, rows) in rows()) {
        for planned in plan(&failed, &rows) {
            let Step::RemoveWorktree { job, attempt } = &planned.step else { continue };
            let row = rows.iter().find(|row| row.job == *job).unwrap();
            prop_assert!(row.attempt == *attempt && *attempt > 0);
            prop_assert_eq!(row.held, !planned.after.is_empty());
            prop_assert!(!matches!(row.status, Status::Done | Status::Failed));
        }
    }

    #[test]
    fn a_merged_pull_request_of_the_item_is_reverted_once((failed, rows) in rows()) {
        let plan = plan(&failed, &rows);
        for row in rows.iter().filter(|row| row.tie.item).chain([&failed]) {
            for pr in row.prs.iter().filter(|pr| pr.state == PrState::Merged) {
                let key = format!("revert/{}", pr.url);
                prop_assert_eq!(plan.iter().filter(|planned| planned.key.as_str() == key).count(), 1, "{}", key);
            }
        }
    }

    #[test]
    fn no_tie_no_step(rows in vec(sibling("x".into()), 0..1), failed in sibling("f".into())) {
        let strangers: Vec<Sibling> =
            rows.into_iter().map(|row| Sibling { tie: Tie::default(), ..row }).collect();
        for planned in plan(&failed, &strangers) {
            prop_assert!(!planned.key.as_str().contains("/x"), "{}", planned.key);
        }
    }
}
