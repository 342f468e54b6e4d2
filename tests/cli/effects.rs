//! `effects`: listed with what they wait for, retried, dismissed and run.

use std::process::Stdio;

use serde_json::Value;

use super::home::Home;

const PLAN: &str = "---
pbi: {title: Greeting, priority: 1}
stories:
  - title: Say hello
    priority: 1
    tasks: [{title: Write it, priority: 1, implementation_plan: \"Create `hello.txt`.\"}]
---
";

impl Home {
    /// With a job that was cancelled while a worker held it, and so with an effect.
    fn with_effect() -> (Self, String) {
        let home = Self::with_product();
        home.run_with(&["import", "-"], PLAN).ok();
        home.run(&["sprint", "start", "--goal", "hello"]).ok();
        let job = home.run(&["call", "wait_for_job", "{\"wait_seconds\":0}"]).json();
        home.run(&["job", "cancel", job["job_id"].as_str().unwrap()]).ok();
        let listed = home.run(&["effects", "list", "--json"]).json();
        let id = listed["result"][0]["effect_id"].as_str().unwrap().to_owned();
        (home, id)
    }

    fn effect(&self, id: &str) -> Value {
        self.run(&["effects", "show", id, "--json"]).json()
    }
}

#[test]
fn what_waits_is_listed_with_its_reason_and_counted() {
    let home = Home::with_product();
    assert_eq!(home.run(&["effects", "list"]).ok(), "Nothing waits to be done outside of the database.\n");
    assert_eq!(home.run(&["effects", "run"]).ok(), "Nothing was due.\n");
    let (home, id) = Home::with_effect();
    let listed = home.run(&["effects", "list"]).ok();
    for part in [&id, "remove_worktree", "PENDING", "0/56", "waits for its time, 20", "OLDEST"] {
        assert!(listed.contains(part), "{part}: {listed}");
    }
    let json = home.run(&["effects", "list", "--json"]).json();
    assert_eq!(json["counts"][0]["effects"], 1);
    assert!(json["counts"][0]["oldest_age_seconds"].as_i64().unwrap() < 60, "{json}");
    assert_eq!(
        home.run(&["effects", "list", "--status", "done", "--json"]).json()["result"],
        serde_json::json!([])
    );
    let health = home.run(&["call", "health"]).json();
    assert_eq!(
        (&health["effects"]["waiting"], &health["effects"]["gave_up"]),
        (&1.into(), &0.into()),
        "{health}"
    );
    let shown = home.run(&["effects", "show", &id]).ok();
    assert!(
        shown.contains("legal next  start, dismiss") && shown.contains(r#"payload     {"attempt":1}"#),
        "{shown}"
    );
    home.run(&["effects", "list", "--status", "odd"]).refused(2, "USAGE");
    home.run(&["effects", "show", "nothing"]).refused(1, "NOT_FOUND");
    assert_eq!(home.run(&["effects", "run"]).ok(), "Nothing was due.\n");
}

#[test]
fn a_person_gives_up_on_it_and_has_it_tried_again() {
    let (home, id) = Home::with_effect();
    home.run(&["effects", "retry", &id]).refused(1, "ILLEGAL_TRANSITION");
    home.run(&["effects", "dismiss", &id, "--reason", "no"]).refused(1, "REASON_MISSING");
    let dismissed = home.run(&["effects", "dismiss", &id, "--reason", "the disk is gone"]).ok();
    assert!(dismissed.contains("dismissed: the disk is gone"), "{dismissed}");
    assert!(home.run(&["effects", "list"]).ok().contains("GAVE_UP"));
    let all = home.run(&["effects", "retry", "--all-given-up"]).ok();
    assert_eq!(all, "1 effects are tried again.\n");
    assert_eq!(home.effect(&id)["status"], "PENDING");
    home.run(&["effects", "dismiss", &id, "--reason", "the disk is gone"]).ok();
    home.run(&["effects", "retry", &id]).ok();
    // It is due now, and the worker has not had its time yet.
    assert_eq!(home.run(&["effects", "run"]).ok(), "1 tried again later\n");
    let effect = home.effect(&id);
    assert_eq!(effect["error"], "Its worker was told to stop and has not confirmed.");
    let events: Vec<&str> =
        effect["history"].as_array().unwrap().iter().map(|row| row["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["create", "dismiss", "again", "dismiss", "again", "start", "fail"]);
    home.run(&["effects", "retry"]).refused(2, "USAGE");
    assert_eq!(home.run(&["audit", "verify", "--json"]).json()["ok"], true);
}

#[test]
fn it_goes_on_until_it_is_stopped() {
    let (home, id) = Home::with_effect();
    let mut command = home.command(&["effects", "run", "--forever", "--json"]);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    home.run(&["effects", "dismiss", &id, "--reason", "the disk is gone"]).ok();
    home.run(&["effects", "retry", &id]).ok();
    let begun = std::time::Instant::now();
    while home.effect(&id)["tries"] != 1 {
        assert!(begun.elapsed().as_secs() < 30, "nobody tried it");
    }
    let stopped = std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(stopped.success());
    assert_eq!(child.wait().unwrap().code(), Some(143));
    let said: Value = serde_json::from_reader(child.stdout.take().unwrap()).unwrap();
    assert_eq!((&said["again"], &said["lost"]), (&1.into(), &0.into()), "{said}");
}
