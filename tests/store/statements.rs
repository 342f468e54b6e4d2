//! Every statement of the store, described by the database itself: how many parameters it takes, and which columns it
//! gives. The shared ones are held by one snapshot, which both databases have to agree with.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use sqlx::{Column as _, Either, Executor, SqlSafeStr, Statement as _};

use super::ctx::Ctx;
use super::database::{NAME, other_statements, statements};
use super::raw::connect;

fn held(name: &str, lines: &[String]) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, lines.join("\n")));
}

#[tokio::test]
async fn every_statement_is_described_and_both_databases_agree() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    let others: BTreeSet<&str> = other_statements().into_iter().map(|(name, _)| name).collect();
    let (mut shared, mut own) = (Vec::new(), Vec::new());
    let (mut names, mut wrong) = (BTreeSet::new(), Vec::new());
    for (name, sql) in statements() {
        assert!(names.insert(name), "two statements are called {name}");
        // Where a call runs several, the last one answers, and binds no less than those before it.
        let (before, last) = sql.rsplit_once("; ").unwrap_or(("", sql));
        if !before.is_empty() && raw.prepare(sql.into_sql_str()).await.is_err() {
            wrong.push(format!("{name}: {before}"));
        }
        let said = match raw.prepare(last.into_sql_str()).await {
            Ok(said) => said,
            Err(error) => {
                wrong.push(format!("{name}: {error}"));
                continue;
            }
        };
        let taken = match said.parameters() {
            None => 0,
            Some(Either::Left(types)) => types.len(),
            Some(Either::Right(number)) => number,
        };
        let given: Vec<&str> = said.columns().iter().map(|column| column.name()).collect();
        let line = format!("{name} takes {taken} gives {} {}", given.len(), given.join(" "));
        // What reads the clock is called alike, and says it in words of its own.
        match others.contains(name) && !["NOW", "SCHEMA_VERSION", "HAS_SCHEMA"].contains(&name) {
            true => shared.push(line.trim_end().to_owned()),
            false => own.push(line.trim_end().to_owned()),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    held(&format!("store_statements_own_{NAME}"), &own);
    held("store_statements", &shared);
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => sources(&path, found),
            false if path.extension().is_some_and(|e| e == "rs") => found.push(path),
            false => {}
        }
    }
}

/// The file without its comments; the names that stand in a `statements!` of it; and what stands outside of those and
/// of the macros that make their texts.
fn parted(text: &str) -> (Vec<String>, String) {
    let (mut names, mut outside) = (Vec::new(), String::new());
    let mut within = "";
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        match within {
            "" if line.starts_with("statements! {") => within = "statements",
            "" if line.starts_with("macro_rules! ") => within = "macro",
            "" => outside += &format!("{line}\n"),
            _ if line == "}" => within = "",
            "statements" => {
                let name = line.trim_start().split(" = ").next().unwrap();
                let is_name =
                    line.contains(" = ") && name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
                if is_name && line.starts_with("    ") && !line.starts_with("     ") {
                    names.push(name.to_owned());
                }
            }
            _ => {}
        }
    }
    (names, outside)
}

/// What looks at a whole database now and then asks its catalogue, and makes texts of the names that it finds there.
const MAINTAINS: [&str; 3] = ["definitions.rs", "upkeep.rs", "whole.rs"];

#[test]
fn every_statement_of_the_sources_is_in_the_catalogue() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut files = Vec::new();
    sources(&root.join("sql"), &mut files);
    sources(&root.join(NAME), &mut files);
    let mut written: BTreeMap<String, PathBuf> = BTreeMap::new();
    for path in files.into_iter().filter(|path| !MAINTAINS.iter().any(|name| path.ends_with(name))) {
        let (names, outside) = parted(&fs::read_to_string(&path).unwrap());
        for name in names {
            let twice = written.insert(name.clone(), path.clone());
            assert_eq!(twice, None, "{name} is written twice");
        }
        for word in ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "] {
            let has = outside.lines().find(|line| line.contains(&format!("\"{word}")));
            assert_eq!(has, None, "{}: a statement without a name", path.display());
        }
    }
    let listed: BTreeSet<String> = statements().into_iter().map(|(name, _)| name.to_owned()).collect();
    let written: BTreeSet<String> = written.into_keys().collect();
    assert!(listed.len() > 100, "{}", listed.len());
    assert_eq!(written, listed, "what is written and what is in the catalogue");
}
