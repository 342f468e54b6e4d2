//! A PostgreSQL database of a test's own, on the server that the tests start for themselves.

use std::collections::BTreeSet;

use sprintgate::store::postgres::Clock;
use sqlx::error::DatabaseError;
use sqlx::postgres::PgDatabaseError;
use sqlx::{AssertSqlSafe, Connection as _, Executor};

use super::cluster;
use super::ctx::Ctx;

pub(super) use sprintgate::store::postgres::PostgresStore as ThatStore;
pub(super) use sprintgate::store::postgres::statements;
pub(super) use sprintgate::store::sqlite::statements as other_statements;
pub(super) use sqlx::postgres::PgConnection as Connection;

/// What snapshots of this database are called by.
pub(super) const NAME: &str = "postgres";
pub(super) use sprintgate::conformance::POSTGRES as SPELLING;

pub(super) const REPLACES: bool = false;
/// What is no boolean or no document is refused by the type of its column.
pub(super) const LOOSE_TYPES: bool = false;
pub(super) const ONE_WRITER: bool = false;
/// Of several transactions that write at once, one may tell first, and another have the first row of the ledger.
pub(super) const LEDGER_ORDER: &str = "machine, entity, entity_seq";

/// A database with our schema and nothing else.
const STRICT: &str = "sprintgate_strict";
/// The same that takes statements by hand: what most tests have a copy of.
const TEMPLATE: &str = "sprintgate_template";
/// What lets statements by hand write times and booleans as numbers, as they do on SQLite. It is no part of the schema.
const LENIENT: &str = "
    UPDATE pg_cast SET castcontext = 'a'
    WHERE castsource = 'integer'::regtype AND casttarget = 'boolean'::regtype;
    CREATE FUNCTION second(integer) RETURNS timestamptz IMMUTABLE LANGUAGE sql AS 'SELECT to_timestamp($1)';
    CREATE CAST (integer AS timestamptz) WITH FUNCTION second(integer) AS ASSIGNMENT;
    CREATE FUNCTION document(integer) RETURNS jsonb IMMUTABLE LANGUAGE sql AS 'SELECT to_jsonb($1)';
    CREATE CAST (integer AS jsonb) WITH FUNCTION document(integer) AS ASSIGNMENT;
    CREATE FUNCTION later(timestamptz, integer) RETURNS timestamptz IMMUTABLE LANGUAGE sql
    AS $$ SELECT $1 + $2 * interval '1 second' $$;
    CREATE OPERATOR + (LEFTARG = timestamptz, RIGHTARG = integer, FUNCTION = later);
    CREATE FUNCTION earlier(timestamptz, integer) RETURNS timestamptz IMMUTABLE LANGUAGE sql
    AS $$ SELECT $1 - $2 * interval '1 second' $$;
    CREATE OPERATOR - (LEFTARG = timestamptz, RIGHTARG = integer, FUNCTION = earlier);
    CREATE FUNCTION printf(text, integer) RETURNS text IMMUTABLE LANGUAGE sql
    AS $$ SELECT lpad(CAST($2 AS text), CAST((regexp_match($1, '[0-9]+'))[1] AS integer), '0') $$;
    CREATE FUNCTION json_set(jsonb, text, text) RETURNS jsonb IMMUTABLE LANGUAGE sql
    AS 'SELECT jsonb_set($1, ARRAY[substr($2, 3)], to_jsonb($3))';
    CREATE FUNCTION json_remove(jsonb, text) RETURNS jsonb IMMUTABLE LANGUAGE sql AS 'SELECT $1 - substr($2, 3)';
";

/// Foreign keys go.
const WITHOUT_KEYS: &str = "DO $$
    DECLARE gone record;
    BEGIN
        FOR gone IN SELECT conrelid::regclass AS of, conname FROM pg_constraint WHERE contype = 'f' LOOP
            EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', gone.of, gone.conname);
        END LOOP;
    END $$";

pub(crate) struct Database {
    url: String,
}

impl Database {
    /// One that takes statements by hand.
    pub(super) async fn new() -> Self {
        Self::copied(TEMPLATE).await
    }

    /// One with our schema and nothing else.
    pub(crate) async fn strict() -> Self {
        Self::copied(STRICT).await
    }

    async fn copied(template: &str) -> Self {
        let cluster = cluster::started();
        let mut admin = Connection::connect(&cluster.url("postgres")).await.unwrap();
        // One process after the other: the first one makes what all copy.
        admin.execute("SELECT pg_advisory_lock(1)").await.unwrap();
        let there: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)")
            .bind(TEMPLATE)
            .fetch_one(&mut admin)
            .await
            .unwrap();
        if !there {
            admin.execute("DROP DATABASE IF EXISTS sprintgate_unfinished").await.unwrap();
            admin.execute("CREATE DATABASE sprintgate_unfinished").await.unwrap();
            let url = cluster.url("sprintgate_unfinished");
            ThatStore::open(&url, Clock::Database).await.unwrap().close().await;
            let strict = format!("DROP DATABASE IF EXISTS {STRICT}");
            admin.execute(AssertSqlSafe(strict)).await.unwrap();
            let strict = format!("CREATE DATABASE {STRICT} TEMPLATE sprintgate_unfinished");
            admin.execute(AssertSqlSafe(strict)).await.unwrap();
            let mut raw = Connection::connect(&url).await.unwrap();
            raw.execute(LENIENT).await.unwrap();
            raw.close().await.unwrap();
            let rename = format!("ALTER DATABASE sprintgate_unfinished RENAME TO {TEMPLATE}");
            admin.execute(AssertSqlSafe(rename)).await.unwrap();
        }
        Self::made(admin, template).await
    }

    /// One without our schema.
    pub(crate) async fn empty() -> Self {
        let admin = Connection::connect(&cluster::started().url("postgres")).await.unwrap();
        Self::made(admin, "template0").await
    }

    async fn made(mut admin: Connection, template: &str) -> Self {
        let name = format!("t{}_{}", std::process::id(), cluster::number());
        admin.execute(AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE {template}"))).await.unwrap();
        admin.close().await.unwrap();
        Self { url: cluster::started().url(&name) }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What a store is opened by.
    pub(super) fn place(&self) -> String {
        self.url.clone()
    }

    pub(super) async fn open(&self, clock: Clock) -> ThatStore {
        ThatStore::open(&self.url, clock).await.unwrap()
    }

    pub(super) async fn connect(&self) -> Connection {
        Connection::connect(&self.url).await.unwrap()
    }

    pub(super) async fn connect_without_keys(&self) -> Connection {
        let mut raw = self.connect().await;
        raw.execute(WITHOUT_KEYS).await.unwrap();
        raw
    }
}

/// What lets a row of the law be taken away, by this connection.
pub(super) const RULES_CAN_GO: &str = "SET session_replication_role = replica";

/// What takes a table's triggers away, which would refuse some rows before their CHECK does; and its named CHECKs.
pub(super) async fn unguarded(raw: &mut Connection, table: &str) -> (String, BTreeSet<String>) {
    let text =
        "SELECT conname::text FROM pg_constraint WHERE contype = 'c' AND conrelid = CAST($1 AS regclass)";
    let names: Vec<String> = sqlx::query_scalar(text).bind(table).fetch_all(raw).await.unwrap();
    (format!("ALTER TABLE {table} DISABLE TRIGGER USER;"), names.into_iter().collect())
}

/// The names of a table's columns.
pub(super) async fn columns(raw: &mut Connection, table: &str) -> Vec<String> {
    let text = "SELECT column_name::text FROM information_schema.columns WHERE table_name = $1";
    sqlx::query_scalar(text).bind(table).fetch_all(raw).await.unwrap()
}

/// Waits until everything written before can be read from the outbox: until no transaction of the server is open that
/// began before it, in the database of another test either.
pub(super) async fn settled(ctx: &Ctx) {
    told(&ctx.database).await;
}

/// The same of a database that has no context.
pub(crate) async fn told(database: &Database) {
    let mut raw = database.connect().await;
    let sql = "SELECT coalesce(max(xid), 0) < (SELECT base FROM outbox_base WHERE single) \
            + CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint) \
        FROM outbox";
    let begun = std::time::Instant::now();
    while !sqlx::query_scalar::<_, bool>(sql).fetch_one(&mut raw).await.unwrap() {
        assert!(begun.elapsed().as_secs() < 60, "a transaction of the server stays open");
        tokio::task::yield_now().await;
    }
    raw.close().await.unwrap();
}

/// A time as a number, in milliseconds since 1970.
pub(super) fn millis(column: &str) -> String {
    format!("CAST(extract(epoch FROM {column}) * 1000 AS bigint)")
}

/// CHECKs are looked at in the order of their names: what takes the others away.
pub(super) fn only(name: &str, table: &str, all: &BTreeSet<String>) -> String {
    let others = all.iter().filter(|other| *other != name);
    let drops: Vec<String> = others.map(|other| format!("DROP CONSTRAINT {other}")).collect();
    if drops.is_empty() { String::new() } else { format!("ALTER TABLE {table} {};", drops.join(", ")) }
}

/// What it says to a statement that it refuses, in SQLite's words where the two name the same.
pub(super) fn words(error: &dyn DatabaseError) -> String {
    let said = error.downcast_ref::<PgDatabaseError>();
    match (said.code(), said.constraint()) {
        ("23514", Some(name)) => format!("CHECK constraint failed: {name}"),
        _ => said.message().to_owned(),
    }
}

/// Connections that a store reads by.
pub(super) const READERS: usize = 10;
/// Refuses every change of the job `bad`.
pub(super) const BAD_JOB: &str = "CREATE TRIGGER bad_job BEFORE UPDATE ON claude_jobs FOR EACH ROW \
    WHEN (OLD.id = 'bad') EXECUTE FUNCTION refuse('bad')";

/// How many connections there are to the database besides this one, and how many of them listen.
pub(super) async fn connections(database: &Database) -> Option<(i64, i64)> {
    let mut raw = database.connect().await;
    let sql = "SELECT count(*), count(*) FILTER (WHERE query LIKE 'LISTEN%') FROM pg_stat_activity \
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
    let counted = sqlx::query_as(sql).fetch_one(&mut raw).await.unwrap();
    raw.close().await.unwrap();
    Some(counted)
}

pub(super) fn drop_trigger(name: &str, table: &str) -> String {
    format!("DROP TRIGGER {name} ON {table};")
}
