//! What agents write is kept up to a limit.

use std::fs;

use crate::cli::home::mode;

use super::house::{House, until_gone};

#[tokio::test]
async fn both_streams_are_kept() {
    let house = House::new().await;
    house.once("echo out; echo err >&2; cat").await;
    let log = fs::read_to_string(house.log()).unwrap();
    let mut lines: Vec<&str> = log.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["err", "out"]);
    assert_eq!(mode(&house.log()), 0o600);
}

#[tokio::test]
async fn a_flood_is_cut_and_does_not_stop_the_agent() {
    let house = House::new().await;
    let mut settings = house.settings("head -c 3000000 /dev/zero | tr '\\0' x; echo end > {sign}");
    settings.output_max = 1000;
    house.once_with(settings).await.unwrap();
    assert_eq!(fs::read_to_string(house.sign()).unwrap(), "end\n");
    let log = fs::read_to_string(house.log()).unwrap();
    let note = "\n[sprintgate: 2999000 more bytes were written and are not kept]\n";
    assert_eq!(log, format!("{}{note}", "x".repeat(1000)));
}

#[tokio::test]
async fn a_process_that_left_the_group_does_not_hold_the_runner_and_goes() {
    let house = House::new().await;
    let script = "setsid sh -c 'echo $$ > {sign}; exec sleep 60' & until [ -s {sign} ]; do sleep 0.01; done";
    house.once(script).await;
    // a group cannot hold who leaves it, but every descendant is known by what it was started with
    let pid = fs::read_to_string(house.sign()).unwrap();
    until_gone(pid.trim()).await;
    assert_eq!(house.detail().await.job.status, "QUEUED");
}
