//! Questions of agents to people.

use async_trait::async_trait;

use super::apply::{Texts, before, guarded};
use super::cells::Cells;
use super::dialect::{DbRow, lock};
use super::moved::{entry_first, from_entry, next_of_entry, state};
use super::outbox::Whose;
use super::statement::statements;
use super::tx::{Bound, DbTx};
use super::values::{At, Document};
use crate::domain::id::QuestionId;
use crate::domain::question::{Row, Status};
use crate::store::{About, NewQuestion, QuestionRecord, Questions, Stamp, StoreError};

macro_rules! question {
    ($($lock:expr)?) => {
        concat!("SELECT id, status, asked_by, options, expires_at, answer, answered_by, answered_at, product_id, \
        story_id, task_id, idea_id, sprint_run_id, question, created_at FROM claude_questions WHERE id = $1" $(, $lock)?)
    };
}

statements! {
    QUESTION_BEFORE = before!("question", "claude_questions",
        whose "e.asked_by AS user_id, e.product_id");
    MOVE_QUESTION = guarded!("claude_questions", own "answer = $6, answered_by = $7, answered_at = $8");
    ADD_QUESTION = "INSERT INTO claude_questions (id, product_id, story_id, task_id, idea_id, sprint_run_id, asked_by, \
        question, options, expires_at, status, status_event, ledger_seq, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', 'create', 1, $11, $11)";
    QUESTION = question!();
    LOCK_QUESTION = question!(lock!("claude_questions"));
}

pub(super) const TEXTS: Texts = Texts { before: QUESTION_BEFORE, guarded: MOVE_QUESTION };

/// The columns that a move may change.
pub(super) fn own<'q>(bound: Bound<'q>, row: &'q Row) -> Bound<'q> {
    bound
        .bind(row.answer.as_deref())
        .bind(row.answered_by.as_ref().map(|id| id.as_str()))
        .bind(row.answered_at.map(At))
}

#[async_trait]
impl Questions for DbTx {
    async fn add_question(&mut self, new: &NewQuestion, stamp: &Stamp) -> Result<(), StoreError> {
        let Row { id, asked_by, options, expires_at, .. } = Row::from(new.question.clone());
        super::births::note(
            self,
            "question",
            id.as_str(),
            Status::Open,
            Whose::User(&asked_by, Some(&new.product)),
            stamp,
        )
        .await?;
        let (story, task, idea, run) = match &new.about {
            About::Story { story, task } => (Some(story), task.as_ref(), None, None),
            About::Idea(idea) => (None, None, Some(idea), None),
            About::Run(run) => (None, None, None, Some(run)),
        };
        let options = (!options.is_empty()).then(|| Document(serde_json::Value::from(options).to_string()));
        let bound = sqlx::query(ADD_QUESTION)
            .bind(id.as_str())
            .bind(new.product.as_str())
            .bind(story.map(|id| id.as_str()))
            .bind(task.map(|id| id.as_str()))
            .bind(idea.map(|id| id.as_str()))
            .bind(run.map(|id| id.as_str()))
            .bind(asked_by.as_str())
            .bind(&new.text)
            .bind(options)
            .bind(At(expires_at))
            .bind(self.time());
        self.run(bound).await.map(drop)
    }

    async fn question(&mut self, id: &QuestionId) -> Result<Option<QuestionRecord>, StoreError> {
        self.one(sqlx::query(self.either(QUESTION, LOCK_QUESTION)).bind(id.as_str()))
            .await?
            .as_ref()
            .map(question)
            .transpose()
    }
}

fn question(row: &DbRow) -> Result<QuestionRecord, StoreError> {
    let cells = Cells(row);
    Ok(QuestionRecord {
        row: Row {
            id: cells.id("id")?,
            status: cells.word("status")?,
            asked_by: cells.id("asked_by")?,
            options: cells.json_if("options")?.unwrap_or_default(),
            expires_at: cells.time("expires_at")?,
            answer: cells.get("answer")?,
            answered_by: cells.id_if("answered_by")?,
            answered_at: cells.time_if("answered_at")?,
        },
        product: cells.id("product_id")?,
        about: about(&cells)?,
        text: cells.get("question")?,
        created_at: cells.time("created_at")?,
    })
}

fn about(cells: &Cells<'_>) -> Result<About, StoreError> {
    if let Some(story) = cells.id_if("story_id")? {
        return Ok(About::Story { story, task: cells.id_if("task_id")? });
    }
    if let Some(idea) = cells.id_if("idea_id")? {
        return Ok(About::Idea(idea));
    }
    cells.id("sprint_run_id").map(About::Run)
}
