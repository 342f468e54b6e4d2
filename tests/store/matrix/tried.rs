//! What every machine's guard accepts and refuses.

use super::super::ctx::Ctx;
use super::super::database::{Connection, REPLACES};
use super::super::raw::attempt;
use super::edges::legal;
use super::table::Table;
use super::zoo::{connect, fill, tables};

async fn refused(raw: &mut Connection, table: &Table, sql: &str, why: &str) {
    assert_eq!(attempt(raw, sql).await, Err(format!("{}: {why}", table.said())), "{sql}");
}

#[tokio::test]
async fn the_guards_accept_exactly_the_law() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    for (machine, table) in tables() {
        fill(&mut raw, &machine, &table).await;
        let legal = legal(machine.name);
        let (mut tried, mut accepted) = (0, 0);
        for from in machine.states.iter().map(|s| s.word) {
            for event in machine.events.iter().map(|e| e.word) {
                for to in machine.states.iter().map(|s| s.word) {
                    let sql = table.moved(&table.name_in(from, to), from, event, to);
                    if legal.contains(&(from, event, to)) {
                        assert_eq!(attempt(&mut raw, &sql).await, Ok(()), "{}: {sql}", machine.name);
                        accepted += 1;
                    } else {
                        refused(&mut raw, &table, &sql, "no such transition").await;
                    }
                    tried += 1;
                }
            }
        }
        assert_eq!(tried, machine.states.len() * machine.events.len() * machine.states.len());
        assert_eq!(accepted, legal.len(), "{}: an edge by hand has an unknown word", machine.name);
    }
}

#[tokio::test]
async fn nothing_is_born_elsewhere_twice_or_without_its_ledger_row() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    for (machine, table) in tables() {
        fill(&mut raw, &machine, &table).await;
        for status in machine.states.iter().map(|s| s.word) {
            let whole = table.birth("new", status) + &table.insert("INSERT", "new", status, "create", 1);
            if !machine.born.contains(&status) {
                refused(&mut raw, &table, &whole, "is not born in this status").await;
                continue;
            }
            assert_eq!(attempt(&mut raw, &whole).await, Ok(()), "{whole}");
            let event = machine.events[0].word;
            let elsewhere = machine.states.iter().map(|s| s.word).find(|s| *s != status).unwrap();
            for forged in [
                table.insert("INSERT", "new", status, "create", 1),
                table.birth("other", status) + &table.insert("INSERT", "new", status, "create", 1),
                table.birth("new", elsewhere) + &table.insert("INSERT", "new", status, "create", 1),
                table.birth("new", status) + &table.insert("INSERT", "new", status, "create", 2),
                table.birth("new", status) + &table.insert("INSERT", "new", status, event, 1),
            ] {
                refused(&mut raw, &table, &forged, "is born with its ledger row").await;
            }
            if !REPLACES {
                continue;
            }
            let again = table.insert("INSERT OR REPLACE", elsewhere, status, "create", 1);
            assert_eq!(
                attempt(&mut raw, &again).await,
                Err(format!("duplicate key: {}", table.key)),
                "{again}"
            );
        }
    }
}

#[tokio::test]
async fn a_status_is_written_with_its_own_ledger_row_or_not_at_all() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    for (machine, table) in tables() {
        fill(&mut raw, &machine, &table).await;
        let said = "a status is written with its ledger row";
        for (from, event, to) in legal(machine.name) {
            let name = &table.name_in(from, to);
            let row = table.noted(name, from, event, to);
            let other = machine.states.iter().map(|s| s.word).find(|s| *s != to).unwrap();
            let elsewhere = machine.states.iter().map(|s| s.word).find(|s| *s != from).unwrap();
            let another = table.name_in(elsewhere, elsewhere);
            for forged in [
                table.written(name, event, to, "ledger_seq + 1"),
                row.clone() + &table.written(name, event, to, "ledger_seq"),
                row.clone() + &table.written(name, event, to, "ledger_seq + 2"),
                table.noted(name, from, event, other) + &table.written(name, event, to, "ledger_seq + 1"),
                table.noted(name, from, "create", to) + &table.written(name, event, to, "ledger_seq + 1"),
                table.noted(&another, elsewhere, event, to)
                    + &table.written(name, event, to, "ledger_seq + 1"),
            ] {
                refused(&mut raw, &table, &forged, said).await;
            }
            let renamed =
                format!("UPDATE {} SET {} WHERE id = '{}'", table.name, table.rename, table.entity(name));
            refused(&mut raw, &table, &renamed, "keeps its id").await;
            let bare =
                format!("UPDATE {} SET status = '{to}' WHERE id = '{}'", table.name, table.entity(name));
            let answer = attempt(&mut raw, &bare).await.unwrap_err();
            let known =
                [format!("{}: no such transition", table.said()), format!("{}: {said}", table.said())];
            assert!(known.contains(&answer), "{bare}: {answer}");
        }
    }
}
