//! A database of a server as something that a person keeps.

use std::path::Path;

use async_trait::async_trait;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool};
use sqlx::{AssertSqlSafe, Postgres};
use tokio::sync::OnceCell;

use super::error::store_error;
use super::open::{MIGRATIONS, look, migrate, our_version};
use super::opened::Opened;
use super::tx::DbTx;
use super::url::{DatabaseUrl, place};
use super::waker::own;
use super::whole::PostgresWhole;
use super::{definitions, pools};
use crate::store::clock::Clock;
use crate::store::{
    Check, Extent, Migration, Saved, Schema, Setting, StoreError, TableExtent, Tx, Upkeep, Whole,
};

const HAS_SCHEMA: &str = "SELECT to_regclass('_sqlx_migrations') IS NOT NULL";
const APPLIED: &str = "SELECT version FROM _sqlx_migrations ORDER BY version";
const BYTES: &str = "SELECT pg_database_size(current_database())";
/// -1 says that a table was never looked at.
const TABLES: &str = "SELECT CAST(relname AS text), CAST(nullif(reltuples, -1) AS bigint), pg_total_relation_size(oid) \
    FROM pg_class WHERE relnamespace = CAST(current_schema() AS regnamespace) AND relkind = 'r' ORDER BY relname";
const SETTINGS: &str = "SELECT name, setting || coalesce(unit, '') FROM pg_settings WHERE name IN ('server_version', \
    'fsync', 'synchronous_commit', 'full_page_writes', 'wal_level', 'max_connections', 'default_transaction_isolation', \
    'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') ORDER BY name";
const UNVALIDATED: &str = "SELECT CAST(conrelid AS regclass) || '.' || conname FROM pg_constraint \
    WHERE connamespace = CAST(current_schema() AS regnamespace) AND NOT convalidated ORDER BY 1";
const INVALID: &str = "SELECT CAST(i.relname AS text) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid \
    WHERE i.relnamespace = CAST(current_schema() AS regnamespace) \
        AND NOT (x.indisvalid AND x.indisready AND x.indislive) ORDER BY 1";
const AMCHECK: &str = "SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace \
    WHERE e.extname = 'amcheck'";
const TREES: &str = "SELECT CAST(i.oid AS bigint), CAST(i.relname AS text) FROM pg_index x \
    JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am a ON a.oid = i.relam AND a.amname = 'btree' \
    WHERE i.relnamespace = CAST(current_schema() AS regnamespace) AND x.indisvalid AND x.indisready ORDER BY 2";

/// A database of a PostgreSQL server, to be kept.
pub struct PostgresUpkeep {
    options: PgConnectOptions,
    at: String,
    /// It was found to give us connections of our own.
    own: OnceCell<()>,
}

impl PostgresUpkeep {
    /// The database at an address.
    ///
    /// # Errors
    /// [`StoreError::Open`] for what is none.
    pub fn new(url: &DatabaseUrl) -> Result<Self, StoreError> {
        let options = pools::options(url.reveal())
            .map_err(|error| StoreError::Open { at: url.to_string(), source: Box::new(error) })?;
        Ok(Self { at: place(&options), options, own: OnceCell::new() })
    }

    fn failed(&self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
        StoreError::Open { at: self.at.clone(), source: source.into() }
    }

    /// What a session is set to here, a pooler would hand on to others, with the connection of the server.
    async fn is_own(&self) -> Result<(), StoreError> {
        let pool = pools::signals(&self.options);
        let own = own(&pool).await;
        pool.close().await;
        match own.map_err(|error| self.failed(error))? {
            true => Ok(()),
            false => Err(self.failed(
                "a direct connection is needed to keep a database: this one goes through a pooler that pools transactions",
            )),
        }
    }

    async fn pool(&self) -> Result<PgPool, StoreError> {
        self.own.get_or_try_init(|| self.is_own()).await?;
        pools::unhurried(&self.options).await.map_err(|error| self.failed(error))
    }

    async fn connection(&self) -> Result<PoolConnection<Postgres>, StoreError> {
        self.pool().await?.acquire().await.map_err(|error| self.failed(error))
    }
}

#[async_trait]
impl Upkeep for PostgresUpkeep {
    fn kind(&self) -> &'static str {
        "PostgreSQL"
    }

    fn place(&self) -> String {
        self.at.clone()
    }

    async fn schema(&self) -> Result<Schema, StoreError> {
        let mut connection = self.connection().await?;
        look(&mut connection).await.map_err(|error| self.failed(error))?;
        let has: bool =
            sqlx::query_scalar(HAS_SCHEMA).fetch_one(&mut *connection).await.map_err(store_error)?;
        let applied: Vec<i64> = match has {
            true => sqlx::query_scalar(APPLIED).fetch_all(&mut *connection).await.map_err(store_error)?,
            false => Vec::new(),
        };
        if !applied.is_empty() {
            our_version(&mut connection).await.map_err(|error| self.failed(error))?;
        }
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
        let mut connection = self.connection().await?;
        let failed = |source| StoreError::Open { at: self.at.clone(), source };
        migrate(&mut connection, &failed).await
    }

    async fn extent(&self) -> Result<Extent, StoreError> {
        let mut connection = self.connection().await?;
        let bytes = sqlx::query_scalar(BYTES).fetch_one(&mut *connection).await.map_err(store_error)?;
        let tables: Vec<(String, Option<i64>, i64)> =
            sqlx::query_as(TABLES).fetch_all(&mut *connection).await.map_err(store_error)?;
        let settings: Vec<(String, String)> = {
            // As the connections have them that do the work.
            let work = pools::transactions(&self.options, true).await.map_err(|error| self.failed(error))?;
            sqlx::query_as(SETTINGS).fetch_all(&work).await.map_err(store_error)?
        };
        Ok(Extent {
            bytes,
            tables: tables.into_iter().map(|(name, rows, bytes)| TableExtent { name, rows, bytes }).collect(),
            estimated: true,
            settings: settings.into_iter().map(|(name, value)| Setting { name, value }).collect(),
        })
    }

    async fn read(&self) -> Result<Box<dyn Tx>, StoreError> {
        let pool = self.pool().await?;
        let tx = Opened::begin(&pool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await;
        Ok(Box::new(DbTx::start(tx.map_err(store_error)?, &Clock::Database, None, pool, None, true)))
    }

    async fn save(&self, _file: &Path) -> Result<Option<Saved>, StoreError> {
        Ok(None)
    }

    async fn check(&self) -> Result<Vec<Check>, StoreError> {
        let mut connection = self.connection().await?;
        let named = |names: Vec<String>, what: &str| {
            names.into_iter().map(|name| format!("{name}: {what}")).collect::<Vec<_>>()
        };
        let constraints =
            sqlx::query_scalar(UNVALIDATED).fetch_all(&mut *connection).await.map_err(store_error)?;
        let indexes = sqlx::query_scalar(INVALID).fetch_all(&mut *connection).await.map_err(store_error)?;
        const MADE: &str =
            "columns, constraints, indexes, triggers and functions as the migrations make them";
        let made = match definitions::differences(&mut connection).await? {
            Some(found) => Check::of(MADE, found),
            None => Check::skipped(MADE, "this user may not CREATE a schema to compare with"),
        };
        Ok(vec![
            Check::of(
                "constraints are validated",
                named(constraints, "rows from before it were never checked"),
            ),
            Check::of("indexes are valid", named(indexes, "it is not used: build it again (REINDEX)")),
            trees(&mut connection).await?,
            made,
        ])
    }

    async fn whole(&self) -> Result<Box<dyn Whole>, StoreError> {
        Ok(Box::new(PostgresWhole::reading(&self.pool().await?).await?))
    }

    async fn blank(&self) -> Result<Box<dyn Whole>, StoreError> {
        Ok(Box::new(PostgresWhole::writing(&self.pool().await?).await?))
    }
}

/// The order within each index, where the extension that can tell is there.
async fn trees(connection: &mut PgConnection) -> Result<Check, StoreError> {
    const WHAT: &str = "order within indexes (amcheck)";
    let place: Option<String> =
        sqlx::query_scalar(AMCHECK).fetch_optional(&mut *connection).await.map_err(store_error)?;
    let Some(place) = place else {
        return Ok(Check::skipped(WHAT, "the extension amcheck is not installed (CREATE EXTENSION amcheck)"));
    };
    let all: Vec<(i64, String)> =
        sqlx::query_as(TREES).fetch_all(&mut *connection).await.map_err(store_error)?;
    let look = format!("SELECT {place}.bt_index_check(CAST($1 AS oid))");
    let mut found = Vec::new();
    for (oid, name) in all {
        match sqlx::query(AssertSqlSafe(look.clone())).bind(oid).execute(&mut *connection).await {
            Ok(_) => {}
            Err(sqlx::Error::Database(said)) if said.code().as_deref() == Some("42501") => {
                return Ok(Check::skipped(WHAT, "this user may not call bt_index_check"));
            }
            Err(sqlx::Error::Database(said)) => found.push(format!("{name}: {}", said.message())),
            Err(error) => return Err(store_error(error)),
        }
    }
    Ok(Check::of(WHAT, found))
}
