//! SQL on a SQLite file, past the program.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Connection, Executor, Row};

use crate::conformance::{Failed, Picture, Raw, Spelling};

/// How long it waits for whoever writes.
const PATIENCE: Duration = Duration::from_secs(30);

/// How it spells things.
pub const SPELLING: Spelling = Spelling { time: |millis| millis.to_string(), replaces: true };

pub(super) struct SqliteRaw(SqliteConnection);

impl SqliteRaw {
    pub(super) async fn connect(path: &Path, keys: bool) -> Result<Self, Failed> {
        let options = SqliteConnectOptions::new().filename(path).foreign_keys(keys).busy_timeout(PATIENCE);
        Ok(Self(
            SqliteConnection::connect_with(&options)
                .await
                .map_err(Failed::database("cannot open the file"))?,
        ))
    }
}

#[async_trait]
impl Raw for SqliteRaw {
    async fn attempt(&mut self, sql: &str) -> Result<Result<(), String>, Failed> {
        let failed = || Failed::database(sql);
        let mut tx = self.0.begin().await.map_err(failed())?;
        let said = tx.execute(AssertSqlSafe(sql)).await;
        tx.rollback().await.map_err(failed())?;
        match said {
            Ok(_) => Ok(Ok(())),
            Err(sqlx::Error::Database(error)) => Ok(Err(error.message().to_owned())),
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
        self.one("PRAGMA data_version").await
    }

    async fn picture(&mut self) -> Result<Picture, Failed> {
        let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
            AND name <> '_sqlx_migrations'";
        let mut picture = Picture::new();
        for table in self.rows(tables).await?.into_iter().flatten().flatten() {
            let columns = format!("SELECT name FROM pragma_table_info('{table}')");
            let columns = self.rows(&columns).await?.into_iter().flatten().flatten();
            let cells: Vec<String> = columns.map(|column| format!("'{column}', \"{column}\"")).collect();
            let rows = self.rows(&format!("SELECT json_object({}) FROM {table}", cells.join(", "))).await?;
            let mut rows: Vec<String> = rows.into_iter().flatten().flatten().collect();
            rows.sort_unstable();
            picture.insert(table, rows);
        }
        Ok(picture)
    }
}

fn cells(row: &SqliteRow) -> Result<Vec<Option<String>>, sqlx::Error> {
    (0..row.len()).map(|place| row.try_get_unchecked(place)).collect()
}
