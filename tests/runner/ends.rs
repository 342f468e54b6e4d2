//! How agents end, and what becomes of their jobs.

use std::time::Duration;

use sprintgate::runner::{RunnerError, RunnerReport};
use tokio_util::sync::CancellationToken;

use super::house::{House, PATIENCE, PROGRAM};
use crate::until::until;

const GIVEN_BACK: RunnerReport = RunnerReport { ended: 0, given_back: 1, lost: 0, failures: 0, leftovers: 0 };

#[tokio::test]
async fn an_agent_that_reports_nothing_gives_its_job_back() {
    let table = [
        ("exit 0", "the agent ended without a report (exit status 0)"),
        ("exit 3", "the agent ended without a report (exit status 3)"),
        ("kill -9 $$", "the agent was killed by signal 9"),
        ("kill -TERM $$", "the agent was killed by signal 15"),
    ];
    for (script, why) in table {
        let house = House::new().await;
        assert_eq!(house.once(script).await, GIVEN_BACK, "{script}");
        assert_eq!(house.detail().await.job.status, "QUEUED", "{script}");
        assert_eq!(house.why().await, why, "{script}");
        house.is_clean();
        house.world.sound().await;
    }
}

#[tokio::test]
async fn an_agent_that_cannot_be_started_gives_its_job_back() {
    let house = House::new().await;
    let mut settings = house.settings("");
    settings.agent = vec!["/nowhere/agent".into()];
    assert_eq!(house.once_with(settings).await.unwrap(), GIVEN_BACK);
    let why = house.why().await;
    assert!(why.starts_with("no agent could be started: cannot start the agent /nowhere/agent: "), "{why}");
    house.is_clean();
}

#[tokio::test]
async fn the_third_attempt_is_the_last() {
    let house = House::new().await;
    for _ in 0..3 {
        house.once("exit 1").await;
        // past every pause of the job
        house.world.pass(3600);
    }
    let job = house.detail().await.job;
    assert_eq!((job.status.as_str(), job.attempt), ("FAILED", 3), "{job:?}");
    assert_eq!(house.once("exit 1").await, RunnerReport::default());
}

#[tokio::test]
async fn an_agent_that_proves_its_work_is_done() {
    let house = House::new().await;
    let script = format!(
        r#"set -e
        say() {{ {PROGRAM} call "$1" "$2" >> {{sign}}; }}
        me="\"job_id\": \"$SPRINTGATE_JOB_ID\", \"attempt\": $SPRINTGATE_ATTEMPT"
        say update_job_status "{{$me, \"status\": \"running\"}}"
        echo more >> src/a.rs
        git -c user.name=a -c user.email=a@example.org commit -qam more
        say verify_task_against_plan "{{\"task_id\": \"{}\"}}"
        say update_job_status "{{$me, \"status\": \"done\"}}"
        "#,
        house.task
    );
    let report = house.once(&script).await;
    let said = std::fs::read_to_string(house.sign()).unwrap_or_default();
    let log = std::fs::read_to_string(house.log()).unwrap();
    assert_eq!(report, RunnerReport { ended: 1, ..RunnerReport::default() }, "{said}\n{log}");
    let job = house.detail().await.job;
    assert_eq!((job.status.as_str(), job.head_sha.is_some()), ("DONE", true), "{job:?}");
    house.is_clean();
    house.world.sound().await;
}

#[tokio::test]
async fn an_agent_that_works_too_long_is_ended() {
    let house = House::new().await;
    let mut settings = house.settings("sleep 60");
    settings.limit = Duration::from_millis(100);
    assert_eq!(house.once_with(settings).await.unwrap(), GIVEN_BACK);
    assert_eq!(house.why().await, "the agent worked for longer than 0 s");
    house.is_clean();
}

#[tokio::test]
async fn a_queue_without_jobs_and_a_command_without_a_program() {
    let house = House::new().await;
    let mut settings = house.settings("");
    settings.agent = vec![String::new()];
    assert!(matches!(house.once_with(settings).await, Err(RunnerError::NoAgent)));
    house.world.app.cancel_job(&house.world.person, &house.job, None).await.unwrap();
    assert_eq!(house.once("exit 1").await, RunnerReport::default());
}

#[tokio::test]
async fn a_runner_goes_on_after_a_failure() {
    let house = House::new().await;
    let stop = CancellationToken::new();
    let mut settings = house.settings("echo x >> {sign}; exit 1");
    // Nobody is woken by a clock that is moved by hand: each wait looks when it begins.
    settings.wait = Duration::from_secs(1);
    let runner = house.runner(settings);
    let three = async {
        let tries = || std::fs::read_to_string(house.sign()).unwrap_or_default().lines().count();
        for given_back in 1..3 {
            until("given back", async || {
                tries() >= given_back && house.detail().await.job.status == "QUEUED"
            })
            .await;
            // Only what waits grows older: a lease would end at once.
            house.world.pass(60);
        }
        until("the last try", async || house.detail().await.job.status == "FAILED").await;
        stop.cancel();
    };
    let both = async { tokio::join!(runner.run(false, stop.clone()), three).0.unwrap() };
    let report = tokio::time::timeout(PATIENCE, both).await.expect("an end");
    assert_eq!(report.given_back, 3, "{report:?}");
}
