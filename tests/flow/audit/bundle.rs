//! A bundle that was changed after it was made: the script finds each change and names the row.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use sprintgate::domain::law::machines;
use sprintgate::store::digest;

use super::copies::{Story, script};

const FILES: [&str; 4] = ["ledger.jsonl", "checkpoints.jsonl", "entities.jsonl", "transitions.json"];

pub(super) fn lines(bundle: &Path, file: &str) -> Vec<String> {
    fs::read_to_string(bundle.join(file)).unwrap().lines().map(str::to_owned).collect()
}

pub(super) fn write(bundle: &Path, file: &str, lines: &[String]) {
    fs::write(bundle.join(file), lines.concat_lines()).unwrap();
}

trait ConcatLines {
    fn concat_lines(&self) -> String;
}

impl ConcatLines for [String] {
    fn concat_lines(&self) -> String {
        self.iter().map(|line| format!("{line}\n")).collect()
    }
}

/// A bundle to change.
pub(super) fn copied(whole: &Path, at: &Path) {
    fs::create_dir(at).unwrap();
    for file in fs::read_dir(whole).unwrap().map(Result::unwrap) {
        fs::copy(file.path(), at.join(file.file_name())).unwrap();
    }
}

/// Whoever changes a file can change the manifest, too.
pub(super) fn manifest_fits(bundle: &Path) {
    let path = bundle.join("manifest.json");
    let mut manifest: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    for file in FILES {
        let bytes = fs::read(bundle.join(file)).unwrap();
        let lines = bytes.split_inclusive(|byte| *byte == b'\n').count();
        manifest["files"][file] = json!({ "sha256": digest(&bytes), "lines": lines });
    }
    fs::write(path, manifest.to_string()).unwrap();
}

pub(super) fn edit(bundle: &Path, file: &str, number: usize, member: &str, value: Value) {
    let mut all = lines(bundle, file);
    let mut line: Value = serde_json::from_str(&all[number]).unwrap();
    assert_ne!(line[member], value);
    line[member] = value;
    all[number] = line.to_string();
    write(bundle, file, &all);
}

pub(super) fn name(bundle: &Path, line: usize) -> String {
    let row: Value = serde_json::from_str(&lines(bundle, "ledger.jsonl")[line]).unwrap();
    let text = |member: &str| row[member].as_str().unwrap().to_owned();
    format!("row {} ({} {} #{})", row["seq"], text("machine"), text("entity"), row["entity_seq"])
}

#[tokio::test]
async fn the_script_finds_what_was_changed_in_a_bundle() {
    let story = Story::told().await;
    let folder = story.world.dir.path();
    let law = sprintgate::cli::tables::json(&machines()).unwrap();
    let whole = folder.join("whole");
    let told = story.world.app.audit_export(&whole, &law).await.unwrap();
    let (ok, said) = script(&whole, Some(&story.kept));
    assert!(ok && said.starts_with("Everything fits.\n"), "{said}");
    let ledger = lines(&whole, "ledger.jsonl");
    let count = ledger.len();
    assert_eq!((told.rows, told.checkpoints), (count as u64, 2));
    assert_eq!(told.entities, lines(&whole, "entities.jsonl").len() as u64);
    assert_eq!(told.last_checkpoint.map(|last| last.hash), Some(story.kept.clone()));
    assert_eq!(told.manifest_sha256, digest(&fs::read(whole.join("manifest.json")).unwrap()));
    assert_eq!(fs::read_to_string(whole.join("transitions.json")).unwrap(), law);

    let row: Vec<Value> = ledger.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let done = row.iter().position(|row| row["event"] == "finish").unwrap();
    let job = row[done]["entity"].as_str().unwrap();
    let claim = row.iter().position(|row| row["event"] == "claim" && row["entity"] == *job).unwrap();
    let start = row.iter().position(|row| row["event"] == "start" && row["entity"] == *job).unwrap();
    let (first, second) = (name(&whole, 1), name(&whole, 2));
    let last = name(&whole, count - 1);
    let (_, entity) = last.split_once('(').unwrap();
    let (entity, _) = entity.split_once(" #").unwrap();
    type Change<'a> = Box<dyn Fn(&Path) + 'a>;
    let cases: Vec<(&str, Change<'_>, Vec<String>)> = vec![
        (
            "a fact",
            Box::new(|at| edit(at, "ledger.jsonl", done, "facts", json!("{}"))),
            vec![format!("{}: its content does not have its hash", name(&whole, done))],
        ),
        (
            "a status",
            Box::new(|at| edit(at, "ledger.jsonl", done, "to", json!("QUEUED"))),
            vec![format!("{}: the law has no RUNNING -finish-> QUEUED", name(&whole, done))],
        ),
        (
            "a row in the middle removed",
            Box::new(|at| {
                let mut all = lines(at, "ledger.jsonl");
                all.remove(claim);
                write(at, "ledger.jsonl", &all);
            }),
            vec![
                format!("{}: the entity's row 2 is missing", name(&whole, start)),
                format!("{}: behind it a row is missing that checkpoint 1 binds", name(&whole, claim - 1)),
            ],
        ),
        (
            "the last row removed",
            Box::new(|at| write(at, "ledger.jsonl", &lines(at, "ledger.jsonl")[..count - 1])),
            vec![format!("{entity}: the table says")],
        ),
        (
            "a row inserted",
            Box::new(|at| {
                let mut all = lines(at, "ledger.jsonl");
                let mut ghost = row[0].clone();
                ghost["entity"] = json!("ghost");
                ghost["seq"] = json!(count + 1);
                all.push(ghost.to_string());
                write(at, "ledger.jsonl", &all);
            }),
            vec![format!(
                "row {} ({} ghost #1): its content",
                count + 1,
                row[0]["machine"].as_str().unwrap()
            )],
        ),
        (
            "lines swapped",
            Box::new(|at| {
                let mut all = lines(at, "ledger.jsonl");
                all.swap(1, 2);
                write(at, "ledger.jsonl", &all);
            }),
            vec![
                format!("{first}: its place is not behind the line before it"),
                format!("{first}: it stands where checkpoint 1 binds another row"),
                format!("{second}: it stands where checkpoint 1 binds another row"),
            ],
        ),
        (
            "a checkpoint changed",
            Box::new(|at| edit(at, "checkpoints.jsonl", 1, "root", json!("0".repeat(64)))),
            vec!["checkpoint 2: its content does not have its hash".to_owned()],
        ),
        (
            "the last checkpoint removed",
            Box::new(|at| write(at, "checkpoints.jsonl", &lines(at, "checkpoints.jsonl")[..1])),
            vec![
                format!("no checkpoint has the hash {}", story.kept),
                "manifest: the last checkpoint".to_owned(),
            ],
        ),
        (
            "a table",
            Box::new(|at| edit(at, "entities.jsonl", 0, "status", json!("DRAFT"))),
            vec!["the table says DRAFT".to_owned()],
        ),
        (
            "the law",
            Box::new(|at| {
                let text = law.replace(r#""event": "finish""#, r#""event": "end""#);
                fs::write(at.join("transitions.json"), text).unwrap();
            }),
            vec![format!("{}: the law has no RUNNING -finish-> DONE", name(&whole, done))],
        ),
    ];
    for (number, (what, change, named)) in cases.iter().enumerate() {
        let at = folder.join(format!("bundle-{number}"));
        copied(&whole, &at);
        change(&at);
        let (ok, said) = script(&at, Some(&story.kept));
        assert!(!ok && said.contains("it does not have the hash that the manifest has"), "{what}: {said}");
        manifest_fits(&at);
        let (ok, said) = script(&at, Some(&story.kept));
        assert!(!ok && !said.contains("that the manifest has"), "{what}: {said}");
        for words in named {
            assert!(said.contains(words), "{what}: {words:?} is not in\n{said}");
        }
    }
}

#[tokio::test]
async fn a_bundle_is_never_written_over_something() {
    let story = Story::told().await;
    let at = story.world.dir.path().join("bundle");
    let export = || story.world.app.audit_export(&at, "{}");
    fs::create_dir(&at).unwrap();
    export().await.unwrap();
    let before = fs::read(at.join("manifest.json")).unwrap();
    assert_eq!(crate::flow::world::code(export().await), "IO");
    assert_eq!(fs::read(at.join("manifest.json")).unwrap(), before);
}
