//! The tasks of a job that implements a whole sprint.

use async_trait::async_trait;

use super::apply::{Texts, before, guarded};
use super::cells::Cells;
use super::dialect::{DbRow, lock};
use super::job_rows::evidence;
use super::moved::{entry_first, from_entry, next_of_entry, state};
use super::outbox::Whose;
use super::statement::statements;
use super::tx::{Bound, DbTx};
use super::values::At;
use crate::domain::execution::{Execution, Pending, Row, Status, Waiver};
use crate::domain::gate::Policy;
use crate::domain::id::ExecutionId;
use crate::domain::machine::Word;
use crate::store::{Executions, Stamp, StoreError};

macro_rules! execution {
    ($($lock:expr)?) => {
        concat!("SELECT id, sprint_job_id, task_id, \"order\", plan_snapshot, verify_required_snapshot, \
        verify_only_snapshot, status, base_sha, head_sha, verify_result, verified_sha, verified_at, verify_summary, \
        skip_reason, waived_by, waive_reason, waived_at, error, started_at, finished_at \
        FROM sprint_task_executions WHERE id = $1" $(, $lock)?)
    };
}

statements! {
    EXECUTION_BEFORE = before!("task_execution", "sprint_task_executions",
        whose "j.user_id, j.product_id", join "LEFT JOIN claude_jobs j ON j.id = e.sprint_job_id");
    MOVE_EXECUTION = guarded!("sprint_task_executions",
        own "base_sha = $6, head_sha = $7, verify_result = $8, verified_sha = $9, verified_at = $10, \
        verify_summary = $11, skip_reason = $12, waived_by = $13, waive_reason = $14, waived_at = $15, error = $16, \
        started_at = $17, finished_at = $18");
    ADD_EXECUTION = "INSERT INTO sprint_task_executions (id, sprint_job_id, task_id, \"order\", plan_snapshot, \
        verify_required_snapshot, verify_only_snapshot, base_sha, status, status_event, ledger_seq, created_at, \
        updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'PENDING', 'create', 1, $9, $9)";
    EXECUTION = execution!();
    LOCK_EXECUTION = execution!(lock!("sprint_task_executions"));
}

pub(super) const TEXTS: Texts = Texts { before: EXECUTION_BEFORE, guarded: MOVE_EXECUTION };

/// The columns that a move may change.
pub(super) fn own<'q>(bound: Bound<'q>, row: &'q Row) -> Bound<'q> {
    let (evidence, waiver) = (row.evidence.as_ref(), row.waiver.as_ref());
    bound
        .bind(row.base.as_ref().map(|c| c.as_str()))
        .bind(row.head.as_ref().map(|c| c.as_str()))
        .bind(evidence.map(|e| e.result.word()))
        .bind(evidence.map(|e| e.commit.as_str()))
        .bind(evidence.map(|e| At(e.at)))
        .bind(row.summary.as_deref())
        .bind(row.skip_reason.as_deref())
        .bind(waiver.map(|w| w.by.as_str()))
        .bind(waiver.map(|w| w.reason.as_str()))
        .bind(waiver.map(|w| At(w.at)))
        .bind(row.error.as_deref())
        .bind(row.started_at.map(At))
        .bind(row.finished_at.map(At))
}

#[async_trait]
impl Executions for DbTx {
    async fn add_execution(&mut self, new: &Execution<Pending>, stamp: &Stamp) -> Result<(), StoreError> {
        super::births::note(
            self,
            "task_execution",
            new.id.as_str(),
            Status::Pending,
            Whose::Job(&new.job),
            stamp,
        )
        .await?;
        let bound = sqlx::query(ADD_EXECUTION)
            .bind(new.id.as_str())
            .bind(new.job.as_str())
            .bind(new.task.as_str())
            .bind(i64::from(new.order))
            .bind(&new.plan)
            .bind(new.policy.required.word())
            .bind(new.policy.verify_only)
            .bind(new.state.base.as_ref().map(|c| c.as_str()))
            .bind(self.time());
        self.run(bound).await.map(drop)
    }

    async fn execution(&mut self, id: &ExecutionId) -> Result<Option<Row>, StoreError> {
        self.one(sqlx::query(self.either(EXECUTION, LOCK_EXECUTION)).bind(id.as_str()))
            .await?
            .as_ref()
            .map(execution)
            .transpose()
    }
}

fn execution(row: &DbRow) -> Result<Row, StoreError> {
    let cells = Cells(row);
    Ok(Row {
        id: cells.id("id")?,
        job: cells.id("sprint_job_id")?,
        task: cells.id("task_id")?,
        order: cells.number("order")?,
        plan: cells.get("plan_snapshot")?,
        policy: Policy {
            required: cells.word("verify_required_snapshot")?,
            verify_only: cells.get("verify_only_snapshot")?,
        },
        status: cells.word("status")?,
        base: cells.id_if("base_sha")?,
        head: cells.id_if("head_sha")?,
        evidence: evidence(&cells, "")?,
        summary: cells.get("verify_summary")?,
        skip_reason: cells.get("skip_reason")?,
        waiver: waiver(&cells)?,
        error: cells.get("error")?,
        started_at: cells.time_if("started_at")?,
        finished_at: cells.time_if("finished_at")?,
    })
}

fn waiver(cells: &Cells<'_>) -> Result<Option<Waiver>, StoreError> {
    let waived = cells.id_if("waived_by")?.zip(cells.get("waive_reason")?).zip(cells.time_if("waived_at")?);
    Ok(waived.map(|((by, reason), at)| Waiver { by, reason, at }))
}
