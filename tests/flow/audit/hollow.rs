//! A bundle that is made to look whole, with a manifest that fits: the script takes nothing for checked that it could not
//! check.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use sprintgate::domain::law::machines;
use sprintgate::store::digest;

use super::bundle::{copied, edit, lines, manifest_fits, name, write};
use super::copies::{Story, asked, script};

fn manifest(bundle: &Path, change: impl Fn(&mut Value)) {
    let path = bundle.join("manifest.json");
    let mut manifest: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    change(&mut manifest);
    fs::write(path, manifest.to_string()).unwrap();
}

fn replaced(bundle: &Path, file: &str, number: usize, from: &str, to: &str) {
    let mut all = lines(bundle, file);
    let changed = all[number].replacen(from, to, 1);
    assert_ne!(all[number], changed);
    all[number] = changed;
    write(bundle, file, &all);
    manifest_fits(bundle);
}

#[tokio::test]
async fn what_could_not_be_checked_does_not_fit() {
    let story = Story::told().await;
    let folder = story.world.dir.path();
    let law = sprintgate::cli::tables::json(&machines()).unwrap();
    let whole = folder.join("whole");
    story.world.app.audit_export(&whole, &law).await.unwrap();
    let ledger = "ledger.jsonl";
    type Change<'a> = Box<dyn Fn(&Path) + 'a>;
    let cases: Vec<(&str, Change<'_>, &str)> = vec![
        (
            "no files",
            Box::new(|at| manifest(at, |it| it["files"] = json!({}))),
            "manifest: it does not have the members",
        ),
        (
            "a file less",
            Box::new(|at| manifest(at, |it| drop(it["files"].as_object_mut().unwrap().remove(ledger)))),
            "manifest: it does not have the members",
        ),
        (
            "a file more",
            Box::new(|at| manifest(at, |it| it["files"]["other"] = it["files"][ledger].clone())),
            "manifest: it does not have the members",
        ),
        (
            "a count of lines",
            Box::new(|at| manifest(at, |it| it["files"][ledger]["lines"] = json!(1))),
            "lines, the manifest says 1",
        ),
        (
            "another form",
            Box::new(|at| manifest(at, |it| it["format"] = json!(true))),
            "manifest: its member format",
        ),
        ("no manifest", Box::new(|at| fs::remove_file(at.join("manifest.json")).unwrap()), "manifest: "),
        ("no ledger", Box::new(|at| fs::remove_file(at.join(ledger)).unwrap()), "The bundle is not whole"),
        (
            "nothing at all",
            Box::new(|at| {
                for file in [ledger, "checkpoints.jsonl", "entities.jsonl"] {
                    fs::write(at.join(file), "").unwrap();
                }
                manifest(at, |it| it["last_checkpoint"] = Value::Null);
                manifest_fits(at);
            }),
            "ledger.jsonl: it has no row, so that there was nothing to check",
        ),
        (
            "a member twice",
            Box::new(|at| replaced(at, ledger, 1, "\"actor_id\":", "\"actor_id\":\"mallory\",\"actor_id\":")),
            "ledger.jsonl, line 2: it has a member twice",
        ),
        (
            "a member more",
            Box::new(|at| replaced(at, ledger, 1, "\"actor_id\":", "\"by\":\"mallory\",\"actor_id\":")),
            "ledger.jsonl, line 2: it does not have the members",
        ),
        (
            "a time as text",
            Box::new(|at| {
                let row: Value = serde_json::from_str(&lines(at, ledger)[1]).unwrap();
                edit(at, ledger, 1, "at", json!(row["at"].to_string()));
                manifest_fits(at);
            }),
            "ledger.jsonl, line 2: its member at has another type",
        ),
        (
            "half a character",
            Box::new(|at| replaced(at, ledger, 1, "\"actor_id\":\"", "\"actor_id\":\"\\ud800")),
            "ledger.jsonl, line 2: 'utf-8' codec can't encode",
        ),
        (
            "no JSON",
            Box::new(|at| replaced(at, "entities.jsonl", 0, "{", &"[".repeat(100_000))),
            "entities.jsonl, line 1: ",
        ),
        (
            "no law",
            Box::new(|at| {
                fs::write(at.join("transitions.json"), "[]").unwrap();
                manifest_fits(at);
            }),
            "transitions.json: it is no law",
        ),
    ];
    for (number, (what, change, words)) in cases.iter().enumerate() {
        let at = folder.join(format!("hollow-{number}"));
        copied(&whole, &at);
        change(&at);
        let (ok, said) = script(&at, None);
        assert!(!ok && said.contains(words) && !said.contains("Everything"), "{what}: {said}");
    }
}

#[tokio::test]
async fn the_hash_and_the_law_that_an_auditor_has() {
    let story = Story::told().await;
    let folder = story.world.dir.path();
    let law = sprintgate::cli::tables::json(&machines()).unwrap();
    let bundle = folder.join("bundle");
    story.world.app.audit_export(&bundle, &law).await.unwrap();
    for wrong in ["", " ", "abc", &"g".repeat(64), &"a".repeat(63), &"a".repeat(65)] {
        let (status, said) = asked(&bundle, &["--expect", wrong]);
        assert!(status == 2 && said.contains("64 hexadecimal digits"), "{wrong:?}: {said}");
    }
    let count = lines(&bundle, "ledger.jsonl").len();
    let bound: usize = lines(&bundle, "checkpoints.jsonl")
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["rows"].as_u64().unwrap() as usize)
        .sum();
    assert!(bound < count);
    let (_, said) = asked(&bundle, &["--expect", &story.kept.to_uppercase()]);
    let behind =
        format!("Everything fits.\nThe law was taken from the bundle, SHA-256 {}", digest(law.as_bytes()));
    assert!(said.starts_with(&behind), "{said}");
    assert!(
        said.contains(&format!("{} rows lie behind the checkpoint that was expected", count - bound)),
        "{said}"
    );
    let (_, said) = asked(&bundle, &[]);
    assert!(said.contains(&format!("{} rows lie behind the last checkpoint", count - bound)), "{said}");

    let own = folder.join("transitions.json");
    fs::write(&own, &law).unwrap();
    let own = own.to_str().unwrap();
    let (status, said) = asked(&bundle, &["--law", own]);
    assert!(status == 0 && !said.contains("taken from the bundle"), "{said}");
    let rows = lines(&bundle, "ledger.jsonl");
    let mut rows = rows.iter().map(|row| serde_json::from_str::<Value>(row).unwrap());
    let at = rows.position(|row| row["from"].is_string()).unwrap();
    let row: Value = serde_json::from_str(&lines(&bundle, "ledger.jsonl")[at]).unwrap();
    let invented = law.replace(&format!("\"{}\"", row["event"].as_str().unwrap()), "\"conjure\"");
    assert_ne!(invented, law);
    fs::write(bundle.join("transitions.json"), invented).unwrap();
    manifest_fits(&bundle);
    let (status, said) = asked(&bundle, &["--law", own, "--expect", &story.kept]);
    assert!(status == 1 && said.contains("transitions.json: it is not the law of"), "{said}");
    assert!(!said.contains(&name(&bundle, at)), "the rows are held against the auditor's: {said}");
}
