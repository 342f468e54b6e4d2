//! SQL on a PostgreSQL server, past the program.

use async_trait::async_trait;
use sqlx::postgres::{PgDatabaseError, PgRow};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};

use crate::conformance::{Failed, Picture, Raw, Spelling};

/// How it spells things: a moment in seconds, as digits.
pub const SPELLING: Spelling = Spelling {
    time: |millis| {
        let (second, rest) = (millis.div_euclid(1000), millis.rem_euclid(1000));
        format!("to_timestamp({second}.{rest:03})")
    },
    replaces: false,
};

/// What it says when a CHECK does not hold.
const CHECK: &str = "23514";

pub(super) struct PostgresRaw(PgConnection);

impl PostgresRaw {
    pub(super) async fn connect(url: &str) -> Result<Self, Failed> {
        let connection = PgConnection::connect(url).await;
        Ok(Self(connection.map_err(Failed::database("cannot connect to the server"))?))
    }

    async fn tables(&mut self) -> Result<Vec<String>, Failed> {
        let tables =
            "SELECT CAST(tablename AS text) FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1";
        Ok(self.rows(tables).await?.into_iter().flatten().flatten().collect())
    }
}

#[async_trait]
impl Raw for PostgresRaw {
    async fn attempt(&mut self, sql: &str) -> Result<Result<(), String>, Failed> {
        let failed = || Failed::database(sql);
        let mut tx = self.0.begin().await.map_err(failed())?;
        let said = tx.execute(AssertSqlSafe(sql)).await;
        tx.rollback().await.map_err(failed())?;
        match said {
            Ok(_) => Ok(Ok(())),
            Err(sqlx::Error::Database(error)) => Ok(Err(words(error.downcast_ref::<PgDatabaseError>()))),
            Err(other) => Err(failed()(other)),
        }
    }

    async fn run(&mut self, sql: &str) -> Result<(), Failed> {
        self.0.execute(AssertSqlSafe(sql)).await.map_err(Failed::database(sql)).map(drop)
    }

    async fn rows(&mut self, sql: &str) -> Result<Vec<Vec<Option<String>>>, Failed> {
        let rows = self.0.fetch_all(AssertSqlSafe(sql)).await.map_err(Failed::database(sql))?;
        rows.iter().map(cells).collect::<Result<_, _>>().map_err(Failed::database(sql))
    }

    async fn mark(&mut self) -> Result<String, Failed> {
        // A row that came or changed bears the newest transaction; of those that only went the number tells.
        let marks = self.tables().await?.into_iter().map(|table| {
            format!(
                "SELECT '{table}' AS t, CAST(count(*) AS text) || ' ' || \
                    coalesce(CAST(max(CAST(CAST(xmin AS text) AS bigint)) AS text), '') AS m FROM {table}"
            )
        });
        let marks: Vec<String> = marks.collect();
        self.one(&format!(
            "SELECT string_agg(m, ',' ORDER BY t) FROM ({}) AS marks",
            marks.join(" UNION ALL ")
        ))
        .await
    }

    async fn picture(&mut self) -> Result<Picture, Failed> {
        let tables = self.tables().await?;
        let mut picture: Picture = tables.iter().map(|table| (table.clone(), Vec::new())).collect();
        let texts = tables
            .iter()
            .map(|table| format!("SELECT '{table}', CAST(to_jsonb(t) AS text) FROM {table} AS t"));
        let texts: Vec<String> = texts.collect();
        for row in self.rows(&texts.join(" UNION ALL ")).await? {
            if let [Some(table), Some(row)] = row.as_slice() {
                picture.entry(table.clone()).or_default().push(row.clone());
            }
        }
        picture.values_mut().for_each(|rows| rows.sort_unstable());
        Ok(picture)
    }
}

/// In SQLite's words where the two name the same.
fn words(said: &PgDatabaseError) -> String {
    match (said.code(), said.constraint()) {
        (CHECK, Some(name)) => format!("CHECK constraint failed: {name}"),
        _ => said.message().to_owned(),
    }
}

fn cells(row: &PgRow) -> Result<Vec<Option<String>>, sqlx::Error> {
    (0..row.len()).map(|place| row.try_get_unchecked(place)).collect()
}
