//! One entity of a machine and kind in every status, named after it, made by raw SQL along the law.

use std::collections::BTreeMap;

use sprintgate::domain::law::{Machine, machines};
use sqlx::{AssertSqlSafe, Executor};

use super::super::ctx::Ctx;
use super::super::database::Connection;
use super::edges::legal;
use super::table::{Kind, Table};
use super::{backlog, outside, people, work};

/// Each machine with its table.
pub(super) fn tables() -> Vec<(Machine, Table)> {
    let mut tables: BTreeMap<&str, Table> =
        [work::tables(), backlog::tables(), people::tables(), outside::tables()]
            .into_iter()
            .flatten()
            .map(|table| (table.machine, table))
            .collect();
    let all: Vec<_> = machines()
        .into_iter()
        .map(|machine| {
            let table =
                tables.remove(machine.name).unwrap_or_else(|| panic!("{} has no table here", machine.name));
            assert_eq!(table.name, machine.table);
            (machine, table)
        })
        .collect();
    assert!(tables.is_empty());
    all
}

/// Foreign keys are off, so that nothing but the law, the ledger and the row itself can refuse.
pub(super) async fn connect(ctx: &Ctx) -> Connection {
    ctx.database.connect_without_keys().await
}

/// The moves from birth to each status that things of a kind can be in.
fn ways(
    machine: &Machine,
    kind: &Kind,
) -> BTreeMap<&'static str, Vec<(&'static str, &'static str, &'static str)>> {
    let legal: Vec<_> = legal(machine.name).into_iter().filter(|(_, _, to)| kind.can_be(to)).collect();
    let mut ways: BTreeMap<_, Vec<_>> = machine.born.iter().map(|born| (*born, Vec::new())).collect();
    while ways.len() < machine.states.iter().filter(|state| kind.can_be(state.word)).count() {
        let (way, edge) = legal
            .iter()
            .find_map(|edge| {
                ways.get(edge.0).filter(|_| !ways.contains_key(edge.2)).map(|way| (way.clone(), *edge))
            })
            .unwrap_or_else(|| panic!("{}: not every status can be reached", machine.name));
        ways.insert(edge.2, way.into_iter().chain([edge]).collect());
    }
    ways
}

/// Makes the entities.
pub(super) async fn fill(raw: &mut Connection, machine: &Machine, table: &Table) {
    for kind in table.kinds {
        for (status, way) in ways(machine, kind) {
            let name = format!("{}{status}", kind.prefix);
            let born = way.first().map_or(status, |first| first.0);
            let mut sql = vec![table.birth(&name, born), table.insert("INSERT", &name, born, "create", 1)];
            sql.extend(way.iter().map(|(from, event, to)| table.moved(&name, from, event, to)));
            for sql in sql {
                let done = raw.execute(AssertSqlSafe(sql.clone())).await;
                done.unwrap_or_else(|error| panic!("{error}: {sql}"));
            }
        }
    }
}
