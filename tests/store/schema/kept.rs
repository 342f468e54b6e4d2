//! The live schemas of both databases are alike, every index serves something, and the page shows what is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use sprintgate::store::sqlite::{Clock, SqliteStore};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::super::in_postgres::Database;
use super::differ::{MEANT, differences, is_meant};
use super::meant::TABLES;
use super::page::{Served, page, why};
use super::read::Schema;
use super::{of_postgres, of_sqlite};

async fn schemas() -> (Schema, Schema) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("live.db");
    SqliteStore::open(&path, Clock::Database).await.unwrap().close().await;
    let options = SqliteConnectOptions::new().filename(&path);
    let mut raw = SqliteConnection::connect_with(&options).await.unwrap();
    let sqlite = of_sqlite::schema(&mut raw).await;
    let database = Database::new().await;
    let postgres = of_postgres::schema(&mut database.connect().await).await;
    (sqlite, postgres)
}

/// Which statements each index serves, by the plans that other tests keep.
fn served(schema: &Schema) -> Served {
    let mut served = Served::new();
    let words: BTreeSet<&String> = schema.values().flat_map(|table| table.indexes.keys()).collect();
    for file in ["store_plans.snap", "store_plans_postgres.snap"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots").join(file);
        let text = fs::read_to_string(path).unwrap();
        let mut name = "";
        for line in text.lines() {
            if !line.starts_with(' ') && !line.is_empty() {
                name = line;
            }
            // In SQLite a row that is added is compared with the rows that refer to it: that is the reference, and no search.
            if name.starts_with("ADD_") && file == "store_plans.snap" {
                continue;
            }
            for word in line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
                if let Some(index) = words.get(&word.to_owned()) {
                    served.entry((*index).clone()).or_default().insert(name.to_owned());
                }
            }
        }
    }
    served
}

#[tokio::test]
async fn the_databases_are_alike_and_the_page_shows_them() {
    let (sqlite, postgres) = schemas().await;
    let found = differences(&sqlite, &postgres);
    let mut meant = Vec::new();
    let mut wrong = Vec::new();
    for difference in found {
        match MEANT.iter().find(|(pattern, _)| is_meant(&difference, pattern)) {
            Some((_, why)) => meant.push((difference, *why)),
            None => wrong.push(difference),
        }
    }
    assert!(wrong.is_empty(), "the databases differ: {wrong:#?}");
    for (pattern, _) in MEANT {
        assert!(meant.iter().any(|(found, _)| is_meant(found, pattern)), "nothing differs so: {pattern}");
    }

    let shown: BTreeSet<&str> =
        TABLES.iter().flat_map(|(_, tables)| *tables).map(|(name, _)| *name).collect();
    let there: BTreeSet<&str> = sqlite.keys().map(String::as_str).collect();
    assert_eq!(shown, there, "what is said of tables, and the tables");

    let served = served(&postgres);
    for (name, table) in sqlite.iter().chain(&postgres) {
        for (index, text) in &table.indexes {
            assert!(why(index, text, table, &served).is_some(), "{name}: {index} serves nothing");
        }
    }
    let text = page(&sqlite, &postgres, &served, &meant);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema.md");
    if fs::read_to_string(&path).ok().as_ref() != Some(&text) {
        fs::write(&path, text).unwrap();
        panic!("docs/schema.md was rewritten, so run the test again and commit");
    }
}

#[test]
fn a_difference_is_told_from_those_that_are_meant() {
    for (difference, pattern, meant) in [
        ("a: CHECK b_is_json on SQLite only", "*: CHECK *_is_json on SQLite only", true),
        ("a: CHECK b_is_json on PostgreSQL only", "*: CHECK *_is_json on SQLite only", false),
        ("a: CHECK b on SQLite only", "*: CHECK *_is_json on SQLite only", false),
        ("a: column b on SQLite only", "*: CHECK *_is_json on SQLite only", false),
        ("a: CHECK b on SQLite only", "a: CHECK b on SQLite only", true),
        ("a: CHECK bb on SQLite only", "a: CHECK b on SQLite only", false),
    ] {
        assert_eq!(is_meant(difference, pattern), meant, "{difference}");
    }
}

#[tokio::test]
async fn every_difference_is_found() {
    let (sqlite, postgres) = schemas().await;
    let known = differences(&sqlite, &postgres).len();
    let change = |change: fn(&mut Schema)| {
        let mut changed = sqlite.clone();
        change(&mut changed);
        differences(&changed, &postgres).len().abs_diff(known)
    };
    assert_eq!(change(|schema| drop(schema.remove("tasks"))), 1);
    assert_eq!(change(|schema| drop(schema.get_mut("tasks").unwrap().columns.pop())), 1);
    assert_eq!(change(|schema| schema.get_mut("tasks").unwrap().columns[3].is_null ^= true), 1);
    assert_eq!(change(|schema| schema.get_mut("tasks").unwrap().columns[3].kind = "REAL".into()), 1);
    assert_eq!(change(|schema| schema.get_mut("tasks").unwrap().columns[3].default = Some("1".into())), 1);
    assert_eq!(change(|schema| schema.get_mut("tasks").unwrap().primary.clear()), 1);
    assert_eq!(change(|schema| schema.get_mut("tasks").unwrap().uniques.clear()), 1);
    assert_eq!(change(|schema| drop(schema.get_mut("tasks").unwrap().checks.remove("title_is_short"))), 1);
    assert_eq!(change(|schema| drop(schema.get_mut("tasks").unwrap().indexes.remove("tasks_of_story"))), 1);
    assert_eq!(change(|schema| assert!(schema.get_mut("tasks").unwrap().triggers.remove("tasks_born"))), 1);
    let restrict = change(|schema| {
        let table = schema.get_mut("todos").unwrap();
        table.keys = table
            .keys
            .iter()
            .map(|key| super::read::Key { on_delete: "RESTRICT".into(), ..key.clone() })
            .collect();
    });
    assert_eq!(restrict, 1);
}
