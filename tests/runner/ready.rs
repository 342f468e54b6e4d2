//! What an operator wants done in new worktrees before agents get them.

use std::sync::Arc;
use std::time::Duration;

use sprintgate::domain::remote::RemoteUrl;
use sprintgate::flow::FlowError;
use sprintgate::flow::wire::WaitForJob;
use sprintgate::runner::{Preparation, Preparations, RunnerError};
use tokio_util::sync::CancellationToken;

use crate::flow::world::sh;

use super::house::{House, is_alive, until_gone, until_written};

impl House {
    fn with_preparation(mut self, repo: &str, script: &str, limit: Duration) -> Self {
        let command = ["sh", "-c", script].map(str::to_owned).into();
        let of = [(repo.to_owned(), Preparation { command, limit })].into();
        let preparations = Preparations::new(of, &self.state());
        self.app = self.app.with_readies(Arc::new(preparations));
        self
    }
}

impl House {
    async fn not_ready(&self, script: &str) {
        let ended = self.once_with(self.settings(script)).await;
        assert!(matches!(ended, Err(RunnerError::Flow(FlowError::Unready { .. }))), "{ended:?}");
    }
}

/// Has the clone be of another repository of the same name.
fn of_another(house: &House) -> String {
    let clone = house.world.clone_dir();
    sh(&clone, "git remote set-url origin https://example.org/theirs/origin.git");
    clone.display().to_string()
}

const LONG: Duration = Duration::from_secs(600);

#[tokio::test]
async fn an_agent_finds_its_worktree_ready() {
    let house = House::new().await;
    let script = "set -e; test \"$PWD\" = \"$SPRINTGATE_WORKTREE\"; test -d \"$SPRINTGATE_CLONE/.git\"; \
        test -z \"$CARGO_MANIFEST_DIR\"; echo said > .git/ready";
    let house = house.with_preparation("origin", script, LONG);
    house.once("cat .git/ready > {sign}; exit 7").await;
    assert_eq!(std::fs::read_to_string(house.sign()).unwrap(), "said\n");
    assert_eq!(house.why().await, "the agent ended without a report (exit status 7)");

    let house = House::new().await.with_preparation("another", "exit 1", LONG);
    house.once("exit 7").await;
    assert_eq!(house.why().await, "the agent ended without a report (exit status 7)");
}

#[tokio::test]
async fn a_worktree_that_cannot_be_made_ready_gives_its_job_back() {
    let house = House::new().await;
    let script = "echo no such package at https://ann:hush@example.org/p >&2; exit 3";
    let house = house.with_preparation("origin", script, LONG);
    house.not_ready("echo begun > {sign}").await;
    assert!(!house.sign().exists());
    assert_eq!(
        house.why().await,
        "a worktree of `origin` could not be made ready: `sh` ended with exit status: 3: no such package at \
         https://***@example.org/p"
    );
    let job = house.detail().await.job;
    assert_eq!((job.status.as_str(), job.attempt), ("QUEUED", 1));
    house.world.sound().await;
}

#[tokio::test]
async fn what_does_not_end_in_time_is_killed_with_all_it_started() {
    let house = House::new().await;
    let script = format!("setsid sleep 600 & echo $! > {}; wait", house.sign().display());
    let house = house.with_preparation("origin", &script, Duration::from_secs(2));
    house.not_ready("echo begun > {sign}").await;
    let pid = std::fs::read_to_string(house.sign()).unwrap().trim().to_owned();
    assert!(pid.parse::<u32>().is_ok(), "{pid}");
    until_gone(&pid).await;
    assert!(!is_alive(&pid));
    let why = house.why().await;
    assert_eq!(
        why,
        "a worktree of `origin` could not be made ready: `sh` did not end within 2 s and was killed"
    );
}

#[tokio::test]
async fn who_asks_again_waits_and_finds_it_ready() {
    let house = House::new().await;
    let count = house.sign();
    let script =
        format!("echo x >> {}; until [ -e {}.go ]; do sleep 0.02; done", count.display(), count.display());
    let house = house.with_preparation("origin", &script, LONG);
    let ask = || async {
        let ask = WaitForJob {
            wait_seconds: Some(0),
            request_id: Some("the same".to_owned()),
            ..WaitForJob::default()
        };
        house.app.wait_for_job(&house.world.worker, ask, &CancellationToken::new()).await.unwrap()
    };
    let begun = async {
        until_written(&count).await;
        // The second has no way to tell that it waits: it is given the time to begin anew.
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        std::fs::write(count.with_extension("go"), "").unwrap();
    };
    let (one, other, ()) = tokio::join!(ask(), ask(), begun);
    assert_eq!((&one.job_id, one.attempt), (&other.job_id, other.attempt));
    assert_eq!(std::fs::read_to_string(&count).unwrap(), "x\n", "once");
}

#[tokio::test]
async fn what_a_name_says_is_not_done_for_another_repository_of_that_name() {
    let house = House::new().await.with_preparation("origin", "exit 0", LONG);
    let clone = of_another(&house);
    house.not_ready("echo begun > {sign}").await;
    assert!(!house.sign().exists());
    let url = house.world.origin().display().to_string();
    assert_eq!(
        house.why().await,
        format!(
            "a worktree of `origin` could not be made ready: `[prepare.origin]` is for the repository of {clone}, and this \
             is {url}; give it a `[prepare.\"{url}\"]` of its own"
        )
    );
    house.world.sound().await;
}

#[tokio::test]
async fn an_address_goes_before_a_name() {
    let house = House::new().await;
    of_another(&house);
    let key = RemoteUrl::new(house.world.origin().display().to_string()).unwrap().key();
    let one =
        |script: &str| Preparation { command: ["sh", "-c", script].map(str::to_owned).into(), limit: LONG };
    let of = [("origin".to_owned(), one("exit 1")), (key, one("echo said > .git/ready"))].into();
    let preparations = Preparations::new(of, &house.state());
    let house = House { app: house.app.clone().with_readies(Arc::new(preparations)), ..house };
    house.once("cat .git/ready > {sign}; exit 7").await;
    assert_eq!(std::fs::read_to_string(house.sign()).unwrap(), "said\n");
}

/// The command that docs/operations.md shows.
#[tokio::test]
async fn dependencies_can_be_copied_from_the_clone() {
    let page = include_str!("../../docs/operations.md");
    let line =
        page.lines().map(str::trim).find(|line| line.contains("node_modules") && line.starts_with("command"));
    let table: toml::Table = line.unwrap().parse().unwrap();
    let words: Vec<&str> =
        table["command"].as_array().unwrap().iter().filter_map(toml::Value::as_str).collect();
    assert_eq!(words[..2], ["sh", "-c"]);
    let house = House::new().await.with_preparation("origin", words[2], LONG);
    let clone = house.world.clone_dir();
    sh(&clone, "mkdir -p node_modules/left && echo pad > node_modules/left/pad.js");
    house.once("echo more >> node_modules/left/pad.js; cat node_modules/left/pad.js > {sign}; exit 7").await;
    assert_eq!(std::fs::read_to_string(house.sign()).unwrap(), "pad\nmore\n");
    assert_eq!(sh(&clone, "cat node_modules/left/pad.js"), "pad", "a copy");
}
