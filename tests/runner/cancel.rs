//! A job that is taken from its agent: the whole process group ends, and how is noted.

use std::time::Duration;

use sprintgate::flow::{FlowError, Session};
use sprintgate::runner::{Runner, RunnerError, RunnerReport, RunnerSettings};
use sqlx::Connection;
use tokio_util::sync::CancellationToken;

use super::house::{House, until_gone};

const ENDED: RunnerReport = RunnerReport { ended: 1, given_back: 0, lost: 0, failures: 0, leftovers: 0 };

/// How the stop of the house's job was confirmed, as the table has it.
async fn confirmed(house: &House) -> String {
    let path = house.world.dir.path().join("db");
    let pool = sqlx::SqlitePool::connect(path.to_str().unwrap()).await.unwrap();
    let how: (Option<String>,) = sqlx::query_as("SELECT stop_confirmed_how FROM claude_jobs WHERE id = ?")
        .bind(&house.job)
        .fetch_one(&pool)
        .await
        .unwrap();
    how.0.unwrap_or_default()
}

async fn cancelled_while(script: &str, grace: Duration) -> (House, RunnerReport, Vec<String>) {
    let house = House::new().await;
    let settings = RunnerSettings { grace, ..house.settings(script) };
    let mut pids = Vec::new();
    let report = house
        .during(settings, CancellationToken::new(), |sign| {
            pids.extend(sign.split_whitespace().map(str::to_owned));
            async {
                house.world.app.cancel_job(&house.world.person, &house.job, Some("enough")).await.unwrap()
            }
        })
        .await;
    (house, report, pids)
}

#[tokio::test]
async fn a_cancel_ends_the_whole_group() {
    let script = "sleep 60 & echo $$ $! > {sign}; wait";
    let (house, report, pids) = cancelled_while(script, Duration::from_secs(20)).await;
    assert_eq!((report, pids.len()), (ENDED, 2));
    for pid in &pids {
        until_gone(pid).await;
    }
    assert_eq!(house.detail().await.job.status, "CANCELLED");
    assert_eq!(confirmed(&house).await, "confirmed");
    house.is_clean();
    house.world.sound().await;
}

#[tokio::test]
async fn who_ignores_the_signal_is_killed() {
    let script = "trap '' TERM; echo $$ > {sign}; while true; do sleep 1; done";
    let (house, report, pids) = cancelled_while(script, Duration::from_millis(100)).await;
    assert_eq!(report, ENDED);
    until_gone(&pids[0]).await;
    assert_eq!(confirmed(&house).await, "forced");
    house.is_clean();
}

#[tokio::test]
async fn what_an_agent_leaves_behind_is_killed() {
    let house = House::new().await;
    house.once("sleep 60 & echo $! > {sign}; exit 0").await;
    let pid = std::fs::read_to_string(house.sign()).unwrap();
    until_gone(pid.trim()).await;
    house.is_clean();
}

#[tokio::test]
async fn a_lost_lease_ends_the_agent() {
    let house = House::new().await;
    let settings = house.settings("echo $$ > {sign}; exec sleep 60");
    let mut pid = String::new();
    let report = house
        .during(settings, CancellationToken::new(), |sign| {
            pid = sign;
            async {
                // The agent's renewals race with this, and sometimes win.
                while house.detail().await.job.status != "QUEUED" {
                    house.world.pass(60);
                    house.world.app.sweep().await.unwrap();
                }
            }
        })
        .await;
    assert_eq!(report, RunnerReport { lost: 1, ..RunnerReport::default() });
    until_gone(&pid).await;
    assert_eq!(house.detail().await.job.status, "QUEUED");
    house.is_clean();
}

/// A second attempt may begin when the lease ends, so no agent of the first is there then.
#[tokio::test]
async fn an_agent_whose_lease_cannot_be_renewed_in_time_is_killed() {
    let house = House::new().await;
    let path = house.world.dir.path().join("db");
    let mut blocker = sqlx::SqliteConnection::connect(path.to_str().unwrap()).await.unwrap();
    let settings = house.settings("trap '' TERM; echo $$ > {sign}; while true; do sleep 1; done");
    let report = house
        .during(settings, CancellationToken::new(), |pid| async move {
            sqlx::query("BEGIN IMMEDIATE").execute(&mut blocker).await.unwrap();
            until_gone(&pid).await;
            sqlx::query("ROLLBACK").execute(&mut blocker).await.unwrap();
        })
        .await;
    assert_eq!(report, RunnerReport { given_back: 1, ..RunnerReport::default() });
    assert_eq!(house.why().await, "the lease could not be renewed in time");
    house.is_clean();
}

#[tokio::test]
async fn a_runner_without_a_good_token_ends() {
    let house = House::new().await;
    let session = Session::worker(None, "nobody".parse().unwrap());
    let runner = Runner::new(house.world.app.clone(), session.into(), house.settings("exit 1"));
    let ended = runner.run(false, CancellationToken::new()).await;
    let missing = FlowError::Unauthenticated { why: "missing" }.to_string();
    assert!(matches!(&ended, Err(RunnerError::Flow(why)) if why.to_string() == missing), "{ended:?}");
}
