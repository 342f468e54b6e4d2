//! `salvage`: what was kept of an attempt is listed, shown, restored and pruned.

use std::path::PathBuf;
use std::time::Instant;

use serde_json::json;

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
    /// With a job whose worker failed and left a file behind that it never committed; the job's id.
    fn with_salvage() -> (Self, String) {
        let home = Self::with_product();
        home.run_with(&["import", "-"], PLAN).ok();
        home.run(&["sprint", "start", "--goal", "hello"]).ok();
        let job = home.run(&["call", "wait_for_job", "{\"wait_seconds\":0}"]).json();
        let tree = PathBuf::from(job["worktree_path"].as_str().unwrap());
        std::fs::write(tree.join("note\u{1b}[31m.txt"), "never committed").unwrap();
        let job = job["job_id"].as_str().unwrap().to_owned();
        let failed = json!({ "job_id": job, "attempt": 1, "status": "failed", "error": "no" }).to_string();
        home.run(&["call", "update_job_status", &failed]).ok();
        let begun = Instant::now();
        while tree.exists() {
            assert!(begun.elapsed().as_secs() < 60, "its worktree stays");
            let mut tidy = home.command(&["worktree", "tidy"]);
            assert!(tidy.env("SPRINTGATE_LEASE_SECONDS", "1").output().unwrap().status.success());
        }
        (home, job)
    }
}

#[test]
fn what_is_kept_is_listed_shown_restored_and_pruned() {
    let (home, job) = Home::with_salvage();
    let end = &job[job.len() - 8..];
    let listed = home.run(&["salvage", "list"]).ok();
    for part in ["JOB", &job, "CHANGES, 1 files", "here"] {
        assert!(listed.contains(part), "{part}: {listed}");
    }
    let json = home.run(&["salvage", "list", "--job", end, "--json"]).json();
    assert_eq!(
        (&json[0]["job_id"], &json[0]["kind"], &json[0]["is_here"]),
        (&json!(job), &json!("CHANGES"), &json!(true))
    );
    assert_eq!(json[0]["ref"], format!("refs/salvage/{job}/1"));
    let shown = home.run(&["salvage", "show", end]).ok();
    assert!(
        shown.contains("added")
            && shown.contains(r"note\u{1b}[31m.txt")
            && shown.contains("No commit is kept."),
        "{shown}"
    );
    let detail = home.run(&["salvage", "show", &job, "--attempt", "1", "--json"]).json();
    assert_eq!(detail["files"], json!([{ "path": "note\u{1b}[31m.txt", "change": "added" }]));
    home.run(&["salvage", "show", &job, "--attempt", "2"]).refused(1, "NOT_FOUND");

    assert_eq!(home.run(&["salvage", "prune"]).ok(), "There is nothing to let go of.\n");
    let stays = home.run(&["salvage", "prune", "--older-than", "0s"]).ok();
    assert!(stays.starts_with("kept     ") && stays.contains("nobody has restored it"), "{stays}");
    let restored = home.run(&["salvage", "restore", end, "back"]).ok();
    assert!(restored.contains("/back: branch salvage/"), "{restored}");
    let text = std::fs::read_to_string(home.path().join("back/note\u{1b}[31m.txt")).unwrap();
    assert_eq!(text, "never committed");
    home.run(&["salvage", "restore", end, "back"]).refused(1, "VALIDATION_ERROR");
    home.run(&["salvage", "restore", end]).refused(2, "USAGE");
    home.run(&["salvage", "prune", "--attempt", "1"]).refused(2, "USAGE");
    let pruned = home.run(&["salvage", "prune", "--older-than", "0s", "--json"]).json();
    assert_eq!(
        (pruned["pruned"].as_array().unwrap().len(), &pruned["kept_total"]),
        (1, &json!(0)),
        "{pruned}"
    );
    assert_eq!(home.run(&["salvage", "list"]).ok(), "Nothing is kept.\n");
    let gone = home.run(&["salvage", "show", &job]);
    assert!(gone.stderr.contains("hint: `sprintgate salvage list`"), "{}", gone.stderr);
    gone.refused(1, "NOT_FOUND");
    assert_eq!(home.run(&["audit", "verify", "--json"]).json()["ok"], true);
}

#[test]
fn what_is_named_is_pruned_though_nobody_restored_it() {
    let (home, job) = Home::with_salvage();
    let pruned = home.run(&["salvage", "prune", &job]).ok();
    assert!(pruned.starts_with(&format!("pruned   {job} attempt 1: CHANGES, 1 files, ")), "{pruned}");
    assert_eq!(home.run(&["salvage", "list", "--json"]).json(), json!([]));
}
