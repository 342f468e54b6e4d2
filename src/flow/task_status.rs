//! `update_task_status` and `update_task_plan`. While a job works on a task, the job's end decides what becomes of it.

use super::fresh::iso;
use super::holding::Holding;
use super::roll_up::roll_up;
use super::wire::{TaskAnswer, UpdateTaskPlan, UpdateTaskStatus};
use super::{Caller, FlowError, Session, Sprintgate, text};
use crate::domain::backlog::story;
use crate::domain::id::{RunId, TaskId};
use crate::domain::machine::Word;
use crate::domain::plan_doc::PLAN_MAX;
use crate::domain::run;
use crate::domain::task::{self, Status};
use crate::store::{Change, Of, Stamp, Task, TokenKind, Tx};

impl Sprintgate {
    /// Takes a task to another status, along an edge of its table.
    ///
    /// # Errors
    /// `ILLEGAL_TRANSITION` with the legal statuses; `TASK_HELD` for an end while a job works on the task.
    pub async fn update_task_status(
        &self,
        session: &Session,
        ask: UpdateTaskStatus,
    ) -> Result<TaskAnswer, FlowError> {
        let to = parse(&ask.status)?;
        self.again(|| async {
            let mut tx = self.store.begin().await?;
            let caller = self.caller(&mut *tx, session).await?;
            tx.hold(Of::Task(&text::id("task_id", &ask.task_id)?), Some(caller.user())).await?;
            let task = find(&mut *tx, session, &caller, &ask.task_id).await?;
            let before = match &ask.sprint_run_id {
                Some(run) => Some(check_run(&mut *tx, &caller, &task, run).await?),
                None => None,
            };
            let ends = matches!(to, Status::Done | Status::Failed | Status::Excluded);
            if let (true, Some(job)) = (ends, tx.open_job_of_task(&task.id).await?) {
                return Err(FlowError::TaskHeld { task: task.id.to_string(), job: job.row.id.to_string() });
            }
            let stamp = Stamp::of(caller.actor());
            let mut rolled = None;
            let row = task::Row { id: task.id.clone(), status: task.status };
            if let Some(change) = task::set(row, to)? {
                tx.apply(Change::Task(change), &stamp).await?;
                rolled = roll_up(&mut *tx, &self.forges, caller.user(), &task.story, &stamp).await?;
            }
            let after = match &before {
                Some((id, _)) => tx.run(id).await?.map(|run| run.row.status),
                None => None,
            };
            let run_change = match (&before, after) {
                (Some((_, was)), Some(is)) if *was != is => Some(is.word().to_owned()),
                _ => None,
            };
            let task = find(&mut *tx, session, &caller, &ask.task_id).await?;
            tx.commit().await?;
            let story_change = rolled.and_then(|rolled| match (rolled.from(), rolled.to()) {
                (_, story::Status::Done) => Some("promoted".to_owned()),
                (story::Status::Done, _) => Some("demoted".to_owned()),
                _ => None,
            });
            Ok(TaskAnswer {
                story_status_change: story_change,
                sprint_run_status_change: run_change,
                ..answer(task)
            })
        })
        .await
    }

    /// Replaces a task's plan. Attempts keep the plan that they were given.
    ///
    /// # Errors
    /// `VALIDATION_ERROR`, `NOT_FOUND`; `PERMISSION_DENIED` for an agent that works for one attempt.
    pub async fn update_task_plan(
        &self,
        session: &Session,
        ask: UpdateTaskPlan,
    ) -> Result<TaskAnswer, FlowError> {
        text::maybe("implementation_plan", Some(&ask.implementation_plan), PLAN_MAX)?;
        self.again(|| async {
            let mut tx = self.store.begin().await?;
            let caller = self.caller(&mut *tx, session).await?;
            // The next attempt is judged by it, and may be the same agent's.
            caller.may("write the plan it is judged by")?;
            let task = find(&mut *tx, session, &caller, &ask.task_id).await?;
            tx.set_task_plan(&task.id, &ask.implementation_plan).await?;
            let task = find(&mut *tx, session, &caller, &ask.task_id).await?;
            tx.commit().await?;
            Ok(answer(task))
        })
        .await
    }
}

/// The task, if the caller may change it; an agent that works for one attempt has its own task only, and only while
/// its attempt holds the job.
async fn find(tx: &mut dyn Tx, session: &Session, caller: &Caller, given: &str) -> Result<Task, FlowError> {
    caller.may_write()?;
    if caller.token.kind == TokenKind::WorkersUi {
        return Err(FlowError::Forbidden { what: "write the backlog" });
    }
    let id: TaskId = text::id("task_id", given)?;
    let absent = || FlowError::not_found("task", given);
    let task = tx.task(caller.user(), &id).await?.ok_or_else(absent)?;
    if let Some((job, _)) = &caller.token.scope {
        if tx.job(job).await?.is_none_or(|job| job.task.as_ref() != Some(&id)) {
            return Err(absent());
        }
        Holding::find(tx, session, caller, job.as_str(), None).await?.live()?;
    }
    Ok(task)
}

/// The run that a call names must go on, hold the task's sprint, and have a job that the caller's token holds.
async fn check_run(
    tx: &mut dyn Tx,
    caller: &Caller,
    task: &Task,
    given: &str,
) -> Result<(RunId, run::Status), FlowError> {
    let id: RunId = text::id("sprint_run_id", given)?;
    let absent = || FlowError::not_found("sprint run", given);
    let run = tx.run(&id).await?.ok_or_else(absent)?;
    tx.sprint(caller.user(), &run.sprint).await?.ok_or_else(absent)?;
    if task.sprint.as_ref() != Some(&run.sprint) {
        return Err(FlowError::invalid("sprint_run_id", "is a run of another sprint than the task's"));
    }
    if run.row.status.is_terminal() {
        let ended = run.row.finished_at.map(iso).unwrap_or_default();
        let why = format!("the run is {} since {ended}", run.row.status);
        return Err(FlowError::invalid("sprint_run_id", why));
    }
    let token = match &caller.token.scope {
        Some((job, number)) => tx.attempt(job, *number).await?.map(|attempt| attempt.row.frozen.token),
        None => Some(caller.token_id().clone()),
    };
    let mut holds = false;
    if let Some(token) = token {
        for attempt in tx.held_by(&token, 100).await? {
            holds |= tx.job(&attempt.row.job).await?.is_some_and(|job| job.run.as_ref() == Some(&id));
        }
    }
    if holds {
        Ok((id, run.row.status))
    } else {
        Err(FlowError::Forbidden { what: "speak for this sprint run" })
    }
}

/// The spelling on the wire (`original` 1.1: TO_DO is `todo`).
pub(super) fn wire(status: Status) -> String {
    match status {
        Status::ToDo => "todo".to_owned(),
        other => other.word().to_lowercase(),
    }
}

fn parse(given: &str) -> Result<Status, FlowError> {
    let found = Status::ALL.iter().copied().find(|status| wire(*status) == given);
    found.ok_or_else(|| {
        let all: Vec<String> = Status::ALL.iter().map(|status| wire(*status)).collect();
        FlowError::invalid("status", format!("has to be one of {}", all.join(", ")))
    })
}

fn answer(task: Task) -> TaskAnswer {
    let legal = task::TRANSITIONS.iter().filter(|edge| edge.from == task.status).map(|edge| wire(edge.to));
    TaskAnswer {
        id: task.id.to_string(),
        status: wire(task.status),
        legal_next: legal.collect(),
        implementation_plan: task.implementation_plan,
        story_status_change: None,
        sprint_run_status_change: None,
    }
}
