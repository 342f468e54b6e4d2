//! The ledger, read.

use async_trait::async_trait;

use super::cells::Cells;
use super::dialect::{DbRow, json_rows, millis};
use super::statement::statements;
use super::tx::DbTx;
use super::values::Document;
use crate::store::{Current, Ledger, LedgerEntry, StoreError};

macro_rules! entries {
    ($rest:literal) => {
        concat!(
            "SELECT seq, machine, entity, entity_seq, from_status, event, to_status, actor_kind, actor_id, ",
            "attempt, at, facts, evidence, prev_hash, hash FROM ledger WHERE ",
            $rest
        )
    };
}

macro_rules! current {
    ($table:literal) => {
        concat!(
            "SELECT id, status, status_event, ledger_seq FROM ",
            $table,
            " WHERE id >= $1 ORDER BY id LIMIT $2"
        )
    };
}

statements! {
    HISTORY = entries!("machine = $1 AND entity = $2 ORDER BY entity_seq LIMIT $3");
    AFTER = entries!("seq > $1 ORDER BY seq LIMIT $2");
    END = entries!("seq > 0 ORDER BY seq DESC LIMIT $1");
    HISTORIES = json_rows!(
        cells concat!("seq, machine, entity, entity_seq, from_status, event, to_status, actor_kind, actor_id, \
            attempt, ", millis!("at"), ", CAST(facts AS TEXT), evidence, prev_hash, hash"),
        of "SELECT * FROM ledger WHERE machine = $1 AND (entity, entity_seq) > ($2, $3) \
            ORDER BY entity, entity_seq LIMIT $4",
        by "entity, entity_seq"
    );
    ENTITIES_NAMED = "SELECT entity FROM ledger WHERE machine = $1 AND entity_seq = 1 \
        AND (substr(entity, 1, length($2)) = $2 \
            OR substr(entity, length(entity) - length($2) + 1) = $2) ORDER BY entity LIMIT $3";
    CURRENT_JOBS = current!("claude_jobs");
    CURRENT_ATTEMPTS = current!("attempts");
    CURRENT_RUNS = current!("sprint_runs");
    CURRENT_TASKS = current!("tasks");
    CURRENT_STORIES = current!("stories");
    CURRENT_PBIS = current!("pbis");
    CURRENT_SPRINTS = current!("sprints");
    CURRENT_EXECUTIONS = current!("sprint_task_executions");
    CURRENT_IDEAS = current!("ideas");
    CURRENT_QUESTIONS = current!("claude_questions");
    CURRENT_PULL_REQUESTS = current!("pull_requests");
    CURRENT_WORKTREES = current!("worktrees");
    CURRENT_WORKERS = current!("claude_workers");
    CURRENT_EFFECTS = current!("effects");
}

#[async_trait]
impl Ledger for DbTx {
    async fn history(
        &mut self,
        machine: &str,
        entity: &str,
        limit: u32,
    ) -> Result<Vec<LedgerEntry>, StoreError> {
        let rows = self.all(sqlx::query(HISTORY).bind(machine).bind(entity).bind(i64::from(limit))).await?;
        rows.iter().map(entry).collect()
    }

    async fn ledger_after(&mut self, seq: i64, limit: u32) -> Result<Vec<LedgerEntry>, StoreError> {
        let rows = self.all(sqlx::query(AFTER).bind(seq).bind(i64::from(limit))).await?;
        rows.iter().map(entry).collect()
    }

    async fn ledger_end(&mut self, limit: u32) -> Result<Vec<LedgerEntry>, StoreError> {
        let rows = self.all(sqlx::query(END).bind(i64::from(limit))).await?;
        rows.iter().rev().map(entry).collect()
    }

    async fn histories(
        &mut self,
        machine: &str,
        entity: &str,
        after: i64,
        limit: u32,
    ) -> Result<Vec<LedgerEntry>, StoreError> {
        let bound = sqlx::query(HISTORIES).bind(machine).bind(entity).bind(after).bind(i64::from(limit));
        packed(self.one(bound).await?)
    }

    async fn entities_named(
        &mut self,
        machine: &str,
        part: &str,
        limit: u32,
    ) -> Result<Vec<String>, StoreError> {
        let rows =
            self.all(sqlx::query(ENTITIES_NAMED).bind(machine).bind(part).bind(i64::from(limit))).await?;
        rows.iter().map(|row| Cells(row).get("entity")).collect()
    }

    async fn current(&mut self, machine: &str, from: &str, limit: u32) -> Result<Vec<Current>, StoreError> {
        let text = match machine {
            "job" => CURRENT_JOBS,
            "attempt" => CURRENT_ATTEMPTS,
            "sprint_run" => CURRENT_RUNS,
            "task" => CURRENT_TASKS,
            "story" => CURRENT_STORIES,
            "pbi" => CURRENT_PBIS,
            "sprint" => CURRENT_SPRINTS,
            "task_execution" => CURRENT_EXECUTIONS,
            "idea" => CURRENT_IDEAS,
            "question" => CURRENT_QUESTIONS,
            "pull_request" => CURRENT_PULL_REQUESTS,
            "worktree" => CURRENT_WORKTREES,
            "worker" => CURRENT_WORKERS,
            "effect" => CURRENT_EFFECTS,
            other => return Err(StoreError::Inconsistent { what: format!("there is no machine {other}") }),
        };
        let rows = self.all(sqlx::query(text).bind(from).bind(i64::from(limit))).await?;
        rows.iter().map(current).collect()
    }
}

fn entry(row: &DbRow) -> Result<LedgerEntry, StoreError> {
    let cells = Cells(row);
    Ok(LedgerEntry {
        seq: cells.get("seq")?,
        machine: cells.get("machine")?,
        entity: cells.get("entity")?,
        entity_seq: cells.get("entity_seq")?,
        from: cells.get("from_status")?,
        event: cells.get("event")?,
        to: cells.get("to_status")?,
        actor_kind: cells.get("actor_kind")?,
        actor_id: cells.get("actor_id")?,
        attempt: cells.number_if("attempt")?,
        at: cells.time("at")?,
        facts: cells.get::<Document>("facts")?.0,
        evidence: cells.get("evidence")?,
        prev_hash: cells.get("prev_hash")?,
        hash: cells.get("hash")?,
    })
}

/// A page of rows that leaves the database as one JSON document: cell by cell takes several times as long.
pub(super) fn packed<R: serde::de::DeserializeOwned>(page: Option<DbRow>) -> Result<Vec<R>, StoreError> {
    let Some(page) = page else { return Ok(Vec::new()) };
    let Some(Document(text)) = Cells(&page).get::<Option<Document>>("page")? else { return Ok(Vec::new()) };
    serde_json::from_str(&text)
        .map_err(|error| StoreError::Inconsistent { what: format!("a page of the ledger: {error}") })
}

fn current(row: &DbRow) -> Result<Current, StoreError> {
    let cells = Cells(row);
    Ok(Current {
        entity: cells.get("id")?,
        status: cells.get("status")?,
        event: cells.get("status_event")?,
        ledger_seq: cells.get("ledger_seq")?,
    })
}
