//! One entity of a machine and kind in every status, named after it, made by raw SQL along the law.

use std::collections::BTreeSet;

use sprintgate::conformance::matrix::{self, Table, births_of};
use sprintgate::domain::law::Machine;
use sqlx::{AssertSqlSafe, Executor};

use super::super::ctx::Ctx;
use super::super::database::{Connection, SPELLING};

/// Each machine with its table.
pub(super) fn tables() -> Vec<(Machine, Table)> {
    matrix::tables().unwrap()
}

/// The legal (state, event, state after) of a machine.
pub(super) fn legal(machine: &str) -> BTreeSet<(&'static str, &'static str, &'static str)> {
    matrix::legal(machine).unwrap()
}

/// Foreign keys are off, so that nothing but the law, the ledger and the row itself can refuse.
pub(super) async fn connect(ctx: &Ctx) -> Connection {
    ctx.database.connect_without_keys().await
}

/// Makes the entities.
pub(super) async fn fill(raw: &mut Connection, machine: &Machine, table: &Table) {
    for sql in births_of(SPELLING, machine, table).unwrap() {
        let done = raw.execute(AssertSqlSafe(sql.clone())).await;
        done.unwrap_or_else(|error| panic!("{error}: {sql}"));
    }
}
