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
    let brief = match &job.task {
        Some(id) => tx.brief(&job.user, id).await?.map(|brief| (id, brief)),
        None => None,
    };
    let Some((task, brief)) = brief else {
        answer.product = tx.product(&job.user, &job.product).await?.map(|product| ProductBrief {
            id: product.id.to_string(),
            name: product.name,
            repo_url: product.repo_url,
            definition_of_done: product.definition_of_done,
        });
        return Ok(answer);
    };
    let policy = held.attempt.row.frozen.policy;
    answer.product = Some(ProductBrief {
        id: job.product.to_string(),
        name: brief.product_name,
        repo_url: brief.product_repo_url,
        definition_of_done: brief.definition_of_done,
    });
    answer.pbi = Some(PbiBrief {
        id: brief.pbi.to_string(),
        code: brief.pbi_code,
        title: brief.pbi_title,
        priority: brief.pbi_priority,
        status: brief.pbi_status.word().to_owned(),
    });
    answer.sprint = brief.sprint.map(|(id, goal, status)| SprintBrief {
        id: id.to_string(),
        goal,
        status: status.word().to_owned(),
    });
    answer.story = Some(StoryBrief {
        id: brief.story.to_string(),
        code: brief.story_code,
        title: brief.story_title,
        description: brief.story_description,
        acceptance_criteria: brief.acceptance_criteria,
    });
    answer.task = Some(TaskBrief {
        id: task.to_string(),
        code: brief.code,
        title: brief.title,
        description: brief.description,
        // The frozen plan, not the task's present one: that is what the attempt is judged by.
        implementation_plan: row.plan.clone().filter(|plan| !plan.is_empty()),
        priority: brief.priority,
        repo_url: brief.repo_url,
        verify_required: policy.required.word().to_owned(),
        verify_only: policy.verify_only,
    });
    Ok(answer)
}
