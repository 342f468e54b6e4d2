//! Somebody with a database tool: SQL past every layer of the program, always undone.

use sqlx::{AssertSqlSafe, Connection as _, Executor};

use super::ctx::Ctx;
use super::database::{Connection, SPELLING, words};

pub(super) async fn connect(ctx: &Ctx) -> Connection {
    ctx.database.connect().await
}

/// What the database says to these statements; they are undone.
pub(super) async fn attempt(connection: &mut Connection, sql: &str) -> Result<(), String> {
    let mut tx = connection.begin().await.unwrap();
    let said = tx.execute(AssertSqlSafe(sql.to_owned())).await;
    tx.rollback().await.unwrap();
    match said {
        Ok(_) => Ok(()),
        Err(sqlx::Error::Database(error)) => Err(words(error.as_ref())),
        Err(other) => panic!("{other}"),
    }
}

/// A ledger row that fits behind the entity's last one.
pub(super) fn ledger_row(machine: &str, entity: &str, from: &str, event: &str, to: &str) -> String {
    sprintgate::conformance::matrix::ledger_row(SPELLING, machine, entity, from, event, to)
}
