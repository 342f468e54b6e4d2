//! Runners that die: the next one cleans up after them, and after nobody else.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use super::house::{is_alive, until_gone, until_written};
use crate::cli::home::Home;

const PLAN: &str = "---\npbi: {title: P, priority: 1}\nstories:\n- title: S\n  priority: 1\n  tasks:\n  - {title: T, priority: 1, implementation_plan: \"`a.txt`\"}\n---\n";

fn home() -> Home {
    let home = Home::with_product();
    home.run_with(&["import", "-"], PLAN).ok();
    home.run(&["sprint", "start"]).ok();
    home
}

/// A process that does not outlive its test, whatever becomes of that.
struct Mortal(Child);

impl Mortal {
    fn end(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Mortal {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A runner whose agent sleeps; and the agent's number.
async fn sleeping(home: &Home) -> (Mortal, String) {
    let sign = home.path().join("sign");
    let script = format!("echo $$ > {}; exec sleep 60", sign.display());
    let mut command = home.command(&["runner", "--agent", "sh", "-c", &script]);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    (Mortal(child), until_written(&sign).await)
}

/// A runner that finds no job ready, for the one that was given back waits a while.
fn next(home: &Home) {
    home.run(&["runner", "--once", "--wait-seconds", "0", "--agent", "true"]).ok();
}

fn job(home: &Home) -> Value {
    home.run(&["job", "list", "--json"]).json()[0].clone()
}

fn job_folder(home: &Home) -> std::path::PathBuf {
    let jobs = home.path().join(".local/state/sprintgate/jobs");
    let mut folders = fs::read_dir(jobs).unwrap().map(|entry| entry.unwrap().path());
    folders.find(|path| path.is_dir()).expect("a job's folder")
}

#[tokio::test]
async fn the_agent_of_a_dead_runner_is_killed_and_its_job_given_back() {
    let home = home();
    let (mut runner, agent) = sleeping(&home).await;
    let folder = job_folder(&home);

    // as long as the runner lives, its agent is nobody else's business
    next(&home);
    assert!(is_alive(&agent) && folder.exists());
    assert_eq!(job(&home)["status"], "CLAIMED");

    runner.end();
    assert!(is_alive(&agent));
    next(&home);
    until_gone(&agent).await;
    assert!(!folder.exists());
    assert_eq!(job(&home)["status"], "QUEUED");
    let run = fs::read_dir(home.path().join(".local/state/sprintgate/run")).unwrap();
    assert_eq!(run.count(), 0);
    assert_eq!(home.run(&["audit", "verify", "--json"]).json()["ok"], true);
}

/// A runner may die before it noted its agent.
#[tokio::test]
async fn an_agent_that_nobody_noted_is_killed_too() {
    let home = home();
    let (mut runner, agent) = sleeping(&home).await;
    runner.end();
    // it may have been quick or not
    let _: Result<(), _> = fs::remove_file(job_folder(&home).join("process.json"));
    next(&home);
    until_gone(&agent).await;
    assert_eq!(job(&home)["status"], "QUEUED");
}

/// The agent ended, and its number belongs to another process when the next runner looks.
#[tokio::test]
async fn a_number_that_is_used_again_is_not_killed() {
    let home = home();
    let (mut runner, agent) = sleeping(&home).await;
    runner.end();
    let stranger = Mortal(Command::new("sleep").arg("60").process_group(0).spawn().unwrap());
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
    let note = json!({ "pid": stranger.0.id(), "started": 1, "boot": boot.trim() });
    fs::write(job_folder(&home).join("process.json"), note.to_string()).unwrap();
    next(&home);
    until_gone(&agent).await;
    assert!(is_alive(&stranger.0.id().to_string()));
    assert_eq!(job(&home)["status"], "QUEUED");
}
