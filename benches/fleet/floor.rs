//! The floor: pgbench, which claims and completes rows of a bare table through a partial index. No ledger, no fence, no
//! event.

use sqlx::{Connection, Executor, PgConnection};

use crate::Result;
use crate::server::{Server, done};

const TABLE: &str = "CREATE TABLE jobs (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    status text NOT NULL DEFAULT 'QUEUED',
    created_at timestamptz NOT NULL DEFAULT now(),
    worker text,
    claimed_at timestamptz,
    started_at timestamptz,
    finished_at timestamptz
);
CREATE INDEX jobs_queued ON jobs (created_at, id) WHERE status = 'QUEUED'";

macro_rules! claim {
    ($worker:literal) => {
        concat!(
            "UPDATE jobs SET status = 'CLAIMED', worker = ",
            $worker,
            ", claimed_at = now() WHERE id = (SELECT id FROM jobs WHERE status = 'QUEUED' ",
            "ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id"
        )
    };
}

/// The claim as a statement.
pub(crate) const CLAIM_ONE: &str = claim!("'w'");
const CLAIM: &str = concat!(claim!(":client_id"), " \\gset\n");
const RUNNING: &str = "UPDATE jobs SET status = 'RUNNING', started_at = now() WHERE id = :id;\n";
const DONE: &str = "UPDATE jobs SET status = 'DONE', finished_at = now() WHERE id = :id;\n";
const ALL_DONE: &str =
    "UPDATE jobs SET status = 'DONE', finished_at = now() WHERE id = ANY (CAST(:ids AS bigint[]));\n";

/// Claims so many in one statement, and completes them in another.
fn claimed_and_done(batch: u32) -> String {
    format!(
        "WITH it AS (UPDATE jobs SET status = 'CLAIMED', worker = :client_id, claimed_at = now() WHERE id IN (\
        SELECT id FROM jobs WHERE status = 'QUEUED' ORDER BY created_at, id LIMIT {batch} FOR UPDATE SKIP LOCKED) \
        RETURNING id) SELECT array_agg(id) AS ids FROM it \\gset\n{ALL_DONE}"
    )
}

/// Adds so many in one statement, and completes them in another.
fn born_and_done(batch: u32) -> String {
    format!(
        "WITH it AS (INSERT INTO jobs (created_at) SELECT now() FROM generate_series(1, {batch}) RETURNING id) \
        SELECT array_agg(id) AS ids FROM it \\gset\n{ALL_DONE}"
    )
}

pub(crate) struct Floor<'a> {
    server: &'a Server,
    database: String,
    sql: PgConnection,
    scripts: tempfile::TempDir,
}

impl<'a> Floor<'a> {
    /// A database with the bare table.
    pub(crate) async fn new(server: &'a Server, database: &str) -> Result<Self> {
        let url = server.database(database)?;
        let mut sql = PgConnection::connect(&url).await?;
        sql.execute(TABLE).await?;
        let scripts = tempfile::tempdir()?;
        Ok(Self { server, database: database.to_owned(), sql, scripts })
    }

    /// Fills the queue up, so that so many wait.
    pub(crate) async fn queue(&mut self, wanted: u32) -> Result<()> {
        let waiting: i64 = sqlx::query_scalar("SELECT count(*) FROM jobs WHERE status = 'QUEUED'")
            .fetch_one(&mut self.sql)
            .await?;
        let (missing, new) = (i64::from(wanted) - waiting, waiting == 0);
        sqlx::query("INSERT INTO jobs (created_at) SELECT now() FROM generate_series(1, $1)")
            .bind(missing)
            .execute(&mut self.sql)
            .await?;
        if new {
            self.sql.execute("VACUUM (ANALYZE) jobs").await?;
        }
        Ok(())
    }

    /// Lives so many times over all clients, three transactions each; how many a second.
    pub(crate) fn rate(&self, clients: u32, times: u32) -> Result<f64> {
        self.run(&format!("{CLAIM}{RUNNING}{DONE}"), clients, times)
    }

    /// One client claims and completes so many jobs, in batches of that size; how many a second.
    pub(crate) fn claims(&self, batch: u32, jobs: u32) -> Result<f64> {
        Ok(self.run(&claimed_and_done(batch), 1, jobs / batch)? * f64::from(batch))
    }

    /// The same of jobs that it adds.
    pub(crate) fn births(&self, batch: u32, jobs: u32) -> Result<f64> {
        Ok(self.run(&born_and_done(batch), 1, jobs / batch)? * f64::from(batch))
    }

    fn run(&self, script: &str, clients: u32, times: u32) -> Result<f64> {
        let file = self.scripts.path().join("script");
        std::fs::write(&file, script)?;
        let said = done(
            self.server
                .tool("pgbench")
                .args(["--no-vacuum", "--protocol=prepared"])
                .args(["--client", &clients.to_string(), "--jobs", &clients.min(2).to_string()])
                .args(["--transactions", &(times / clients).to_string()])
                .arg("--file")
                .arg(file)
                .arg(&self.database),
        )?;
        let tps = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        tps.ok_or_else(|| format!("pgbench said no rate: {said}").into())
    }
}
