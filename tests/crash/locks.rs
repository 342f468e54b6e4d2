//! Locks that a killed git, or a killed library, left in the server's vault: none of them may stop the next
//! claim, the next verdict or the next push.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::shop::{Shop, sh, work, write};

/// Everything that the server's own work locks; of the job that is claimed next.
const LOCKS: [&str; 7] = [
    "packed-refs",
    "refs/remotes/origin/main",
    "refs/remotes/origin/{branch}",
    "refs/jobs/{job}/2",
    "HEAD",
    "config",
    "refs/salvage/{job}/1",
];

fn lock(shop: &Shop, name: &str, job: &Value) -> PathBuf {
    let name = name.replace("{branch}", job["branch_name"].as_str().unwrap());
    let path = shop.vault().unwrap().join(name.replace("{job}", job["job_id"].as_str().unwrap()) + ".lock");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "").unwrap();
    path
}

/// What the lock stopped, if it stopped anything.
fn stopped(shop: &Shop, expected: &Value) -> Option<String> {
    let (refused, job) = shop.tool("wait_for_job", &json!({ "wait_seconds": 0 }));
    if refused || job["job_id"] != expected["job_id"] {
        return Some(format!("the claim: {job}"));
    }
    work(&job, "after the kill");
    let ask = json!({ "task_id": job["task"]["id"], "attempt": job["attempt"] });
    let (refused, seen) = shop.tool("verify_task_against_plan", &ask);
    if refused {
        return Some(format!("the verdict: {seen}"));
    }
    let (refused, answer) = shop.tool("update_job_status", &super::shop::done(&job));
    (refused || answer["status"] != "done").then(|| format!("the end: {answer}"))
}

/// What a lost piece of work left: the refs, what no ref reaches, and the job's history.
fn traces(shop: &Shop, job: &Value) -> String {
    let refs = sh(
        &shop.vault().unwrap(),
        "git for-each-ref && git fsck --no-reflogs --unreachable 2>&1 | grep commit; true",
    );
    let told = shop.json(&["job", "show", job["job_id"].as_str().unwrap()]);
    format!("{refs}\n{told:#}")
}

#[test]
fn no_lock_of_a_dead_process_stops_a_successor() {
    let shop = Shop::open(LOCKS.len(), 600);
    let jobs: Vec<Value> = LOCKS.iter().map(|_| shop.claim()).collect();
    // commits of one second that change the same are the same commit
    for (number, job) in jobs.iter().enumerate() {
        work(job, &format!("committed-{number}"));
        write(job, &format!("written-{number}"));
    }
    // All leases at once, however slow this machine is.
    shop.leases_run_out();
    shop.expire_all();
    let mut wrong = Vec::new();
    for (which, job) in LOCKS.into_iter().zip(&jobs) {
        shop.main_moves();
        sh(&shop.vault().unwrap(), "git pack-refs --all");
        let path = lock(&shop, which, job);
        if let Some(why) = stopped(&shop, job) {
            wrong.push(format!("{which:?} stops {why}"));
        }
        let _ = fs::remove_file(path);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // what the dead attempts left is kept all the same
    let names = || LOCKS.into_iter().filter(|name| *name != "config");
    let locks: Vec<PathBuf> =
        jobs.iter().flat_map(|job| names().map(|name| lock(&shop, name, job)).collect::<Vec<_>>()).collect();
    shop.set_lease(1);
    shop.tidied();
    locks.into_iter().for_each(|lock| drop(fs::remove_file(lock)));
    let kept = shop.reached();
    for (number, job) in jobs.iter().enumerate() {
        for text in [format!("+committed-{number}\n"), format!("+written-{number}\n")] {
            assert!(kept.contains(&text), "{text} is lost of {}:\n{}", job["job_id"], traces(&shop, job));
        }
    }
    shop.sound();
}
