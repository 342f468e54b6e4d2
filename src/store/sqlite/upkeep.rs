//! A file as something that a person keeps.

use std::fs::File;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};

use super::error::store_error;
use super::open::{MIGRATIONS, migrated, private_file, refuse_foreign};
use super::opened::Opened;
use super::tx::DbTx;
use super::whole::SqliteWhole;
use super::{definitions, pools};
use crate::store::clock::Clock;
use crate::store::{
    Check, Extent, Migration, Saved, Schema, Setting, StoreError, TableExtent, Tx, Upkeep, Whole,
};

const HAS_SCHEMA: &str =
    "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations'";
const APPLIED: &str = "SELECT version FROM _sqlx_migrations ORDER BY version";
const BYTES: &str = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
const TABLES: &str = "SELECT s.tbl_name, sum(d.pgsize) AS bytes FROM dbstat d JOIN sqlite_schema s ON s.name = d.name \
    WHERE d.aggregate = TRUE AND s.tbl_name NOT LIKE 'sqlite\\_%' ESCAPE '\\' GROUP BY s.tbl_name ORDER BY s.tbl_name";
const SETTINGS: [&str; 6] =
    ["journal_mode", "synchronous", "foreign_keys", "busy_timeout", "wal_autocheckpoint", "page_size"];
/// Findings that a check lists.
const LISTED: usize = 100;

/// A database in one file, to be kept.
pub struct SqliteUpkeep {
    path: PathBuf,
}

impl SqliteUpkeep {
    /// The database in that file, which may be missing.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    async fn connection(&self) -> Result<SqliteConnection, StoreError> {
        pools::reading(&self.path).connect().await.map_err(|error| self.failed(error))
    }

    fn failed(&self, source: impl std::error::Error + Send + Sync + 'static) -> StoreError {
        StoreError::Open { at: self.place(), source: Box::new(source) }
    }
}

#[async_trait]
impl Upkeep for SqliteUpkeep {
    fn kind(&self) -> &'static str {
        "SQLite"
    }

    fn place(&self) -> String {
        self.path.display().to_string()
    }

    async fn schema(&self) -> Result<Schema, StoreError> {
        // A file that cannot be looked at is not taken for one that is missing.
        let applied = match self.path.try_exists() {
            Ok(false) => Vec::new(),
            Ok(true) | Err(_) => self.applied().await?,
        };
        let missing = MIGRATIONS.iter().filter(|step| !applied.contains(&step.version));
        Ok(Schema {
            found: applied.iter().max().copied().unwrap_or(0),
            known: MIGRATIONS.iter().map(|step| step.version).max().unwrap_or(0),
            pending: missing
                .map(|step| Migration { version: step.version, name: step.description.to_string() })
                .collect(),
        })
    }

    async fn migrate(&self) -> Result<i64, StoreError> {
        let (writer, found) = migrated(&self.path).await?;
        writer.close().await;
        Ok(found)
    }

    async fn extent(&self) -> Result<Extent, StoreError> {
        let mut connection = self.connection().await?;
        let bytes = sqlx::query_scalar(BYTES).fetch_one(&mut connection).await.map_err(store_error)?;
        let mut tables = Vec::new();
        for row in sqlx::query(TABLES).fetch_all(&mut connection).await.map_err(store_error)? {
            let name: String = row.try_get(0).map_err(store_error)?;
            let count = AssertSqlSafe(format!("SELECT count(*) FROM \"{name}\""));
            let rows = sqlx::query_scalar(count).fetch_one(&mut connection).await.map_err(store_error)?;
            tables.push(TableExtent { name, rows: Some(rows), bytes: row.try_get(1).map_err(store_error)? });
        }
        let mut settings = Vec::new();
        for name in SETTINGS {
            let ask = sqlx::query(AssertSqlSafe(format!("PRAGMA {name}")));
            let row = ask.fetch_one(&mut connection).await.map_err(store_error)?;
            let value = row.try_get::<i64, _>(0).map(|number| number.to_string());
            let value = value.or_else(|_| row.try_get::<String, _>(0)).map_err(store_error)?;
            settings.push(Setting { name: name.to_owned(), value: word(name, value) });
        }
        Ok(Extent { bytes, tables, estimated: false, settings })
    }

    async fn read(&self) -> Result<Box<dyn Tx>, StoreError> {
        let readers = pools::readers(&self.path).await.map_err(|error| self.failed(error))?;
        let tx = Opened::begin(&readers, "BEGIN").await.map_err(store_error)?;
        Ok(Box::new(DbTx::start(tx, &Clock::Database, None, readers, None, true)))
    }

    async fn save(&self, file: &Path) -> Result<Option<Saved>, StoreError> {
        let failed = |source| StoreError::File { at: file.display().to_string(), source };
        // What is written has another name until it is whole, under which what a killed process left is cleared away.
        let mut draft = file.as_os_str().to_owned();
        draft.push(".part");
        let draft = PathBuf::from(draft);
        if draft.canonicalize().is_ok_and(|draft| self.path.canonicalize().is_ok_and(|path| draft == path)) {
            return Err(failed(std::io::Error::other(
                "the database itself has the name of the unfinished copy",
            )));
        }
        // The name is taken first, so that nobody's file is written over.
        let taken = File::options().write(true).create_new(true).open(file).map_err(failed)?;
        drop(taken);
        let saved = match self.save_as(&draft).await {
            Ok(saved) => {
                std::fs::rename(&draft, file).and_then(|()| sync_folder(file)).map_err(failed).map(|()| saved)
            }
            Err(error) => Err(error),
        };
        if saved.is_err() {
            let _ = std::fs::remove_file(&draft);
            let _ = std::fs::remove_file(file);
        }
        let saved = saved?;
        Ok(Some(Saved { file: file.display().to_string(), ..saved }))
    }

    async fn check(&self) -> Result<Vec<Check>, StoreError> {
        let mut connection = self.connection().await?;
        let pages = integrity(&mut connection).await?;
        let keys = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut connection).await;
        let keys = keys.map_err(store_error)?;
        let keys = keys.iter().take(LISTED).map(|row| {
            let (table, other): (String, String) =
                (row.try_get(0).unwrap_or_default(), row.try_get(2).unwrap_or_default());
            match row.try_get::<Option<i64>, _>(1) {
                Ok(Some(rowid)) => format!("{table}: row {rowid} refers to nothing in {other}"),
                _ => format!("{table}: a row refers to nothing in {other}"),
            }
        });
        Ok(vec![
            Check::of("pages and indexes (integrity_check)", pages),
            Check::of("references (foreign_key_check)", keys.collect()),
            Check::of(
                "tables, CHECKs, indexes and triggers as the migrations make them",
                definitions::differences(&mut connection).await?,
            ),
        ])
    }

    async fn whole(&self) -> Result<Box<dyn Whole>, StoreError> {
        self.blank().await
    }

    async fn blank(&self) -> Result<Box<dyn Whole>, StoreError> {
        let writer = pools::writer(&self.path).await.map_err(|error| self.failed(error))?;
        let tx = Opened::begin(&writer, "BEGIN IMMEDIATE").await.map_err(store_error)?;
        Ok(Box::new(SqliteWhole::new(DbTx::start(tx, &Clock::Database, None, writer, None, true))))
    }
}

impl SqliteUpkeep {
    /// The versions of a schema of ours that were made.
    async fn applied(&self) -> Result<Vec<i64>, StoreError> {
        let mut connection = self.connection().await?;
        let applied = applied(&mut connection).await?;
        if !applied.is_empty() {
            refuse_foreign(&self.path, &mut connection).await?;
        }
        Ok(applied)
    }

    /// Writes the copy, reads it again and has it on the disk.
    async fn save_as(&self, draft: &Path) -> Result<Saved, StoreError> {
        let failed = |source| StoreError::File { at: draft.display().to_string(), source };
        // Of a process that was killed.
        if draft.try_exists().map_err(failed)? {
            std::fs::remove_file(draft).map_err(failed)?;
        }
        // VACUUM INTO writes into a file that is there when it is empty, and leaves its mode alone.
        private_file(draft).map_err(failed)?;
        let mut source = pools::options(&self.path).connect().await.map_err(|error| self.failed(error))?;
        let found = applied(&mut source).await?;
        sqlx::query("VACUUM INTO $1")
            .bind(draft.to_string_lossy().into_owned())
            .execute(&mut source)
            .await
            .map_err(store_error)?;
        source.close().await.map_err(store_error)?;

        let options = SqliteConnectOptions::new().filename(draft).read_only(true).immutable(true);
        let mut copy = options.connect().await.map_err(store_error)?;
        let broken = integrity(&mut copy).await?;
        if let Some(first) = broken.first() {
            return Err(StoreError::Inconsistent {
                what: format!("the copy in {}: {first}", draft.display()),
            });
        }
        let copied = applied(&mut copy).await?;
        copy.close().await.map_err(store_error)?;
        if copied != found {
            return Err(StoreError::Inconsistent {
                what: format!("the copy in {} has another schema", draft.display()),
            });
        }
        let file = File::open(draft).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        Ok(Saved {
            file: String::new(),
            bytes: file.metadata().map_err(failed)?.len(),
            schema: copied.iter().max().copied().unwrap_or(0),
        })
    }
}

/// What is wrong with the pages of the file.
async fn integrity(connection: &mut SqliteConnection) -> Result<Vec<String>, StoreError> {
    let lines: Vec<String> =
        sqlx::query_scalar("PRAGMA integrity_check(100)").fetch_all(connection).await.map_err(store_error)?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}

/// The versions of the schema that were made, in order; none where there is no schema.
async fn applied(connection: &mut SqliteConnection) -> Result<Vec<i64>, StoreError> {
    let has: i64 = sqlx::query_scalar(HAS_SCHEMA).fetch_one(&mut *connection).await.map_err(store_error)?;
    match has {
        0 => Ok(Vec::new()),
        _ => sqlx::query_scalar(APPLIED).fetch_all(connection).await.map_err(store_error),
    }
}

/// A value as the manual of SQLite calls it.
fn word(pragma: &str, value: String) -> String {
    match (pragma, value.as_str()) {
        ("synchronous", "0") => "OFF".to_owned(),
        ("synchronous", "1") => "NORMAL".to_owned(),
        ("synchronous", "2") => "FULL".to_owned(),
        ("synchronous", "3") => "EXTRA".to_owned(),
        ("foreign_keys", "0") => "off".to_owned(),
        ("foreign_keys", "1") => "on".to_owned(),
        ("busy_timeout", millis) => format!("{millis} ms"),
        _ => value,
    }
}

/// Has the name of a new file on the disk.
fn sync_folder(file: &Path) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
