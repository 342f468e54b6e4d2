//! `cascade plan`: what a failure of a job would do now, without doing it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::cascade::pbi_of;
use super::cascade_rows::CascadeRows;
use super::undo::{Undoing, carried_out, cascaded_at};
use super::wire::{CascadePlan, CascadeStep, StepEffect};
use super::{FlowError, Session, Sprintgate};
use crate::domain::cascade::{Planned, Step};
use crate::domain::effect::Kind;
use crate::domain::id::JobId;
use crate::domain::machine::Word;
use crate::forge::Forges;
use crate::store::{EffectOutcome, JobRecord, Tx};

/// Effects that are looked at.
const EFFECTS_MAX: u32 = 1000;

impl Sprintgate {
    /// What a failure of a job, reported by its worker, would do now. Nothing is changed. Of a job whose failure has
    /// cascaded: what there is to undo.
    ///
    /// # Errors
    /// `NOT_FOUND` for a job that is not the caller's.
    pub async fn plan_cascade(&self, session: &Session, job: &str) -> Result<CascadePlan, FlowError> {
        let mut tx = self.store.read().await?;
        let job = self.own_job(&mut *tx, session, job).await?;
        let (status, ended) = (job.row.status, job.row.status.is_terminal());
        let mut answer = CascadePlan {
            job_id: job.row.id.to_string(),
            status: status.word().to_owned(),
            end_cause: job.row.end_cause.map(|cause| cause.word().to_owned()),
            ended,
            complete: true,
            ..CascadePlan::default()
        };
        let Some(pbi) = pbi_of(&mut *tx, &job).await? else {
            "it belongs to no backlog item, so that its failure concerns no other job"
                .clone_into(&mut answer.verdict);
            return Ok(answer);
        };
        let since = cascaded_at(&mut *tx, &job).await?;
        answer.cascaded = since.is_some();
        answer.verdict = match (answer.cascaded, ended) {
            (true, _) => "it failed and its siblings were cancelled; besides, done by now or not".to_owned(),
            (false, true) => {
                format!("it is {status} and cannot fail any more; if it could, its failure would now")
            }
            (false, false) => "if its worker reported a failure now, that would".to_owned(),
        };
        let rows = CascadeRows::read(&mut *tx, &job, &pbi, since).await?;
        answer.steps = shown(&mut *tx, &self.forges, &rows, &job).await?;
        answer.complete = rows.complete;
        Ok(answer)
    }
}

/// The steps, each with who carries it out and the effect that does, where there is one.
async fn shown(
    tx: &mut dyn Tx,
    forges: &Forges,
    rows: &CascadeRows,
    failed: &JobRecord,
) -> Result<Vec<CascadeStep>, FlowError> {
    let now = tx.now();
    let steps = carried_out(forges, rows, failed, now);
    let jobs: BTreeSet<&JobId> = rows.jobs().chain([failed]).map(|job| &job.row.id).collect();
    let jobs: Vec<JobId> = jobs.into_iter().cloned().collect();
    let effects = tx.effects_of_jobs(&jobs, EFFECTS_MAX).await?;
    Ok(steps
        .into_iter()
        .map(|(planned, undoing)| {
            let effect = effects.iter().find(|one| does(one, &planned)).map(|one| StepEffect {
                effect_id: one.effect.row.id.to_string(),
                status: one.effect.row.status.word().to_owned(),
                passed_over: one.learned.get("passed_over").and_then(Value::as_str).map(str::to_owned),
                error: one.effect.row.last_error.clone(),
            });
            let by = match (&planned.step, undoing) {
                (Step::Cancel { .. }, _) => "failure",
                (Step::Stop { .. }, _) => "worker",
                (Step::RemoveWorktree { .. }, _) => "tidy",
                _ if effect.is_some() => "effect",
                (_, Undoing::By(_)) => "effect",
                (_, Undoing::Person | Undoing::Other) => "person",
            };
            CascadeStep { planned, by, effect }
        })
        .collect())
}

/// Whether the effect carries out the step.
fn does(one: &EffectOutcome, planned: &Planned) -> bool {
    let Step::RemoveWorktree { job, attempt } = &planned.step else {
        return one.key.as_deref() == Some(planned.key.as_str());
    };
    let number = one.effect.payload.get("attempt").and_then(Value::as_u64);
    one.effect.row.kind == Kind::RemoveWorktree
        && one.effect.job.as_ref() == Some(job)
        && number == Some(u64::from(*attempt))
}
