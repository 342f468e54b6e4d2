//! One entity of a machine and kind in every status, named after it, made along the law.

use std::collections::BTreeMap;

use super::edges::legal;
use super::table::{Kind, Table};
use super::{backlog, outside, people, work};
use crate::conformance::failed::same;
use crate::conformance::{Failed, Raw, Spelling};
use crate::domain::law::{Machine, machines};

/// A legal move: the state before, the event, the state after.
type Move = (&'static str, &'static str, &'static str);

/// Each machine with its table.
///
/// # Errors
/// When a machine has no table here, or a table no machine.
pub fn tables() -> Result<Vec<(Machine, Table)>, Failed> {
    let all = [work::tables(), backlog::tables(), people::tables(), outside::tables()].into_iter().flatten();
    let mut tables: BTreeMap<&str, Table> = all.map(|table| (table.machine, table)).collect();
    let mut found = Vec::new();
    for machine in machines() {
        let missing =
            || Failed::otherwise(format!("the machine {}", machine.name), "a table by hand", "none");
        let table = tables.remove(machine.name).ok_or_else(missing)?;
        same(format!("the table of {}", machine.name), table.name, machine.table)?;
        found.push((machine, table));
    }
    same("tables without a machine", tables.into_keys().collect::<Vec<_>>(), Vec::new())?;
    Ok(found)
}

/// The moves from birth to each status that things of a kind can be in.
fn ways(machine: &Machine, kind: &Kind) -> Result<BTreeMap<&'static str, Vec<Move>>, Failed> {
    let legal: Vec<_> = legal(machine.name)?.into_iter().filter(|(_, _, to)| kind.can_be(to)).collect();
    let mut ways: BTreeMap<_, Vec<_>> = machine.born.iter().map(|born| (*born, Vec::new())).collect();
    while ways.len() < machine.states.iter().filter(|state| kind.can_be(state.word)).count() {
        let further = legal.iter().find_map(|edge| {
            ways.get(edge.0).filter(|_| !ways.contains_key(edge.2)).map(|way| (way.clone(), *edge))
        });
        let stuck = || Failed::otherwise(format!("a way to each status of {}", machine.name), "one", "none");
        let (way, edge) = further.ok_or_else(stuck)?;
        ways.insert(edge.2, way.into_iter().chain([edge]).collect());
    }
    Ok(ways)
}

/// The statements that make the entities, in their order.
///
/// # Errors
/// When a status cannot be reached.
pub fn births_of(by: Spelling, machine: &Machine, table: &Table) -> Result<Vec<String>, Failed> {
    let mut sql = Vec::new();
    for kind in table.kinds {
        for (status, way) in ways(machine, kind)? {
            let name = format!("{}{status}", kind.prefix);
            let born = way.first().map_or(status, |first| first.0);
            sql.extend([table.birth(by, &name, born), table.insert(by, "INSERT", &name, born, "create", 1)]);
            sql.extend(way.iter().map(|(from, event, to)| table.moved(by, &name, from, event, to)));
        }
    }
    Ok(sql)
}

/// Makes the entities.
pub(super) async fn fill(
    raw: &mut dyn Raw,
    by: Spelling,
    machine: &Machine,
    table: &Table,
) -> Result<(), Failed> {
    for sql in births_of(by, machine, table)? {
        raw.run(&sql).await?;
    }
    Ok(())
}
