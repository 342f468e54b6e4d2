//! The folder of an attempt: who can read it, and what is done where something stands in its way.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, symlink};

use serde_json::Value;
use sprintgate::runner::RunnerError;

use super::house::{House, PROGRAM};

#[tokio::test]
async fn nobody_else_reads_it() {
    let house = House::new().await;
    // the runner notes its agent right after it started it
    let script = "d=$(dirname \"$SPRINTGATE_PAYLOAD\"); until [ -s \"$d/process.json\" ]; do sleep 0.01; done; stat -c '%a %n' \"$d\" \"$d\"/* > {sign}; \
                  cat \"$d/mcp.json\" > {sign}.mcp; cat \"$SPRINTGATE_PAYLOAD\" > {sign}.payload; \
                  echo \"$SPRINTGATE_TOKEN\" > {sign}.token";
    house.once(script).await;
    let modes = fs::read_to_string(house.sign()).unwrap();
    let folder = house.state().join(format!("jobs/{}-a1", house.job));
    let mut wanted = vec![format!("700 {}", folder.display())];
    for name in ["about.json", "held", "mcp.json", "payload.json", "process.json"] {
        wanted.push(format!("600 {}/{name}", folder.display()));
    }
    assert_eq!(modes.lines().collect::<Vec<_>>(), wanted);

    let read = |what: &str| fs::read_to_string(house.sign().with_extension(what)).unwrap();
    let mcp: Value = serde_json::from_str(&read("mcp")).unwrap();
    let server = &mcp["mcpServers"]["sprintgate"];
    assert_eq!((server["command"].as_str(), server["args"][0].as_str()), (Some(PROGRAM), Some("mcp")));
    assert_eq!(server["env"]["SPRINTGATE_TOKEN"], read("token").trim());
    let payload: Value = serde_json::from_str(&read("payload")).unwrap();
    assert_eq!(payload["job_id"], house.job.as_str());
    assert_eq!(payload["task"]["implementation_plan"], "- `src/a.rs`: more");
}

#[tokio::test]
async fn what_stands_in_its_place_is_not_used() {
    let house = House::new().await;
    let (jobs, elsewhere) = (house.state().join("jobs"), house.world.dir.path().join("elsewhere"));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&jobs).unwrap();
    fs::create_dir(&elsewhere).unwrap();
    symlink(&elsewhere, jobs.join(format!("{}-a1", house.job))).unwrap();
    house.once("echo ran > {sign}").await;
    assert!(!house.sign().exists());
    assert!(fs::read_dir(&elsewhere).unwrap().next().is_none());
    assert!(house.why().await.starts_with("no agent could be started: cannot create "));
}

#[tokio::test]
async fn a_state_folder_that_others_enter_is_refused() {
    let house = House::new().await;
    fs::DirBuilder::new().mode(0o755).create(house.state()).unwrap();
    let ended = house.once_with(house.settings("exit 0")).await;
    assert!(matches!(ended, Err(RunnerError::Exposed { mode: 0o755, .. })), "{ended:?}");
    assert_eq!(house.detail().await.job.status, "QUEUED");
}
