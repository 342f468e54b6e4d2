//! A SQLite database of a test's own: a file in a new folder.

use std::collections::BTreeSet;
use std::path::PathBuf;

use sprintgate::store::sqlite::Clock;
use sqlx::Connection as _;
use sqlx::error::DatabaseError;
use sqlx::sqlite::SqliteConnectOptions;

use super::ctx::Ctx;

pub(super) use sprintgate::store::postgres::statements as other_statements;
pub(super) use sprintgate::store::sqlite::SqliteStore as ThatStore;
pub(super) use sprintgate::store::sqlite::statements;
pub(super) use sqlx::sqlite::SqliteConnection as Connection;

/// What snapshots of this database are called by.
pub(super) const NAME: &str = "sqlite";
/// SQLite knows a statement that puts a row in the place of another.
pub(super) use sprintgate::conformance::SQLITE as SPELLING;

pub(super) const REPLACES: bool = true;
/// A boolean is a number and a document is a text, each with a CHECK.
pub(super) const LOOSE_TYPES: bool = true;
/// There is only one transaction that writes.
pub(super) const ONE_WRITER: bool = true;
/// The order of the ledger, and of what is told of it.
pub(super) const LEDGER_ORDER: &str = "seq";

pub(super) struct Database {
    folder: tempfile::TempDir,
}

impl Database {
    pub(super) async fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// One without our schema.
    pub(super) async fn empty() -> Self {
        let database = Self::new().await;
        std::fs::create_dir(database.folder.path().join("data")).unwrap();
        std::fs::File::create_new(database.path()).unwrap();
        database
    }

    /// What a store is opened by.
    pub(super) fn place(&self) -> PathBuf {
        self.path()
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("data/sprintgate.db")
    }

    pub(super) async fn open(&self, clock: Clock) -> ThatStore {
        ThatStore::open(&self.path(), clock).await.unwrap()
    }

    pub(super) async fn connect(&self) -> Connection {
        let options = SqliteConnectOptions::new().filename(self.path()).foreign_keys(true);
        Connection::connect_with(&options).await.unwrap()
    }

    pub(super) async fn connect_without_keys(&self) -> Connection {
        let options = SqliteConnectOptions::new().filename(self.path()).foreign_keys(false);
        Connection::connect_with(&options).await.unwrap()
    }
}

/// What lets a row of the law be taken away.
pub(super) const RULES_CAN_GO: &str = "DROP TRIGGER transition_rules_no_delete";

/// What takes a table's triggers away, which would refuse some rows before their CHECK does; and its named CHECKs.
pub(super) async fn unguarded(raw: &mut Connection, table: &str) -> (String, BTreeSet<String>) {
    let text = "SELECT group_concat('DROP TRIGGER ' || name || ';', '') FROM sqlite_schema \
        WHERE type = 'trigger' AND tbl_name = $1";
    let bare: String = sqlx::query_scalar(text).bind(table).fetch_one(&mut *raw).await.unwrap();
    let text = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = $1";
    let text: String = sqlx::query_scalar(text).bind(table).fetch_one(raw).await.unwrap();
    let names =
        text.split("CONSTRAINT ").skip(1).map(|rest| rest.split_whitespace().next().unwrap().to_owned());
    (bare, names.collect())
}

/// The names of a table's columns: the hidden ones too, as some keys are made from other columns.
pub(super) async fn columns(raw: &mut Connection, table: &str) -> Vec<String> {
    let text = "SELECT name FROM pragma_table_xinfo($1)";
    sqlx::query_scalar(text).bind(table).fetch_all(raw).await.unwrap()
}

/// Waits until everything written before can be read from the outbox.
pub(super) async fn settled(_ctx: &Ctx) {}

/// A time as a number, in milliseconds since 1970.
pub(super) fn millis(column: &str) -> String {
    column.to_owned()
}

/// CHECKs are looked at in the order in which they stand.
pub(super) fn only(_name: &str, _table: &str, _all: &BTreeSet<String>) -> String {
    String::new()
}

impl Ctx {
    pub(super) fn path(&self) -> PathBuf {
        self.database.path()
    }
}

/// What it says to a statement that it refuses.
pub(super) fn words(error: &dyn DatabaseError) -> String {
    error.message().to_owned()
}

/// Connections that a store reads by.
pub(super) const READERS: usize = 4;
/// Refuses every change of the job `bad`.
pub(super) const BAD_JOB: &str = "CREATE TRIGGER bad_job BEFORE UPDATE ON claude_jobs WHEN OLD.id = 'bad' \
    BEGIN SELECT RAISE(ABORT, 'bad'); END";

/// How many connections there are to the database, and how many of them listen, where that means something.
pub(super) async fn connections(_database: &Database) -> Option<(i64, i64)> {
    None
}

pub(super) fn drop_trigger(name: &str, _table: &str) -> String {
    format!("DROP TRIGGER {name};")
}
