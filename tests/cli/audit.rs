//! The ledger through the real program.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::home::Home;

#[test]
fn a_checkpoint_is_printed_and_can_be_asked_for() {
    let home = Home::with_sprint();
    let rows = home.run(&["audit", "verify", "--json"]).json()["rows"].as_u64().unwrap();
    let shown = home.run(&["audit", "verify"]).ok();
    assert!(shown.contains(&format!("No checkpoint binds the last {rows} rows yet.")), "{shown}");

    let told = home.run(&["audit", "checkpoint", "--json"]).json();
    assert_eq!((&told["written"], &told["rows"]), (&json!(1), &json!(rows)));
    let hash = told["last"]["hash"].as_str().unwrap();
    assert!(home.run(&["audit", "checkpoint"]).ok().contains(hash));
    let shown = home.run(&["audit", "verify", "--expect", hash]).ok();
    assert!(
        shown.contains(&format!("binds every row up to {rows}: {hash}")) && !shown.contains("yet"),
        "{shown}"
    );

    let other = "0".repeat(64);
    let found = home.run(&["audit", "verify", "--expect", &other]);
    assert!(found.status == 1 && found.stdout.contains(&format!("no checkpoint has the hash {other}")));
    home.run(&["audit", "verify", "--expect", "abc"]).refused(1, "VALIDATION_ERROR");
}

#[test]
fn a_job_is_replayed_and_the_end_is_told() {
    let home = Home::with_sprint();
    let claimed = home.tool("wait_for_job", &json!({ "wait_seconds": 0 }));
    let job = claimed["job_id"].as_str().unwrap();
    let shown = home.run(&["audit", "replay", &job[job.len() - 8..]]).ok();
    for words in [
        job,
        "create",
        "claim",
        "agent",
        "They agree: the ledger says CLAIMED after 2 rows, the table says CLAIMED after 2",
    ] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
    let told = home.run(&["audit", "replay", &format!("attempt:{job}/1"), "--json"]).json();
    assert_eq!(
        (&told["status"], &told["table"]["status"], &told["ok"]),
        (&json!("HELD"), &json!("HELD"), &json!(true))
    );
    home.run(&["audit", "replay", "nobody-here"]).refused(1, "NOT_FOUND");

    let end = home.run(&["audit", "tail", "-n", "3"]).ok();
    assert_eq!(end.lines().count(), 3, "{end}");
    assert!(end.contains(&format!("attempt {job}/1: - -create-> HELD by agent")), "{end}");
    assert_eq!(home.run(&["audit", "tail", "-n", "0"]).ok(), "");

    // A line of the tail is a line of the bundle.
    let lines = home.run(&["audit", "tail", "-n", "100000", "--json"]).ok();
    let bundle = home.path().join("bundle");
    let exported = home.run(&["audit", "export", "bundle", "--json"]).json();
    assert_eq!(fs::read_to_string(bundle.join("ledger.jsonl")).unwrap(), lines);
    assert_eq!(exported["rows"], lines.lines().count());
    let law = fs::read_to_string(bundle.join("transitions.json")).unwrap();
    assert_eq!(law, home.run(&["tables", "--format", "json"]).ok());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/check_bundle.py");
    let checked = Command::new("python3").arg(script).arg(&bundle).output().unwrap();
    let said = String::from_utf8(checked.stdout).unwrap();
    let all = format!("{} rows lie behind the last checkpoint", lines.lines().count());
    assert!(said.starts_with("Everything fits.\n") && said.contains(&all), "{said}");
    assert!(home.run(&["audit", "export", "second"]).ok().contains("rows,"));
    home.run(&["audit", "export", "bundle"]).refused(1, "IO");
}

#[test]
fn who_follows_sees_what_another_process_writes() {
    let home = Home::with_sprint();
    let mut follower =
        home.command(&["audit", "tail", "-n", "1", "-f", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(follower.stdout.take().unwrap()).lines();
    let mut next = || serde_json::from_str::<Value>(&lines.next().unwrap().unwrap()).unwrap();
    let first = next()["seq"].as_i64().unwrap();
    let claimed = home.tool("wait_for_job", &json!({ "wait_seconds": 0 }));
    let row = next();
    assert_eq!(
        (&row["entity"], &row["event"], row["seq"].as_i64()),
        (&claimed["job_id"], &json!("claim"), Some(first + 1))
    );
    follower.kill().unwrap();
    follower.wait().unwrap();
}
