//! The demo, from its first line to its last.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::cli::home::{Answer, answer};

fn demo(folder: &Path, bystander: &Path) -> Answer {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sprintgate"));
    command.arg("demo").arg("--dir").arg(folder);
    // the settings of whoever looks on have no part in it
    command.env("SPRINTGATE_TOKEN", "sg_another").env("SPRINTGATE_LEASE_SECONDS", "not a number");
    command.env("SPRINTGATE_SOCKET", "/nowhere").env("SCRUM4ME_DATABASE", "/nowhere");
    // and neither has their repository, as when a hook of it starts the demo
    command.env("GIT_DIR", bystander.join(".git")).env("GIT_INDEX_FILE", bystander.join(".git/index"));
    answer(command, "")
}

#[test]
fn everything_comes_out_as_it_has_to() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("demo");
    let bystander = place.path().join("mine");
    let made = Command::new("git").args(["init", "-q"]).arg(&bystander).status().unwrap();
    let config = fs::read(bystander.join(".git/config")).unwrap();
    assert!(made.success());
    let told = demo(&folder, &bystander);
    assert_eq!(told.status, 0, "{}\n{}", told.stdout, told.stderr);
    for line in [
        "T-2 (attempt 1) says done -> refused GATE_SUMMARY_MISSING",
        "T-3  RUNNING -> QUEUED      expire   system",
        "T-3  QUEUED -> CLAIMED      claim    agent    \"attempt 2\"",
        "T-3 (attempt 1) comes back and says done -> refused LEASE_LOST",
        "T-4 (attempt 1) says done, with a summary -> refused GATE_NOT_ALIGNED",
        "T-4  RUNNING -> FAILED      fail     agent",
        "T-5 (attempt 1) says done, with a summary -> refused NOT_VERIFIED",
        "T-5 (attempt 1) says done, with a summary -> refused GATE_EMPTY",
        "T-5  RUNNING -> CANCELLED   cancel   system",
        "every hash and every move fits",
        concat!(env!("CARGO_BIN_EXE_sprintgate"), " audit verify"),
        "Everything came out as it has to.",
    ] {
        assert!(told.stdout.contains(line), "{line}\n{}", told.stdout);
    }
    assert!(!told.stdout.contains('\x1b'), "colour where no terminal is");
    assert!(told.stderr.is_empty(), "{}", told.stderr);
    // it stays, for whoever wants to look
    assert!(folder.join("config.toml").exists() && folder.join("runner-2.log").exists());
    // a folder that is there already is not touched
    assert_eq!(demo(&folder, &bystander).status, 1);
    // nor is anything of whoever looks on
    assert_eq!(fs::read(bystander.join(".git/config")).unwrap(), config);
    assert!(!bystander.join(".git/index").exists());
    assert_eq!(fs::read_dir(bystander.join(".git/refs/heads")).unwrap().count(), 0);
}

#[test]
fn a_demo_that_is_told_to_stop_leaves_no_process() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("demo");
    let mut command = Command::new(env!("CARGO_BIN_EXE_sprintgate"));
    let mut demo = command.arg("demo").arg("--dir").arg(&folder).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(demo.stdout.take().unwrap()).lines();
    // a runner has a job, so there are runners
    assert!(lines.by_ref().any(|line| line.unwrap().contains("T-1  QUEUED -> CLAIMED")));
    assert!(Command::new("kill").arg(demo.id().to_string()).status().unwrap().success());
    drop(lines);
    assert_eq!(demo.wait().unwrap().code(), Some(143));
    let patience = Instant::now() + Duration::from_secs(20);
    while !processes_of(&folder).is_empty() {
        assert!(Instant::now() < patience, "{:?}", processes_of(&folder));
        std::thread::yield_now();
    }
}

fn processes_of(folder: &Path) -> Vec<String> {
    let words = |entry: fs::DirEntry| fs::read(entry.path().join("cmdline")).ok();
    let lines = fs::read_dir("/proc").unwrap().flatten().filter_map(words);
    let lines = lines.map(|words| String::from_utf8_lossy(&words).replace('\0', " "));
    lines.filter(|line| line.contains(folder.to_str().unwrap())).collect()
}
