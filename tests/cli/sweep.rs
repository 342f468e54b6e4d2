//! `sweep --watch` holds the office of the keeper until it is told to stop.

use std::process::{Command, Stdio};
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::home::Home;

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
    let seen = async {
        while in_office(&home).await == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), seen).await.expect("it keeps");
    // One that sweeps once is not kept from it.
    home.run(&["sweep"]).ok();
    assert!(Command::new("kill").arg(watching.id().to_string()).status().unwrap().success());
    assert_eq!(watching.wait().unwrap().code(), Some(143));
    assert_eq!(in_office(&home).await, 0, "it laid the office down");
}
