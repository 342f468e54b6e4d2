//! The board: the newest sprint runs with their stories and tasks, and the newest jobs.

use super::jobs::line;
use super::wire::{Board, RunLine, StoryLine, TaskLine};
use super::{FlowError, Session, Sprintgate};
use crate::domain::machine::Word;
use crate::store::{JobFilter, RunRecord, Tx};

/// Runs on the board.
const RUNS_MAX: u32 = 10;

impl Sprintgate {
    /// The caller's board.
    ///
    /// # Errors
    /// `UNAUTHENTICATED`.
    pub async fn board(&self, session: &Session) -> Result<Board, FlowError> {
        let mut tx = self.store.read().await?;
        let caller = self.caller(&mut *tx, session).await?;
        caller.may_read()?;
        let mut board = Board::default();
        for run in tx.runs(caller.user(), RUNS_MAX).await? {
            let sprint = tx.sprint(caller.user(), &run.sprint).await?;
            let sprint = sprint.ok_or_else(|| FlowError::not_found("sprint", run.sprint.as_str()))?;
            let stories = stories(&mut *tx, &run).await?;
            board.runs.push(RunLine {
                run_id: run.row.id.to_string(),
                sprint_code: sprint.code,
                sprint_goal: sprint.goal,
                sprint_status: sprint.status.word().to_owned(),
                status: run.row.status.word().to_owned(),
                pr_strategy: run.strategy.word().to_owned(),
                failure_reason: run.row.failure_reason,
                stories,
            });
        }
        for record in tx.jobs(caller.user(), &JobFilter::default()).await? {
            board.jobs.push(line(&mut *tx, record).await?);
        }
        Ok(board)
    }
}

async fn stories(tx: &mut dyn Tx, run: &RunRecord) -> Result<Vec<StoryLine>, FlowError> {
    let mut lines = Vec::new();
    for story in tx.stories_of(&run.sprint).await? {
        let tasks = tx.tasks_of(&story.id).await?.into_iter().map(|task| TaskLine {
            code: task.code,
            title: task.title,
            status: task.status.word().to_owned(),
        });
        lines.push(StoryLine {
            tasks: tasks.collect(),
            code: story.code,
            title: story.title,
            status: story.status.word().to_owned(),
        });
    }
    Ok(lines)
}
