//! What every machine's guard accepts and refuses.

use std::sync::Arc;

use super::edges::legal;
use super::table::Table;
use super::zoo::{fill, tables};
use crate::conformance::failed::same;
use crate::conformance::ground::Ground;
use crate::conformance::{Bench, Failed, Raw, Scale, Seen};

async fn accepted(raw: &mut dyn Raw, sql: &str) -> Result<(), Failed> {
    same(sql, raw.attempt(sql).await?, Ok(()))
}

async fn refused(raw: &mut dyn Raw, table: &Table, sql: &str, why: &str) -> Result<(), Failed> {
    same(sql, raw.attempt(sql).await?, Err(format!("{}: {why}", table.said())))
}

/// Tries every (state, event, state after) of every machine.
pub(in crate::conformance) async fn moves(bench: Arc<dyn Bench>, _: Scale) -> Result<Seen, Failed> {
    let by = bench.spelling();
    let _ground = Ground::new(Arc::clone(&bench)).await?;
    let mut raw = bench.raw_without_keys().await?;
    let (mut machines, mut accepted_all, mut refused_all) = (0_usize, 0_usize, 0_usize);
    for (machine, table) in tables()? {
        fill(raw.as_mut(), by, &machine, &table).await?;
        let legal = legal(machine.name)?;
        let (mut tried, mut taken) = (0, 0);
        for from in machine.states.iter().map(|s| s.word) {
            for event in machine.events.iter().map(|e| e.word) {
                for to in machine.states.iter().map(|s| s.word) {
                    let sql = table.moved(by, &table.name_in(from, to), from, event, to);
                    if legal.contains(&(from, event, to)) {
                        accepted(raw.as_mut(), &sql).await?;
                        taken += 1;
                    } else {
                        refused(raw.as_mut(), &table, &sql, "no such transition").await?;
                    }
                    tried += 1;
                }
            }
        }
        let all = machine.states.len() * machine.events.len() * machine.states.len();
        same(format!("moves of {} that were tried", machine.name), tried, all)?;
        same(format!("moves of {} that were accepted", machine.name), taken, legal.len())?;
        machines += 1;
        accepted_all += taken;
        refused_all += tried - taken;
    }
    Ok(Seen::new().and(machines, "machines").and(accepted_all, "moves accepted").and(refused_all, "refused"))
}

/// Tries to bear things where nothing is born.
pub(in crate::conformance) async fn births(bench: Arc<dyn Bench>, _: Scale) -> Result<Seen, Failed> {
    let by = bench.spelling();
    let _ground = Ground::new(Arc::clone(&bench)).await?;
    let mut raw = bench.raw_without_keys().await?;
    let (mut born, mut forged) = (0_usize, 0_usize);
    for (machine, table) in tables()? {
        fill(raw.as_mut(), by, &machine, &table).await?;
        let event = machine.events.first().map_or("", |event| event.word);
        for status in machine.states.iter().map(|s| s.word) {
            let whole =
                table.birth(by, "new", status) + &table.insert(by, "INSERT", "new", status, "create", 1);
            if !machine.born.contains(&status) {
                refused(raw.as_mut(), &table, &whole, "is not born in this status").await?;
                forged += 1;
                continue;
            }
            accepted(raw.as_mut(), &whole).await?;
            born += 1;
            let elsewhere = machine.states.iter().map(|s| s.word).find(|s| *s != status).unwrap_or("");
            for sql in [
                table.insert(by, "INSERT", "new", status, "create", 1),
                table.birth(by, "other", status) + &table.insert(by, "INSERT", "new", status, "create", 1),
                table.birth(by, "new", elsewhere) + &table.insert(by, "INSERT", "new", status, "create", 1),
                table.birth(by, "new", status) + &table.insert(by, "INSERT", "new", status, "create", 2),
                table.birth(by, "new", status) + &table.insert(by, "INSERT", "new", status, event, 1),
            ] {
                refused(raw.as_mut(), &table, &sql, "is born with its ledger row").await?;
                forged += 1;
            }
            if by.replaces {
                let again = table.insert(by, "INSERT OR REPLACE", elsewhere, status, "create", 1);
                let said = raw.attempt(&again).await?;
                same(again, said, Err(format!("duplicate key: {}", table.key)))?;
                forged += 1;
            }
        }
    }
    Ok(Seen::new().and(born, "births accepted").and(forged, "forged and refused"))
}

/// Tries to write each status without its row of the ledger, and with another one.
pub(in crate::conformance) async fn ledger_rows(bench: Arc<dyn Bench>, _: Scale) -> Result<Seen, Failed> {
    let by = bench.spelling();
    let _ground = Ground::new(Arc::clone(&bench)).await?;
    let mut raw = bench.raw_without_keys().await?;
    let said = "a status is written with its ledger row";
    let (mut moves, mut forged) = (0_usize, 0_usize);
    for (machine, table) in tables()? {
        fill(raw.as_mut(), by, &machine, &table).await?;
        for (from, event, to) in legal(machine.name)? {
            let name = &table.name_in(from, to);
            let row = table.noted(by, name, from, event, to);
            let other_than =
                |one: &str| machine.states.iter().map(|s| s.word).find(|s| *s != one).unwrap_or("");
            let (other, elsewhere) = (other_than(to), other_than(from));
            let another = table.name_in(elsewhere, elsewhere);
            let next = table.written(by, name, event, to, "ledger_seq + 1");
            for sql in [
                next.clone(),
                row.clone() + &table.written(by, name, event, to, "ledger_seq"),
                row.clone() + &table.written(by, name, event, to, "ledger_seq + 2"),
                table.noted(by, name, from, event, other) + &next,
                table.noted(by, name, from, "create", to) + &next,
                table.noted(by, &another, elsewhere, event, to) + &next,
            ] {
                refused(raw.as_mut(), &table, &sql, said).await?;
                forged += 1;
            }
            let entity = table.entity(name);
            let renamed = format!("UPDATE {} SET {} WHERE id = '{entity}'", table.name, table.rename);
            refused(raw.as_mut(), &table, &renamed, "keeps its id").await?;
            let bare = format!("UPDATE {} SET {} WHERE id = '{entity}'", table.name, status(to));
            let answer = raw.attempt(&bare).await?;
            let known =
                [format!("{}: no such transition", table.said()), format!("{}: {said}", table.said())];
            if !answer.as_ref().is_err_and(|answer| known.contains(answer)) {
                return Err(Failed::otherwise(bare, known.join(" or "), format!("{answer:?}")));
            }
            forged += 2;
            moves += 1;
        }
    }
    Ok(Seen::new().and(moves, "moves").and(forged, "forged and refused"))
}

fn status(to: &str) -> String {
    format!("status = '{to}'")
}
