//! The ledger, read.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::cells::Cells;
use super::dialect::{json_rows, millis};
use super::pages::{Anything, Rough, page};
use super::statement::statements;
use super::tx::DbTx;
use crate::domain::time::Timestamp;
use crate::store::{Current, Ledger, LedgerEntry, StoreError};

/// A page of the ledger's rows.
macro_rules! entries {
    ($rest:literal, by $order:literal) => {
        json_rows!(
            cells concat!("seq, machine, entity, entity_seq, from_status, event, to_status, actor_kind, actor_id, \
                attempt, ", millis!("at"), ", CAST(facts AS TEXT), evidence, prev_hash, hash"),
            of concat!("SELECT * FROM ledger WHERE ", $rest),
            by $order
        )
    };
}

macro_rules! current {
    ($table:literal) => {
        json_rows!(
            cells "id, status, status_event, ledger_seq",
            of concat!("SELECT id, status, status_event, ledger_seq FROM ", $table, " WHERE id >= $1 ORDER BY id LIMIT $2"),
            by "id"
        )
    };
}

/// How many births, from the highest id on, are looked through for the end of an id.
const RECENT: i64 = 10_000;

statements! {
    HISTORY = entries!("machine = $1 AND entity = $2 ORDER BY entity_seq LIMIT $3", by "entity_seq");
    AFTER = entries!("seq > $1 ORDER BY seq LIMIT $2", by "seq");
    END = entries!("seq > $1 ORDER BY seq DESC LIMIT $2", by "seq DESC");
    HISTORIES = entries!("machine = $1 AND (entity, entity_seq) > ($2, $3) ORDER BY entity, entity_seq LIMIT $4",
        by "entity, entity_seq");
    BEGINNING_WITH = "SELECT entity FROM ledger WHERE machine = $1 AND entity >= $2 AND entity < $3 AND entity_seq = 1 \
        ORDER BY entity LIMIT $4";
    RECENT_ENDING_WITH = "SELECT entity FROM (SELECT entity FROM ledger WHERE machine = $1 AND entity_seq = 1 \
            ORDER BY entity DESC LIMIT $3) AS recent \
        WHERE substr(entity, length(entity) - length($2) + 1) = $2 LIMIT $4";
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
        let bound = sqlx::query(HISTORY).bind(machine).bind(entity).bind(i64::from(limit));
        page(self.one(bound).await?)
    }

    async fn ledger_after(&mut self, seq: i64, limit: u32) -> Result<Vec<LedgerEntry>, StoreError> {
        page(self.one(sqlx::query(AFTER).bind(seq).bind(i64::from(limit))).await?)
    }

    async fn ledger_end(&mut self, limit: u32) -> Result<Vec<LedgerEntry>, StoreError> {
        let mut rows: Vec<LedgerEntry> =
            page(self.one(sqlx::query(END).bind(0_i64).bind(i64::from(limit))).await?)?;
        rows.reverse();
        Ok(rows)
    }

    async fn histories(
        &mut self,
        machine: &str,
        entity: &str,
        after: i64,
        limit: u32,
    ) -> Result<Vec<LedgerEntry>, StoreError> {
        let bound = sqlx::query(HISTORIES).bind(machine).bind(entity).bind(after).bind(i64::from(limit));
        page(self.one(bound).await?)
    }

    async fn entities_named(
        &mut self,
        machine: &str,
        part: &str,
        limit: u32,
    ) -> Result<Vec<String>, StoreError> {
        let limit = i64::from(limit);
        let behind = format!("{part}{}", char::MAX);
        let begin = sqlx::query(BEGINNING_WITH).bind(machine).bind(part).bind(behind).bind(limit);
        let end = sqlx::query(RECENT_ENDING_WITH).bind(machine).bind(part).bind(RECENT).bind(limit);
        let mut rows = self.all(begin).await?;
        rows.extend(self.all(end).await?);
        let named: Result<BTreeSet<String>, _> = rows.iter().map(|row| Cells(row).get("entity")).collect();
        Ok(named?.into_iter().collect())
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
        page(self.one(sqlx::query(text).bind(from).bind(i64::from(limit))).await?)
    }
}

impl Rough for LedgerEntry {
    fn of(cells: &mut Anything) -> Self {
        Self {
            seq: cells.number(),
            machine: cells.text(),
            entity: cells.text(),
            entity_seq: cells.number(),
            from: cells.text_if(),
            event: cells.text(),
            to: cells.text(),
            actor_kind: cells.text(),
            actor_id: cells.text(),
            attempt: cells.number_if(),
            at: Timestamp(cells.number()),
            facts: cells.text(),
            evidence: cells.text_if(),
            prev_hash: cells.text(),
            hash: cells.text(),
        }
    }
}

impl Rough for Current {
    fn of(cells: &mut Anything) -> Self {
        Self { entity: cells.text(), status: cells.text(), event: cells.text(), ledger_seq: cells.number() }
    }
}
