//! The demo, from its first line to its last.

use std::process::Command;

use crate::cli::home::{Answer, answer};

fn demo(folder: &std::path::Path) -> Answer {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sprintgate"));
    command.arg("demo").arg("--dir").arg(folder);
    // the settings of whoever looks on have no part in it
    command.env("SPRINTGATE_TOKEN", "sg_another").env("SPRINTGATE_LEASE_SECONDS", "not a number");
    command.env("SPRINTGATE_SOCKET", "/nowhere").env("SCRUM4ME_DATABASE", "/nowhere");
    answer(command, "")
}

#[test]
fn everything_comes_out_as_it_has_to() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("demo");
    let told = demo(&folder);
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
        "Everything came out as it has to.",
    ] {
        assert!(told.stdout.contains(line), "{line}\n{}", told.stdout);
    }
    assert!(!told.stdout.contains('\x1b'), "colour where no terminal is");
    assert!(told.stderr.is_empty(), "{}", told.stderr);
    // it stays, for whoever wants to look
    assert!(folder.join("config.toml").exists() && folder.join("runner-2.log").exists());
    // a folder that is there already is not touched
    assert_eq!(demo(&folder).status, 1);
}
