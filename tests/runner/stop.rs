//! A runner that is told to stop gives its job back first.

use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use sprintgate::runner::RunnerReport;
use tokio_util::sync::CancellationToken;

use super::house::{House, PATIENCE, until_gone, until_written};
use crate::cli::home::Home;

const PLAN: &str = "---\npbi: {title: P, priority: 1}\nstories:\n- title: S\n  priority: 1\n  tasks:\n  - {title: T, priority: 1, implementation_plan: \"`a.txt`\"}\n---\n";

#[tokio::test]
async fn the_job_is_given_back() {
    let house = House::new().await;
    let stop = CancellationToken::new();
    let mut pid = String::new();
    let settings = house.settings("echo $$ > {sign}; exec sleep 60");
    let report = house
        .during(settings, stop.clone(), |sign| {
            pid = sign;
            async { stop.cancel() }
        })
        .await;
    assert_eq!(report, RunnerReport { given_back: 1, ..RunnerReport::default() });
    until_gone(&pid).await;
    assert_eq!(house.why().await, "the runner was told to stop");
    house.is_clean();
}

/// The real program, with signals.
#[tokio::test]
async fn signals_end_the_program_with_their_status() {
    for (signal, status) in [(Signal::TERM, 143), (Signal::INT, 130)] {
        let home = Home::with_product();
        home.run_with(&["import", "-"], PLAN).ok();
        home.run(&["sprint", "start"]).ok();
        let sign = home.path().join("sign");
        let script = format!("echo $$ > {}; exec sleep 60", sign.display());
        let mut command =
            tokio::process::Command::from(home.command(&["runner", "--agent", "sh", "-c", &script]));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let child = command.spawn().unwrap();
        let agent = until_written(&sign).await;
        let pid = Pid::from_raw(i32::try_from(child.id().unwrap()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
        let ended = tokio::time::timeout(PATIENCE, child.wait_with_output()).await.expect("an end").unwrap();
        // nothing is printed: what a runner says is its log
        assert_eq!((ended.status.code(), ended.stdout), (Some(status), Vec::new()));
        until_gone(&agent).await;
        let jobs = home.run(&["job", "list", "--json"]).json();
        assert_eq!(jobs[0]["status"], "QUEUED", "{jobs}");
    }
}

#[test]
fn a_runner_that_cannot_be_says_so() {
    let home = Home::with_product();
    let args = ["runner", "--once", "--wait-seconds", "0"];
    home.run(&[&args[..], &["--agent", "true"]].concat()).ok();
    home.run(&[&args[..], &["--pass-env", "GH_TOKEN", "--agent", "true"]].concat())
        .refused(2, "BAD_ARGUMENT");
    home.run(&["runner", "--wait-seconds", "601"]).refused(2, "USAGE");
    let mut nobody = Command::new(super::house::PROGRAM);
    nobody.args(args).env_clear().env("HOME", home.path().join("elsewhere"));
    assert_eq!(crate::cli::home::answer(nobody, "").status, 3);
}
