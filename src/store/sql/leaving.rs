//! Jobs and effects that ended long ago: whether they may leave, what they are, and their removal.

use async_trait::async_trait;
use serde_json::Value;

use super::cells::Cells;
use super::dialect::{json_rows, lock, lock_to_remove, millis};
use super::left_tables::{
    ATTEMPTS, CLAUDE_JOBS, EFFECTS, SALVAGES, SENT_COMMITS, SPRINT_TASK_EXECUTIONS, WORKTREES, left_cells,
};
use super::pages::{Anything, Rough, page};
use super::statement::statements;
use super::tx::{Bound, DbTx};
use super::values::At;
use crate::domain::time::Timestamp;
use crate::store::{Leavers, Leaving, LeftRow, StoreError};

/// An effect at its end: it was done, or a person said that nobody needs it.
macro_rules! over {
    ($effect:literal) => {
        concat!(
            "(",
            $effect,
            ".status = 'DONE' OR ",
            $effect,
            ".status = 'GAVE_UP' AND ",
            $effect,
            ".gave_up_why = 'dismissed')"
        )
    };
}

/// Why an effect stays. What was done behind a dismissed one says that its lane went on, so that nobody has that one tried
/// again: it leaves after it. Of the seals, which are many, only those of the page are looked up: an EXISTS would read them
/// all.
macro_rules! effect_stays {
    () => {
        concat!(
            "CASE WHEN NOT ", over!("e"), " THEN 'open' WHEN e.finished_at >= $1 THEN 'young' \
            WHEN (SELECT s.seq FROM ledger_seals s \
                WHERE s.machine = 'effect' AND s.entity = e.id AND s.entity_seq = 1) IS NOT NULL THEN 'sealed' \
            WHEN EXISTS (SELECT 1 FROM effects o WHERE o.lane = e.lane AND o.place < e.place AND o.status <> 'DONE') \
                THEN 'lane' END"
        )
    };
}

/// What refers to a job, or is part of it and goes on.
macro_rules! held_by {
    (effects $effects:expr) => {
        concat!(
            "WHEN EXISTS (SELECT 1 FROM sprint_runs r WHERE r.id = j.sprint_run_id AND r.finished_at IS NULL) THEN 'run' ",
            "WHEN EXISTS (SELECT 1 FROM effects e WHERE e.job_id = j.id AND e.status = 'GAVE_UP' \
                AND e.gave_up_why <> 'dismissed') THEN 'given_up' ",
            "WHEN EXISTS (SELECT 1 FROM effects e WHERE e.job_id = j.id", $effects, ") THEN 'effect' ",
            "WHEN EXISTS (SELECT 1 FROM ideas i WHERE i.job_id = j.id) THEN 'idea' \
        WHEN EXISTS (SELECT 1 FROM claude_jobs c WHERE c.caused_by = j.id) THEN 'cause' \
        WHEN EXISTS (SELECT 1 FROM attempts a WHERE a.job_id = j.id AND a.ended_at IS NULL) THEN 'attempt' \
        WHEN EXISTS (SELECT 1 FROM worktrees w WHERE w.job_id = j.id AND w.finished_at IS NULL) \
            OR EXISTS (SELECT 1 FROM worktree_locks k WHERE k.job_id = j.id) THEN 'worktree' END AS stays"
        )
    };
}

/// A page of jobs, each with why it stays.
macro_rules! leaving {
    (effects $effects:expr) => {
        concat!(
            "SELECT j.id, CASE WHEN j.finished_at IS NULL THEN 'open' WHEN j.finished_at >= $1 THEN 'young' \
            WHEN (SELECT s.seq FROM ledger_seals s \
                WHERE s.machine = 'job' AND s.entity = j.id AND s.entity_seq = 1) IS NOT NULL THEN 'sealed' ",
            held_by!(effects $effects),
            " FROM claude_jobs j WHERE j.id > $2 ORDER BY j.id LIMIT $3"
        )
    };
}

macro_rules! left {
    ($table:ident, $where:literal, by $order:literal) => {
        json_rows!(
            cells left_cells!($table),
            of concat!("SELECT * FROM ", stringify!($table), " WHERE ", $where),
            by $order
        )
    };
}

statements! {
    // A page has its end whether or not anything in it may leave.
    JOBS_LEAVING = leaving!(effects "");
    // As it will be when the effects that may leave have left.
    JOBS_LEAVING_LATER = leaving!(effects concat!(" AND ", effect_stays!(), " IS NOT NULL"));
    EFFECTS_LEAVING = concat!(
        "SELECT e.id, ", effect_stays!(), " AS stays FROM effects e WHERE e.id > $2 ORDER BY e.id LIMIT $3"
    );
    // Statements of their own, before anything is looked at: what waits for a lock goes on with what it had read before.
    HOLD_JOB = concat!("SELECT j.id FROM claude_jobs j WHERE j.id = $1", lock_to_remove!("j"));
    // Nobody begins to refer to an attempt, with what was salvaged of it for one.
    HOLD_ATTEMPTS = concat!(
        "SELECT a.number FROM attempts a WHERE a.job_id = $1 ORDER BY a.number", lock_to_remove!("a")
    );
    HOLD_EXECUTIONS = concat!(
        "SELECT x.id FROM sprint_task_executions x WHERE x.sprint_job_id = $1 ORDER BY x.\"order\"", lock!("x")
    );
    HOLD_WORKTREES = concat!("SELECT w.attempt FROM worktrees w WHERE w.job_id = $1 ORDER BY w.attempt", lock_to_remove!("w"));
    JOB_STAYS = concat!(
        "SELECT CASE WHEN j.finished_at IS NULL THEN 'open' ", held_by!(effects ""), " FROM claude_jobs j WHERE j.id = $1"
    );
    EFFECT_STAYS = concat!(
        "SELECT CASE WHEN NOT ", over!("e"), " THEN 'open' END AS stays FROM effects e WHERE e.id = $1", lock!("e")
    );
    // Who notes that it was restored locks no job.
    HOLD_SALVAGES = concat!("SELECT s.attempt FROM salvages s WHERE s.job_id = $1 ORDER BY s.attempt", lock!("s"));
    JOB_LEFT = left!(claude_jobs, "id = $1", by "id");
    ATTEMPTS_LEFT = left!(attempts, "job_id = $1 ORDER BY number", by "number");
    EXECUTIONS_LEFT = left!(sprint_task_executions, "sprint_job_id = $1 ORDER BY \"order\"", by "\"order\"");
    SENT_LEFT = left!(sent_commits, "job_id = $1 ORDER BY attempt", by "attempt, sent_at, commit_sha, repo_url, branch");
    WORKTREES_LEFT = left!(worktrees, "job_id = $1 ORDER BY attempt", by "attempt");
    SALVAGES_LEFT = left!(salvages, "job_id = $1 ORDER BY attempt", by "attempt");
    EFFECT_LEFT = left!(effects, "id = $1", by "id");
    REMOVE_ANSWERS = "DELETE FROM requests WHERE token_id IN (SELECT id FROM api_tokens WHERE scope_job = $1)";
    REMOVE_TOKENS = "DELETE FROM api_tokens WHERE scope_job = $1";
    REMOVE_SENT = "DELETE FROM sent_commits WHERE job_id = $1";
    REMOVE_SALVAGES = "DELETE FROM salvages WHERE job_id = $1";
    REMOVE_WORKTREES = "DELETE FROM worktrees WHERE job_id = $1";
    REMOVE_EXECUTIONS = "DELETE FROM sprint_task_executions WHERE sprint_job_id = $1";
    REMOVE_ATTEMPTS = "DELETE FROM attempts WHERE job_id = $1";
    REMOVE_JOB = "DELETE FROM claude_jobs WHERE id = $1";
    REMOVE_EFFECT = "DELETE FROM effects WHERE id = $1";
    REMOVE_HISTORY = "DELETE FROM ledger WHERE machine = $1 AND entity = $2";
}

/// The tables of a job, itself first.
const OF_JOB: [(&str, &str, &[&str]); 6] = [
    ("claude_jobs", JOB_LEFT, CLAUDE_JOBS),
    ("attempts", ATTEMPTS_LEFT, ATTEMPTS),
    ("sprint_task_executions", EXECUTIONS_LEFT, SPRINT_TASK_EXECUTIONS),
    ("sent_commits", SENT_LEFT, SENT_COMMITS),
    ("worktrees", WORKTREES_LEFT, WORKTREES),
    ("salvages", SALVAGES_LEFT, SALVAGES),
];

/// What refers to others goes before them.
const REMOVALS: [&str; 8] = [
    REMOVE_ANSWERS,
    REMOVE_TOKENS,
    REMOVE_SENT,
    REMOVE_SALVAGES,
    REMOVE_WORKTREES,
    REMOVE_EXECUTIONS,
    REMOVE_ATTEMPTS,
    REMOVE_JOB,
];

/// The cells of a row.
#[derive(serde::Deserialize)]
struct Kept(Vec<Value>);

impl Rough for Kept {
    fn of(cells: &mut Anything) -> Self {
        Self(cells.rest())
    }
}

#[async_trait]
impl Leavers for DbTx {
    async fn jobs_leaving(
        &mut self,
        before: Timestamp,
        later: bool,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Leaving>, StoreError> {
        let text = if later { JOBS_LEAVING_LATER } else { JOBS_LEAVING };
        leaving(self, sqlx::query(text).bind(At(before)).bind(after).bind(i64::from(limit))).await
    }

    async fn effects_leaving(
        &mut self,
        before: Timestamp,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Leaving>, StoreError> {
        leaving(self, sqlx::query(EFFECTS_LEAVING).bind(At(before)).bind(after).bind(i64::from(limit))).await
    }

    async fn job_stays(&mut self, job: &str) -> Result<Option<String>, StoreError> {
        for held in [HOLD_JOB, HOLD_ATTEMPTS, HOLD_EXECUTIONS, HOLD_WORKTREES, HOLD_SALVAGES] {
            self.all(sqlx::query(held).bind(job)).await?;
        }
        let Some(row) = self.one(sqlx::query(JOB_STAYS).bind(job)).await? else { return Ok(None) };
        Cells(&row).get("stays")
    }

    async fn effect_stays(&mut self, effect: &str) -> Result<Option<String>, StoreError> {
        let Some(row) = self.one(sqlx::query(EFFECT_STAYS).bind(effect)).await? else { return Ok(None) };
        Cells(&row).get("stays")
    }

    async fn job_left(&mut self, job: &str) -> Result<Vec<LeftRow>, StoreError> {
        let mut rows = Vec::new();
        for (table, text, columns) in OF_JOB {
            left(self, &mut rows, table, columns, sqlx::query(text).bind(job)).await?;
        }
        Ok(rows)
    }

    async fn effect_left(&mut self, effect: &str) -> Result<Vec<LeftRow>, StoreError> {
        let mut rows = Vec::new();
        left(self, &mut rows, "effects", EFFECTS, sqlx::query(EFFECT_LEFT).bind(effect)).await?;
        Ok(rows)
    }

    async fn remove_job(&mut self, job: &str) -> Result<(), StoreError> {
        for text in REMOVALS {
            self.run(sqlx::query(text).bind(job)).await?;
        }
        Ok(())
    }

    async fn remove_effect(&mut self, effect: &str) -> Result<(), StoreError> {
        self.run(sqlx::query(REMOVE_EFFECT).bind(effect)).await.map(drop)
    }

    async fn remove_history(&mut self, machine: &str, entity: &str) -> Result<u64, StoreError> {
        self.run(sqlx::query(REMOVE_HISTORY).bind(machine).bind(entity)).await
    }
}

async fn leaving(tx: &mut DbTx, bound: Bound<'_>) -> Result<Vec<Leaving>, StoreError> {
    let rows = tx.all(bound).await?;
    rows.iter()
        .map(|row| Ok(Leaving { id: Cells(row).get("id")?, stays: Cells(row).get("stays")? }))
        .collect()
}

async fn left(
    tx: &mut DbTx,
    rows: &mut Vec<LeftRow>,
    table: &'static str,
    columns: &'static [&'static str],
    bound: Bound<'_>,
) -> Result<(), StoreError> {
    let found: Vec<Kept> = page(tx.one(bound).await?)?;
    if found.iter().any(|Kept(cells)| cells.len() != columns.len()) {
        return Err(StoreError::Inconsistent { what: format!("a row of {table} has other columns") });
    }
    rows.extend(found.into_iter().map(|Kept(cells)| LeftRow { table, columns, cells }));
    Ok(())
}
