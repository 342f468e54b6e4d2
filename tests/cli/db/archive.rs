//! What ended long ago leaves, through the real program, and the copy of the database knows it too.

use serde_json::json;

use crate::cli::home::{Home, answer};
use crate::cli::life::life;
use crate::store::postgres::in_postgres::Database;

/// A home whose one run has ended: a job was done, the other cancelled.
fn ended() -> (Home, Vec<String>) {
    let home = Home::with_sprint();
    life(&home);
    let jobs = home.run(&["job", "list", "--json"]).json();
    let jobs = jobs.get("result").unwrap_or(&jobs).as_array().unwrap().clone();
    let ids: Vec<String> = jobs.iter().map(|job| job["job_id"].as_str().unwrap().to_owned()).collect();
    for job in jobs.iter().filter(|job| job["status"] == "QUEUED") {
        home.run(&["job", "cancel", job["job_id"].as_str().unwrap()]).ok();
    }
    (home, ids)
}

#[tokio::test]
async fn a_run_that_has_ended_leaves_and_its_copy_is_verified() {
    let (home, jobs) = ended();
    assert_eq!(jobs.len(), 2);
    let to = home.path().join("archives");
    let archive = |more: &[&str]| {
        let mut args = vec!["db", "archive", "--older-than", "0s", "--to", to.to_str().unwrap()];
        args.extend(more);
        home.run(&args)
    };
    assert!(archive(&["--dry-run"]).ok().starts_with("2 jobs and 0 effects that ended before "));
    let told = archive(&["--json"]).json();
    assert_eq!((&told["jobs"], &told["archives"][0]["name"]), (&json!(2), &json!("archive-1")), "{told}");
    assert!(archive(&[]).ok().starts_with("0 jobs and 0 effects"));

    let gone = home.run(&["job", "show", &jobs[0]]);
    gone.refused(1, "ARCHIVED");
    assert!(gone.stderr.contains("archive-1"), "{}", gone.stderr);
    home.run(&["job", "cancel", &jobs[0]]).refused(1, "ARCHIVED");
    let beat = home.run(&["call", "job_heartbeat", &json!({ "job_id": jobs[0], "attempt": 1 }).to_string()]);
    let told: serde_json::Value = serde_json::from_str(&beat.stdout).unwrap();
    assert_eq!((beat.status, &told["code"]), (1, &json!("ARCHIVED")), "{told}");
    assert_eq!(
        (&told["legal_next"], &told["facts"]["archive"]),
        (&json!(["wait_for_job"]), &json!("archive-1"))
    );
    let at = to.join("archive-1");
    let at = at.to_str().unwrap();
    let alone = home.run(&["audit", "archive", at]).ok();
    assert!(alone.contains(" holds: "), "{alone}");
    let together = home.run(&["audit", "verify", "--archive", at]).ok();
    assert!(
        together.contains("The ledger holds: ") && together.contains(" left for 1 archives"),
        "{together}"
    );
    assert!(home.run(&["db", "status"]).ok().contains("1 archives; the last, archive-1, was recorded at "));
    home.run(&["db", "check"]).ok();

    // Both the copy on a server, and the copy of that, know what left.
    let database = Database::empty().await;
    home.run(&["db", "copy", "--to", database.url()]).ok();
    let on = |args: &[&str]| {
        let mut command = home.command(args);
        command.env("SPRINTGATE_DATABASE_URL", database.url());
        answer(command, "")
    };
    on(&["audit", "verify", "--archive", at]).ok();
    on(&["db", "check"]).ok();
    on(&["job", "show", &jobs[0]]).refused(1, "ARCHIVED");
    on(&["db", "copy", "--to", "back.db"]).ok();
    home.run(&["audit", "verify", "--archive", at, "--database", "back.db"]).ok();

    // Whoever has one of two archives hears of the other.
    let home = home.and_sprint();
    for job in home.run(&["job", "list", "--json"]).json().as_array().unwrap() {
        home.run(&["job", "cancel", job["job_id"].as_str().unwrap()]).ok();
    }
    let told =
        home.run(&["db", "archive", "--older-than", "0s", "--to", to.to_str().unwrap(), "--json"]).json();
    assert_eq!(told["archives"][0]["name"], json!("archive-2"), "{told}");
    let one = home.run(&["audit", "verify", "--archive", at]);
    assert!(one.status == 1 && one.stdout.contains("The ledger holds: "), "{}", one.stdout);
    let missing = one.stdout.lines().find(|line| line.contains("was not given to --archive")).unwrap();
    assert!(missing.starts_with("archive-2 of 2") && missing.contains(": 2 jobs, 0 effects, "), "{missing}");
    let second = to.join("archive-2");
    home.run(&["audit", "verify", "--archive", at, second.to_str().unwrap()]).ok();
    home.run(&["audit", "verify"]).ok();

    std::fs::write(to.join("archive-1/rows.jsonl"), "").unwrap();
    let changed = home.run(&["audit", "verify", "--archive", at]);
    assert!(changed.status == 1 && changed.stdout.contains("rows.jsonl: it is not what the manifest says"));
    assert_eq!(home.run(&["audit", "archive", at]).status, 1);
    home.run(&["audit", "archive"]).refused(2, "USAGE");
}
