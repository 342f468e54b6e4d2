//! Somebody with a database tool: SQL past every layer of the program, always undone.

use sqlx::{AssertSqlSafe, Connection as _, Executor};

use super::ctx::Ctx;
use super::database::{Connection, words};

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
    format!(
        "INSERT INTO ledger (machine, entity, entity_seq, from_status, event, to_status, actor_kind, actor_id, at, \
         facts, prev_hash, hash) SELECT machine, entity, entity_seq + 1, '{from}', '{event}', '{to}', 'human', 'x', 1, \
         '{{}}', hash, printf('%064d', 7) FROM ledger WHERE machine = '{machine}' AND entity = '{entity}' \
         ORDER BY entity_seq DESC LIMIT 1;"
    )
}

/// The ledger row of a birth.
pub(super) fn birth_row(machine: &str, entity: &str, status: &str) -> String {
    format!(
        "INSERT INTO ledger (machine, entity, entity_seq, from_status, event, to_status, actor_kind, actor_id, at, \
         facts, prev_hash, hash) VALUES ('{machine}', '{entity}', 1, NULL, 'create', '{status}', 'human', 'x', 1, \
         '{{}}', printf('%064d', 0), printf('%064d', 7));"
    )
}
