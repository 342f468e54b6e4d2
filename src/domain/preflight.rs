//! What keeps a sprint run from starting (`original` 4.9): everything at once, so that it can be mended at once.

use super::backlog::{pbi, sprint};
use super::remote::RemoteUrl;
use super::run::PrStrategy;

/// Characters of a label that are kept.
const LABEL_MAX: usize = 80;

/// One thing that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Blocker {
    /// The rule, as a word.
    pub kind: &'static str,
    /// The code or id of what it is about.
    pub entity: String,
    /// What is the matter, in words.
    pub label: String,
}

/// The sprint as the checks read it.
#[derive(Debug, Clone)]
pub struct Sprint<'a> {
    /// Its code.
    pub code: &'a str,
    /// Where it is.
    pub status: sprint::Status,
    /// The id of its run that has not ended.
    pub live_run: Option<&'a str>,
    /// Frozen from the product.
    pub strategy: PrStrategy,
    /// The product's repository.
    pub repo_url: Option<&'a str>,
}

/// A task as the checks read it.
#[derive(Debug, Clone)]
pub struct Task<'a> {
    /// Its code.
    pub code: &'a str,
    /// The title.
    pub title: &'a str,
    /// Its plan.
    pub plan: Option<&'a str>,
    /// Another repository than the product's.
    pub repo_url: Option<&'a str>,
    /// Its backlog item's code.
    pub pbi_code: &'a str,
    /// Where its backlog item is.
    pub pbi_status: pbi::Status,
}

/// Everything that stands in the way; nothing when the run can start.
#[must_use]
pub fn blockers(sprint: &Sprint<'_>, tasks: &[Task<'_>]) -> Vec<Blocker> {
    let mut found = Vec::new();
    let mut block = |kind, entity: &str, label: String| {
        let blocker =
            Blocker { kind, entity: entity.to_owned(), label: label.chars().take(LABEL_MAX).collect() };
        if !found.contains(&blocker) {
            found.push(blocker);
        }
    };
    if sprint.status != sprint::Status::Open {
        block("sprint_not_open", sprint.code, format!("the sprint is {}", sprint.status));
    }
    if let Some(run) = sprint.live_run {
        block("run_is_live", sprint.code, format!("run {run} has not ended"));
    }
    if sprint.strategy == PrStrategy::SprintBatch {
        block("strategy_unsupported", sprint.code, "SPRINT_BATCH runs are not handed out yet".to_owned());
    }
    if tasks.is_empty() {
        block("no_tasks", sprint.code, "no task of the sprint is TO_DO".to_owned());
    }
    for task in tasks {
        if task.plan.is_none_or(|plan| plan.trim().is_empty()) {
            block("task_no_plan", task.code, task.title.to_owned());
        }
        if matches!(task.pbi_status, pbi::Status::Blocked | pbi::Status::Failed) {
            block("pbi_blocked", task.pbi_code, format!("the backlog item is {}", task.pbi_status));
        }
        match task.repo_url.or(sprint.repo_url).map(RemoteUrl::new) {
            None => {
                block("no_repository", task.code, "neither task nor product name a repository".to_owned())
            }
            Some(Err(bad)) => block("no_repository", task.code, bad.to_string()),
            Some(Ok(_)) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sprint() -> Sprint<'static> {
        Sprint {
            code: "S-1",
            status: sprint::Status::Open,
            live_run: None,
            strategy: PrStrategy::Story,
            repo_url: Some("https://example.org/a/b.git"),
        }
    }

    fn task() -> Task<'static> {
        Task {
            code: "T-1",
            title: "title",
            plan: Some("- `src/a.rs`"),
            repo_url: None,
            pbi_code: "PBI-1",
            pbi_status: pbi::Status::Ready,
        }
    }

    fn kinds(sprint: &Sprint<'_>, tasks: &[Task<'_>]) -> Vec<&'static str> {
        blockers(sprint, tasks).into_iter().map(|b| b.kind).collect()
    }

    #[test]
    fn a_sound_sprint_starts() {
        assert!(blockers(&sprint(), &[task()]).is_empty());
    }

    #[test]
    fn everything_is_reported_at_once() {
        let sprint = Sprint {
            status: sprint::Status::Archived,
            live_run: Some("r1"),
            strategy: PrStrategy::SprintBatch,
            repo_url: None,
            ..sprint()
        };
        let bad = Task { plan: Some("  "), pbi_status: pbi::Status::Blocked, ..task() };
        let want = [
            "sprint_not_open",
            "run_is_live",
            "strategy_unsupported",
            "task_no_plan",
            "pbi_blocked",
            "no_repository",
        ];
        assert_eq!(kinds(&sprint, &[bad]), want);
        assert_eq!(kinds(&super::tests::sprint(), &[]), ["no_tasks"]);
        let odd = Task { repo_url: Some("ext::sh"), ..task() };
        assert_eq!(kinds(&super::tests::sprint(), &[odd]), ["no_repository"]);
    }

    #[test]
    fn one_backlog_item_blocks_once() {
        let bad = Task { pbi_status: pbi::Status::Failed, ..task() };
        assert_eq!(kinds(&sprint(), &[bad.clone(), bad]), ["pbi_blocked"]);
    }
}
