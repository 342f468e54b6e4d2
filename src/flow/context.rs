//! Describes a held job to the worker that holds it (`original` 4.7).

use std::path::Path;

use super::fresh::iso;
use super::holding::Holding;
use super::wire::{Config, JobAnswer, PbiBrief, ProductBrief, SprintBrief, StoryBrief, TaskBrief};
use super::{FlowError, legal};
use crate::domain::job::Kind;
use crate::domain::job_config;
use crate::domain::machine::Word;
use crate::store::Tx;

/// Seconds between heartbeats that a worker is told (`original` 3.20); shorter leases ask for a third of theirs.
const HEARTBEAT: i64 = 60;

/// Whether [`describe`] has what the work of a kind needs. A kind without it is not handed out.
pub(super) fn is_built(kind: Kind) -> bool {
    match kind {
        Kind::TaskImplementation => true,
        Kind::IdeaGrill
        | Kind::IdeaMakePlan
        | Kind::IdeaReviewPlan
        | Kind::PlanChat
        | Kind::SprintImplementation => false,
    }
}

/// The whole answer for a held job.
pub(super) async fn describe(
    tx: &mut dyn Tx,
    held: &Holding,
    worktree: &Path,
) -> Result<JobAnswer, FlowError> {
    let job = &held.job;
    let row = &job.row;
    let defaults = job_config::of(row.kind);
    let lease = row.lease_until.map(|until| until - tx.now());
    let beat = lease.map_or(HEARTBEAT, |left| (left.0 / 3000).clamp(1, HEARTBEAT));
    let mut answer = JobAnswer {
        status: "claimed".to_owned(),
        job_id: Some(row.id.to_string()),
        attempt: Some(i64::from(row.attempt)),
        kind: Some(row.kind.word().to_owned()),
        lease_until: row.lease_until.map(iso),
        heartbeat_interval_seconds: Some(beat),
        config: Some(Config {
            model: defaults.model,
            thinking_budget: defaults.thinking_budget,
            permission_mode: defaults.permission_mode.word().to_owned(),
            max_turns: defaults.max_turns,
            allowed_tools: None,
        }),
        worktree_path: Some(worktree.display().to_string()),
        branch_name: job.branch.clone(),
        reused_branch: Some(held.attempt.published.is_some()),
        base_sha: row.base.as_ref().map(ToString::to_string),
        legal_next: legal::next(row.status),
        ..JobAnswer::default()
    };
    if let Some(product) = tx.product(&job.user, &job.product).await? {
        answer.product = Some(ProductBrief {
            id: product.id.to_string(),
            name: product.name,
            repo_url: product.repo_url,
            definition_of_done: product.definition_of_done,
        });
    }
    let Some(task) = &job.task else { return Ok(answer) };
    let Some(task) = tx.task(&job.user, task).await? else { return Ok(answer) };
    if let Some(story) = tx.story(&job.user, &task.story).await? {
        if let Some(pbi) = tx.pbi(&job.user, &story.pbi).await? {
            answer.pbi = Some(PbiBrief {
                id: pbi.id.to_string(),
                code: pbi.code,
                title: pbi.title,
                priority: pbi.priority,
                status: pbi.status.word().to_owned(),
            });
        }
        if let Some(sprint) = &story.sprint {
            answer.sprint = tx.sprint(&job.user, sprint).await?.map(|sprint| SprintBrief {
                id: sprint.id.to_string(),
                goal: sprint.goal,
                status: sprint.status.word().to_owned(),
            });
        }
        answer.story = Some(StoryBrief {
            id: story.id.to_string(),
            code: story.code,
            title: story.title,
            description: story.description,
            acceptance_criteria: story.acceptance_criteria,
        });
    }
    let policy = held.attempt.row.frozen.policy;
    answer.task = Some(TaskBrief {
        id: task.id.to_string(),
        code: task.code,
        title: task.title,
        description: task.description,
        // The frozen plan, not the task's present one: that is what the attempt is judged by.
        implementation_plan: row.plan.clone().filter(|plan| !plan.is_empty()),
        priority: task.priority,
        repo_url: task.repo_url,
        verify_required: policy.required.word().to_owned(),
        verify_only: policy.verify_only,
    });
    Ok(answer)
}
