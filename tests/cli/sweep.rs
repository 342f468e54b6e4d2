//! `sweep --watch` holds the office of the keeper until it is told to stop.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::postgres::{PgConnection, PgListener};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::home::Home;
use crate::store::postgres::in_postgres::Database;
use crate::until::until;

/// How many hold an office now.
async fn in_office(home: &Home) -> i64 {
    let options = SqliteConnectOptions::new().filename(home.database());
    let mut raw = SqliteConnection::connect_with(&options).await.unwrap();
    let sql = "SELECT count(*) FROM terms WHERE office = 'keeper' AND until > unixepoch('subsec') * 1000";
    let count = sqlx::query_scalar(sql).fetch_one(&mut raw).await.unwrap();
    raw.close().await.unwrap();
    count
}

#[tokio::test]
async fn one_that_watches_keeps_until_it_is_told_to_stop() {
    let home = Home::ready();
    assert_eq!(in_office(&home).await, 0);
    let mut watching = home.command(&["sweep", "--watch"]).stdout(Stdio::piped()).spawn().unwrap();
    until("it keeps", async || in_office(&home).await > 0).await;
    // One that sweeps once is not kept from it.
    home.run(&["sweep"]).ok();
    assert!(Command::new("kill").arg(watching.id().to_string()).status().unwrap().success());
    assert_eq!(watching.wait().unwrap().code(), Some(143));
    assert_eq!(in_office(&home).await, 0, "it laid the office down");
}

fn watch(home: &Home) -> Watching {
    Watching(home.command(&["sweep", "--watch"]).spawn().unwrap())
}

/// A process that keeps, killed when this is dropped.
struct Watching(Child);

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Listens until a message of that type and status; the job's id.
async fn hears(ear: &mut PgListener, kind: &str, status: &str) -> String {
    let heard = async {
        loop {
            let told = ear.recv().await.unwrap();
            let json: serde_json::Value = serde_json::from_str(told.payload()).unwrap();
            if json["type"] == kind && json["status"] == status {
                return json["job_id"].as_str().unwrap().to_owned();
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), heard).await.expect("it is said")
}

#[tokio::test]
async fn when_a_keeper_is_killed_another_one_says_what_comes_next() {
    let database = Database::empty().await;
    let home = Home::at(database.url()).and_product();
    let mut ear = PgListener::connect(database.url()).await.unwrap();
    ear.listen("scrum4me_changes").await.unwrap();
    let first = watch(&home);
    let mut raw = PgConnection::connect(database.url()).await.unwrap();
    let relays = "SELECT count(*) FROM outbox_consumers WHERE name = 'channel'";
    until("it relays", async || sqlx::query_scalar::<_, i64>(relays).fetch_one(&mut raw).await.unwrap() > 0)
        .await;
    let _second = watch(&home);
    let home = home.and_sprint();
    let job = hears(&mut ear, "claude_job_enqueued", "queued").await;
    drop(first);
    home.run(&["job", "cancel", &job]).ok();
    assert_eq!(hears(&mut ear, "claude_job_status", "cancelled").await, job);
    raw.close().await.unwrap();
}
