//! The schema that a check runs in, recognised by its name, its comment and a lock that lasts as long as its owner.

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::conformance::Failed;
use crate::conformance::failed::refused;
use crate::store::postgres::DatabaseUrl;

/// What the names begin with.
const PREFIX: &str = "sprintgate_selftest_";
const COMMENT: &str = "made by sprintgate selftest, to be dropped";
/// So often a schema is tried to be dropped that somebody still uses, each time for as long as the lock's time-out.
const TRIES: u32 = 6;

/// A schema that selftest made and that nobody uses.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Schema {
    /// Its name.
    pub name: String,
}

/// A schema of one's own, and the connection whose lock says so.
pub(super) struct Own {
    connection: PgConnection,
    pub(super) name: String,
}

impl Own {
    /// Makes one in the database that the URL names.
    pub(super) async fn make(url: &DatabaseUrl) -> Result<Self, Failed> {
        let mut connection = connect(url).await?;
        let name = format!("{PREFIX}{:08x}", getrandom::u32().map_err(refused)?);
        lock(&mut connection, &name).await?;
        let sql = format!("CREATE SCHEMA {name}; COMMENT ON SCHEMA {name} IS '{COMMENT}'");
        let what = "cannot make a schema (the role needs CREATE on the database)";
        connection.execute(AssertSqlSafe(sql)).await.map_err(Failed::database(what))?;
        Ok(Self { connection, name })
    }

    /// Drops it with all that it holds.
    pub(super) async fn remove(&mut self) -> Result<(), Failed> {
        drop_schema(&mut self.connection, &self.name).await
    }
}

/// The URL of the same database, whose connections see the schema and nothing else.
pub(super) fn inside(url: &str, schema: &str) -> String {
    let (before, fragment) = url.split_once('#').map_or((url, ""), |(before, after)| (before, after));
    let sign = if before.contains('?') { '&' } else { '?' };
    let tail = if fragment.is_empty() { String::new() } else { format!("#{fragment}") };
    format!("{before}{sign}options[search_path]={schema}{tail}")
}

/// The schemas that a selftest left which was killed, by name.
///
/// # Errors
/// When the database cannot be reached.
pub async fn left_over(url: &DatabaseUrl) -> Result<Vec<Schema>, Failed> {
    let mut connection = connect(url).await?;
    let found = ours(&mut connection).await?;
    let mut left = Vec::new();
    for name in found {
        // Whoever runs in it holds its lock.
        if try_lock(&mut connection, &name).await? {
            left.push(Schema { name });
        }
    }
    Ok(left)
}

/// Drops the schemas that a selftest left which was killed; which they were.
///
/// # Errors
/// When the database cannot be reached, or does not let go of one.
pub async fn clean(url: &DatabaseUrl) -> Result<Vec<Schema>, Failed> {
    let mut connection = connect(url).await?;
    let mut dropped = Vec::new();
    for name in ours(&mut connection).await? {
        if try_lock(&mut connection, &name).await? {
            drop_schema(&mut connection, &name).await?;
            dropped.push(Schema { name });
        }
    }
    Ok(dropped)
}

async fn connect(url: &DatabaseUrl) -> Result<PgConnection, Failed> {
    let what = "cannot connect to the server";
    let mut connection = PgConnection::connect(url.reveal()).await.map_err(Failed::database(what))?;
    let settings = "SET lock_timeout = '5s'; SET client_min_messages = 'warning'";
    connection.execute(settings).await.map_err(Failed::database(what))?;
    Ok(connection)
}

async fn ours(connection: &mut PgConnection) -> Result<Vec<String>, Failed> {
    let sql = "SELECT CAST(nspname AS text) FROM pg_namespace \
        WHERE nspname ~ '^sprintgate_selftest_[0-9a-f]{8}$' AND obj_description(oid, 'pg_namespace') = $1 ORDER BY 1";
    let found = sqlx::query_scalar(sql).bind(COMMENT).fetch_all(connection).await;
    found.map_err(Failed::database("cannot look for schemas"))
}

async fn try_lock(connection: &mut PgConnection, name: &str) -> Result<bool, Failed> {
    let sql = "SELECT pg_try_advisory_lock(hashtextextended($1, 7307497712646780))";
    let locked = sqlx::query_scalar(sql).bind(name).fetch_one(connection).await;
    locked.map_err(Failed::database("cannot lock a schema's name"))
}

async fn lock(connection: &mut PgConnection, name: &str) -> Result<(), Failed> {
    match try_lock(connection, name).await? {
        true => Ok(()),
        false => Err(Failed::otherwise(format!("the schema {name}"), "a new one", "one that is in use")),
    }
}

/// What a check left may hold a lock for a moment: its transactions are undone when the server sees that nobody is
/// there any more.
async fn drop_schema(connection: &mut PgConnection, name: &str) -> Result<(), Failed> {
    let sql = format!("DROP SCHEMA IF EXISTS {name} CASCADE");
    let mut tried = 1;
    loop {
        match connection.execute(AssertSqlSafe(sql.clone())).await {
            Ok(_) => return Ok(()),
            Err(_) if tried < TRIES => tried += 1,
            Err(error) => return Err(Failed::database(&format!("the schema {name} is left over"))(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn a_url_keeps_what_it_has() {
        let rows = [
            ("postgres:///d", "postgres:///d?options[search_path]=s"),
            ("postgres://a:b@c:1/d?host=/run", "postgres://a:b@c:1/d?host=/run&options[search_path]=s"),
            ("postgres:///d#f", "postgres:///d?options[search_path]=s#f"),
        ];
        for (url, expected) in rows {
            assert_eq!(inside(url, "s"), expected);
        }
    }
}
