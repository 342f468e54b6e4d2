//! A commit whose answer did not come. It may have happened: that is looked up, never guessed.

use std::time::Duration;

use sqlx::postgres::{PgDatabaseError, PgPool, PgSeverity};
use tokio::time::Instant;

use super::error::store_error;
use super::statement::statements;
use crate::store::{LedgerEntry, StoreError};

/// How long the server may take to be there again, and to be done with the commit.
const PATIENCE: Duration = Duration::from_secs(10);
/// The time between two looks.
const PAUSE: Duration = Duration::from_millis(50);
/// A statement that was cancelled, and that may have been done before.
const CANCELLED: &str = "57014";

/// A transaction, so that a pooler does not tear a question from what is bound to it; each question in it sees what is
/// committed by then. The limit is its own, as a session may have none.
const LOOK: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SET LOCAL statement_timeout = '5s'";

statements! {
    // Every transaction holds this lock from its begin to its end.
    STILL_OPEN = "SELECT EXISTS (SELECT 1 FROM pg_locks \
        WHERE locktype = 'virtualxid' AND pid = $1 AND pid <> pg_backend_pid())";
    STANDS = "SELECT EXISTS (SELECT 1 FROM ledger \
        WHERE machine = $1 AND entity = $2 AND entity_seq = $3 AND hash = $4)";
}

/// The row of the ledger that a transaction is known again by.
pub(super) struct Mark {
    machine: String,
    entity: String,
    entity_seq: i64,
    hash: String,
}

impl Mark {
    pub(super) fn of(row: &LedgerEntry) -> Self {
        Self {
            machine: row.machine.clone(),
            entity: row.entity.clone(),
            entity_seq: row.entity_seq,
            hash: row.hash.clone(),
        }
    }
}

/// What came of a commit that failed with this error, of the server's process of that number. It lasts if the
/// ledger's row stands that the transaction wrote last. One that wrote none counts as undone, for it can be run again.
pub(super) async fn settle(
    error: sqlx::Error,
    pool: &PgPool,
    process: i64,
    mark: Option<&Mark>,
) -> Result<(), StoreError> {
    if !is_doubtful(&error) {
        return Err(store_error(error));
    }
    let until = Instant::now() + PATIENCE;
    loop {
        match look(pool, process, mark).await {
            Ok(Some(true)) => return Ok(()),
            Ok(Some(false)) => return Err(StoreError::Away(Box::new(error))),
            Ok(None) => {}
            Err(again) => tracing::debug!(error = %again, "what came of a commit cannot be looked up yet"),
        }
        if Instant::now() + PAUSE >= until {
            return Err(StoreError::Unknown(Box::new(error)));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// A server that refuses a commit has undone it. One that hangs up says nothing of it.
fn is_doubtful(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(said) = error else { return true };
    let said = said.try_downcast_ref::<PgDatabaseError>();
    said.is_none_or(|said| said.severity() != PgSeverity::Error || said.code() == CANCELLED)
}

/// Whether it lasts; nothing while it is not decided.
async fn look(pool: &PgPool, process: i64, mark: Option<&Mark>) -> Result<Option<bool>, sqlx::Error> {
    let mut tx = pool.begin_with(LOOK).await?;
    // Not prepared: a pooler may give the next transaction to another connection of the server.
    let open = sqlx::query_scalar(STILL_OPEN).persistent(false).bind(process);
    if open.fetch_one(&mut *tx).await? {
        return Ok(None);
    }
    let Some(mark) = mark else { return Ok(Some(false)) };
    let stands = sqlx::query_scalar(STANDS)
        .persistent(false)
        .bind(&mark.machine)
        .bind(&mark.entity)
        .bind(mark.entity_seq)
        .bind(&mark.hash);
    stands.fetch_one(&mut *tx).await.map(Some)
}
