//! The original's SQL (`original` 1.2, 2.3, 4.2 to 4.8, 6), driven from this process over one prepared connection a worker.
//! That flatters it: the original speaks through an ORM, opens a connection for every notification, and reads the
//! context of a job in a dozen queries, which are left out.

use std::sync::Arc;

use sqlx::{Connection, Executor, PgConnection, Row};
use tokio::sync::Mutex;

use crate::fleet::rate;
use crate::{Bench, Result};

const TABLES: &str = "
CREATE TYPE job_status AS ENUM ('QUEUED', 'CLAIMED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED', 'SKIPPED');
CREATE TABLE users (id text PRIMARY KEY, is_demo boolean NOT NULL DEFAULT FALSE);
CREATE TABLE api_tokens (id text PRIMARY KEY, user_id text NOT NULL, token_hash text UNIQUE, revoked_at timestamp(3));
CREATE TABLE pbis (id text PRIMARY KEY, status text NOT NULL);
CREATE TABLE sprints (id text PRIMARY KEY, status text NOT NULL);
CREATE TABLE sprint_runs (id text PRIMARY KEY, sprint_id text NOT NULL, status text NOT NULL, started_at timestamp(3),
    finished_at timestamp(3), updated_at timestamp(3));
CREATE INDEX ON sprint_runs (sprint_id, status);
CREATE TABLE stories (id text PRIMARY KEY, pbi_id text NOT NULL, sprint_id text, status text NOT NULL);
CREATE INDEX ON stories (pbi_id);
CREATE INDEX ON stories (sprint_id);
CREATE TABLE tasks (id text PRIMARY KEY, story_id text NOT NULL, implementation_plan text, verify_only boolean NOT NULL
    DEFAULT FALSE, verify_required text NOT NULL DEFAULT 'ALIGNED_OR_PARTIAL', status text NOT NULL);
CREATE INDEX ON tasks (story_id);
CREATE TABLE claude_jobs (id text PRIMARY KEY, user_id text NOT NULL, product_id text NOT NULL, task_id text, idea_id text,
    sprint_run_id text, kind text NOT NULL, status job_status NOT NULL DEFAULT 'QUEUED', claimed_by_token_id text,
    claimed_at timestamp(3), started_at timestamp(3), finished_at timestamp(3), pushed_at timestamp(3), verify_result text,
    plan_snapshot text, branch text, pr_url text, head_sha text, summary text, error text, retry_count int NOT NULL
    DEFAULT 0, lease_until timestamp(3), created_at timestamp(3) NOT NULL, updated_at timestamp(3) NOT NULL);
CREATE INDEX ON claude_jobs (user_id, status);
CREATE INDEX ON claude_jobs (task_id, status);
CREATE INDEX ON claude_jobs (idea_id, status);
CREATE INDEX ON claude_jobs (sprint_run_id, status);
CREATE INDEX ON claude_jobs (status, claimed_at);
CREATE INDEX ON claude_jobs (status, finished_at);
CREATE INDEX ON claude_jobs (status, lease_until);
INSERT INTO users VALUES ('u');
INSERT INTO api_tokens VALUES ('t', 'u', 'hash');
";

/// The same backlog as ours: stories of 5 tasks, items of 25, sprints and runs of 50. $1 and $2 are the first number and
/// the one after the last.
const FILL: [&str; 6] = [
    "INSERT INTO sprints SELECT 'sp' || n, 'OPEN' FROM generate_series(($1 + 49) / 50, ($2 + 49) / 50 - 1) AS n",
    "INSERT INTO sprint_runs SELECT 'r' || n, 'sp' || n, 'QUEUED' \
        FROM generate_series(($1 + 49) / 50, ($2 + 49) / 50 - 1) AS n",
    "INSERT INTO pbis SELECT 'b' || n, 'READY' FROM generate_series(($1 + 24) / 25, ($2 + 24) / 25 - 1) AS n",
    "INSERT INTO stories SELECT 'st' || n, 'b' || (n / 5), 'sp' || (n / 10), 'IN_SPRINT' \
        FROM generate_series(($1 + 4) / 5, ($2 + 4) / 5 - 1) AS n",
    "INSERT INTO tasks (id, story_id, implementation_plan, status) SELECT 'j' || n, 'st' || (n / 5), 'change `a.rs`', \
        'TO_DO' FROM generate_series($1, $2 - 1) AS n",
    "INSERT INTO claude_jobs (id, user_id, product_id, task_id, sprint_run_id, kind, created_at, updated_at) \
        SELECT 'j' || n, 'u', 'p', 'j' || n, 'r' || (n / 50), 'TASK_IMPLEMENTATION', \
        timestamp '2026-01-01' + n * interval '1 ms', now() FROM generate_series($1, $2 - 1) AS n",
];

const TOKEN: &str = "SELECT t.id, t.user_id, u.is_demo FROM api_tokens t JOIN users u ON u.id = t.user_id \
    WHERE t.token_hash = $1 AND t.revoked_at IS NULL";
const STALE: [&str; 2] = [
    "UPDATE claude_jobs SET status = 'FAILED', finished_at = now(), error = 'agent did not complete job within 2 attempts' \
        WHERE user_id = $1 AND status IN ('CLAIMED', 'RUNNING') AND retry_count >= 2 AND (lease_until < now() \
        OR (lease_until IS NULL AND claimed_at < now() - interval '30 minutes')) RETURNING id",
    "UPDATE claude_jobs SET status = 'QUEUED', claimed_by_token_id = NULL, claimed_at = NULL, plan_snapshot = NULL, \
        lease_until = NULL, retry_count = retry_count + 1 \
        WHERE user_id = $1 AND status IN ('CLAIMED', 'RUNNING') AND retry_count < 2 AND (lease_until < now() \
        OR (lease_until IS NULL AND claimed_at < now() - interval '30 minutes')) RETURNING id",
];
const NEXT: &str = "SELECT j.id, t.implementation_plan, j.sprint_run_id FROM claude_jobs j \
    LEFT JOIN tasks t ON t.id = j.task_id LEFT JOIN sprint_runs r ON r.id = j.sprint_run_id \
    WHERE j.user_id = $1 AND j.status = 'QUEUED' AND (j.kind IN ('IDEA_GRILL', 'IDEA_MAKE_PLAN', 'PLAN_CHAT') \
        OR (j.kind IN ('TASK_IMPLEMENTATION', 'SPRINT_IMPLEMENTATION') AND j.sprint_run_id IS NOT NULL \
            AND r.status IN ('QUEUED', 'RUNNING'))) \
    ORDER BY j.created_at ASC LIMIT 1 FOR UPDATE OF j SKIP LOCKED";
const TAKE: &str = "UPDATE claude_jobs SET status = 'CLAIMED', claimed_by_token_id = 't', claimed_at = now(), \
    plan_snapshot = $2, lease_until = now() + interval '5 minutes', updated_at = now() WHERE id = $1";
const TAKE_RUN: &str = "UPDATE sprint_runs SET status = 'RUNNING', started_at = coalesce(started_at, now()), \
    updated_at = now() WHERE id = $1 AND status = 'QUEUED'";
const FIND: &str = "SELECT j.status::text, j.claimed_by_token_id, t.id, t.story_id, t.verify_only, t.verify_required \
    FROM claude_jobs j LEFT JOIN tasks t ON t.id = j.task_id WHERE j.id = $1";
const RUNNING: &str =
    "UPDATE claude_jobs SET status = 'RUNNING', started_at = now(), updated_at = now() WHERE id = $1";
const DONE: &str = "UPDATE claude_jobs SET status = 'DONE', finished_at = now(), summary = 'all of it', \
    updated_at = now() WHERE id = $1";
const NOTIFY: &str = "SELECT pg_notify('scrum4me_changes', $1)";
const LEFT: &str = "SELECT count(*) FROM claude_jobs WHERE user_id = $1 AND status = 'QUEUED'";

/// A database in the original's form.
pub(crate) struct Original {
    url: String,
    pub(crate) sql: PgConnection,
    filled: i32,
}

impl Original {
    pub(crate) async fn new(bench: &Bench, database: &str) -> Result<Self> {
        let url = bench.server.database(database)?;
        let mut sql = PgConnection::connect(&url).await?;
        sql.execute(TABLES).await?;
        Ok(Self { url, sql, filled: 0 })
    }

    /// Fills the queue up, so that at least so many wait.
    pub(crate) async fn queue(&mut self, wanted: u32) -> Result<()> {
        let waiting: i64 = sqlx::query_scalar(LEFT).bind("u").fetch_one(&mut self.sql).await?;
        let missing = wanted.saturating_sub(u32::try_from(waiting)?).next_multiple_of(100);
        let upto = self.filled + i32::try_from(missing)?;
        for text in FILL {
            sqlx::query(text).bind(self.filled).bind(upto).execute(&mut self.sql).await?;
        }
        if self.filled == 0 {
            self.sql.execute("VACUUM (ANALYZE)").await?;
        }
        self.filled = upto;
        Ok(())
    }

    /// So many lives over all workers; how many a second.
    pub(crate) async fn lives(&self, workers: u32, lives: u32) -> Result<f64> {
        let mut connections = Vec::new();
        for _ in 0..workers {
            connections.push(Arc::new(Mutex::new(PgConnection::connect(&self.url).await?)));
        }
        rate(workers, lives, |number| {
            let mine = connections.get(number as usize).cloned().ok_or("no connection")?;
            Ok(move || {
                let mine = Arc::clone(&mine);
                async move { life(&mut *mine.lock().await).await }
            })
        })
        .await
    }
}

async fn life(sql: &mut PgConnection) -> Result<bool> {
    let Some(job) = claim(sql).await? else { return Ok(false) };
    for (update, ends) in [(RUNNING, false), (DONE, true)] {
        sqlx::query(TOKEN).bind("hash").fetch_one(&mut *sql).await?;
        let found = sqlx::query(FIND).bind(&job).fetch_one(&mut *sql).await?;
        sqlx::query(update).bind(&job).execute(&mut *sql).await?;
        if ends {
            propagate(sql, found.get(2), found.get(3)).await?;
        }
        let said = format!("{{\"type\":\"claude_job_status\",\"job_id\":\"{job}\",\"user_id\":\"u\"}}");
        sqlx::query(NOTIFY).bind(said).execute(&mut *sql).await?;
        sqlx::query(LEFT).bind("u").fetch_one(&mut *sql).await?;
    }
    Ok(true)
}

/// The stale reset and the claim.
pub(crate) async fn claim(sql: &mut PgConnection) -> Result<Option<String>> {
    sqlx::query(TOKEN).bind("hash").fetch_one(&mut *sql).await?;
    for text in STALE {
        sqlx::query(text).bind("u").fetch_all(&mut *sql).await?;
    }
    let mut tx = sql.begin().await?;
    let Some(next) = sqlx::query(NEXT).bind("u").fetch_optional(&mut *tx).await? else { return Ok(None) };
    let (job, plan, run): (String, Option<String>, Option<String>) = (next.get(0), next.get(1), next.get(2));
    sqlx::query(TAKE).bind(&job).bind(plan.unwrap_or_default()).execute(&mut *tx).await?;
    sqlx::query(TAKE_RUN).bind(run).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(Some(job))
}

/// Task, story, item and sprint, derived one after the other (`original` 2.3).
async fn propagate(sql: &mut PgConnection, task: String, story: String) -> Result<()> {
    let mut tx = sql.begin().await?;
    sqlx::query("UPDATE tasks SET status = 'DONE' WHERE id = $1").bind(&task).execute(&mut *tx).await?;
    let row = sqlx::query("SELECT pbi_id, sprint_id, status FROM stories WHERE id = $1").bind(&story);
    let row = row.fetch_one(&mut *tx).await?;
    let (pbi, sprint, was): (String, String, String) = (row.get(0), row.get(1), row.get(2));
    let all = |row: &[sqlx::postgres::PgRow]| row.iter().all(|row| row.get::<String, _>(0) == "DONE");
    let tasks =
        sqlx::query("SELECT status FROM tasks WHERE story_id = $1").bind(&story).fetch_all(&mut *tx).await?;
    if all(&tasks) && was != "DONE" {
        sqlx::query("UPDATE stories SET status = 'DONE' WHERE id = $1")
            .bind(&story)
            .execute(&mut *tx)
            .await?;
    }
    let stories =
        sqlx::query("SELECT status FROM stories WHERE pbi_id = $1").bind(&pbi).fetch_all(&mut *tx).await?;
    if all(&stories) {
        sqlx::query("UPDATE pbis SET status = 'DONE' WHERE id = $1").bind(&pbi).execute(&mut *tx).await?;
    }
    let pbis = sqlx::query(
        "SELECT DISTINCT p.status FROM stories s JOIN pbis p ON p.id = s.pbi_id WHERE s.sprint_id = $1",
    );
    let pbis = pbis.bind(&sprint).fetch_all(&mut *tx).await?;
    if all(&pbis) {
        sqlx::query("UPDATE sprints SET status = 'CLOSED' WHERE id = $1")
            .bind(&sprint)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "UPDATE sprint_runs SET status = 'DONE', finished_at = now() \
            WHERE sprint_id = $1 AND status IN ('QUEUED', 'RUNNING', 'PAUSED')",
        )
        .bind(&sprint)
        .execute(&mut *tx)
        .await?;
    }
    Ok(tx.commit().await?)
}
