//! Cascades: plans by hand, and what holds for every plan.

mod props;
mod starts;
mod trace;
mod undo;

use sprintgate::domain::branch::BranchName;
use sprintgate::domain::cascade::{Planned, PrState, PullRequest, Sibling, Tie};
use sprintgate::domain::id::JobId;
use sprintgate::domain::job::Status;
use sprintgate::domain::remote::RemoteUrl;

const ITEM: Tie = Tie { item: true, run: false };
const RUN: Tie = Tie { item: false, run: true };
const BOTH: Tie = Tie { item: true, run: true };
const NONE: Tie = Tie { item: false, run: false };

const SHOP: &str = "https://forge.example/o/shop.git";

/// A job that was never claimed, without a branch.
fn job(id: &str, status: Status, tie: Tie) -> Sibling {
    Sibling {
        job: JobId::new(id).unwrap(),
        status,
        attempt: 0,
        held: false,
        tie,
        repo: None,
        branch: None,
        prs: Vec::new(),
    }
}

fn attempt(job: Sibling, number: u32) -> Sibling {
    Sibling { attempt: number, held: job.status.is_held(), ..job }
}

fn on(job: Sibling, repo: &str, branch: &str) -> Sibling {
    Sibling {
        repo: Some(RemoteUrl::new(repo).unwrap()),
        branch: Some(BranchName::new(branch).unwrap()),
        ..job
    }
}

fn with_pr(mut job: Sibling, url: &str, state: PrState) -> Sibling {
    job.prs.push(PullRequest { url: url.into(), state });
    job
}

fn failed() -> Sibling {
    attempt(job("f", Status::Failed, NONE), 1)
}

fn keys(plan: &[Planned]) -> Vec<&str> {
    plan.iter().map(|planned| planned.key.as_str()).collect()
}
