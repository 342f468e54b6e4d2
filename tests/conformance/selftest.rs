//! `sprintgate selftest`, as a user runs it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use sprintgate::conformance::{Schema, left_over};
use sprintgate::store::postgres::DatabaseUrl;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use super::empty;
use crate::cli::home::{Answer, Home, answer};
use crate::store::postgres::cluster;

const URL: &str = "SPRINTGATE_DATABASE_URL";

fn on(home: &Home, url: &str, args: &[&str]) -> Answer {
    let mut command = home.command(args);
    command.env(URL, url);
    answer(command, "")
}

async fn schemas(url: &DatabaseUrl) -> Vec<String> {
    let mut raw = PgConnection::connect(url.reveal()).await.unwrap();
    let sql = "SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'sprintgate%'";
    sqlx::query_scalar(sql).fetch_all(&mut raw).await.unwrap()
}

/// A run of the longest check, when its schema is there.
async fn under_way(home: &Home, url: &DatabaseUrl) -> (Child, String) {
    let mut command: Command = home.command(&["selftest", "sixteen"]);
    command.env(URL, url.reveal()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    loop {
        match schemas(url).await.pop() {
            Some(name) => return (child, name),
            None => tokio::task::yield_now().await,
        }
    }
}

#[test]
fn without_an_address_it_runs_on_a_file_that_is_thrown_away() {
    let home = Home::new();
    let temporary = home.path().join("tmp");
    std::fs::create_dir(&temporary).unwrap();
    let mut command = home.command(&["selftest", "limits_are", "lengths_are", "--brief"]);
    command.env("TMPDIR", &temporary);
    let said = answer(command, "").ok();
    let lines: Vec<&str> = said.lines().collect();
    assert!(
        lines[0].starts_with("ok      limits_are_kept (") && lines[0].contains(" lists, 3 limits each"),
        "{said}"
    );
    assert!(lines[1].starts_with("ok      lengths_are_kept ("), "{said}");
    assert!(lines[3].starts_with("All 2 checks hold on SQLite, in "), "{said}");
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 0);
    assert!(!home.database().exists() && !home.config().exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_server_it_says_what_it_did_and_leaves_nothing() {
    let (home, url) = (Home::new(), empty().await);
    let said = on(&home, url.reveal(), &["selftest", "two_workers", "a_run_ends", "--brief", "--json"]).ok();
    let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<_> = lines.iter().map(|line| line["check"].as_str()).collect();
    assert_eq!(names, [Some("two_workers_share_the_queue"), Some("a_run_ends_once"), None]);
    assert_eq!(
        (&lines[0]["counts"]["workers"], &lines[0]["counts"]["jobs"], &lines[0]["counts"]["claimed twice"]),
        (&2.into(), &40.into(), &0.into())
    );
    assert_eq!((&lines[2]["held"], &lines[2]["failed"]), (&2.into(), &0.into()));
    assert!(lines[2]["database"].as_str().unwrap().starts_with("PostgreSQL at /"), "{said}");
    assert_eq!(schemas(&url).await, Vec::<String>::new());
    // A file that the variable names is not the one that is thrown away.
    let file = home.path().join("mine.db");
    on(&home, file.to_str().unwrap(), &["selftest", "lengths", "--brief"]).ok();
    assert!(!file.exists());
    let chosen = on(&home, url.reveal(), &["selftest", "lengths", "--brief", "--sqlite"]).ok();
    assert!(chosen.contains("hold on SQLite"), "{chosen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_does_not_hold_is_the_status() {
    let (home, url) = (Home::new(), empty().await);
    let mut raw = PgConnection::connect(url.reveal()).await.unwrap();
    let role = format!("guest_{}_{}", std::process::id(), cluster::number());
    raw.execute(AssertSqlSafe(format!("CREATE ROLE {role} LOGIN"))).await.unwrap();
    let guest = url.reveal().replace("user=postgres", &format!("user={role}"));
    let failed = on(&home, &guest, &["selftest", "lengths", "--brief"]);
    assert_eq!(failed.status, 1, "{}", failed.stderr);
    assert!(failed.stdout.starts_with("FAILED  lengths_are_kept ("), "{}", failed.stdout);
    assert!(failed.stdout.contains("the role needs CREATE on the database"), "{}", failed.stdout);
    assert!(failed.stdout.contains("1 of 1 checks do not hold"), "{}", failed.stdout);
    let failed = on(&home, &guest, &["selftest", "lengths", "--brief", "--json"]);
    let line: Value = serde_json::from_str(failed.stdout.lines().next().unwrap()).unwrap();
    assert_eq!((&line["ok"], failed.status), (&false.into(), 1));
    raw.execute(AssertSqlSafe(format!("DROP ROLE {role}"))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_in_the_middle_leaves_nothing() {
    let (home, url) = (Home::new(), empty().await);
    let (child, _) = under_way(&home, &url).await;
    let stopped = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    let out = child.wait_with_output().unwrap();
    assert_eq!(out.status.code(), Some(130), "{}", String::from_utf8_lossy(&out.stderr));
    assert_eq!(schemas(&url).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_run_left_is_named_by_the_next_and_dropped_when_told() {
    let (home, url) = (Home::new(), empty().await);
    let (mut child, name) = under_way(&home, &url).await;
    let running = on(&home, url.reveal(), &["selftest", "--clean"]).ok();
    assert_eq!(running, "No selftest left anything.\n");
    child.kill().unwrap();
    child.wait().unwrap();
    // The server notices that nobody is there any more.
    while left_over(&url).await.unwrap() != [Schema { name: name.clone() }] {
        tokio::task::yield_now().await;
    }
    let next = on(&home, url.reveal(), &["selftest", "lengths", "--brief"]).ok();
    assert!(BufReader::new(next.as_bytes()).lines().next().unwrap().unwrap().contains(&name), "{next}");
    assert_eq!(schemas(&url).await, std::slice::from_ref(&name));
    let dropped = on(&home, url.reveal(), &["selftest", "--clean"]).ok();
    assert_eq!(dropped, format!("dropped the schema {name}\n"));
    assert_eq!(schemas(&url).await, Vec::<String>::new());
}

#[test]
fn what_makes_no_sense_is_refused_and_no_password_repeated() {
    let home = Home::new();
    let typed = home.run(&["selftest", "--database-url", "postgres://ann:secret@h/shop"]);
    typed.refused(2, "BAD_ARGUMENT");
    assert!(typed.stderr.contains(URL) && !typed.stderr.contains("secret"), "{}", typed.stderr);
    home.run(&["selftest", "--database-url", "mysql://h/d"]).refused(2, "BAD_ARGUMENT");
    home.run(&["selftest", "--database", "mine.db"]).refused(2, "BAD_ARGUMENT");
    home.run(&["selftest", "--clean"]).refused(2, "BAD_ARGUMENT");
    home.run(&["selftest", "no_such_check"]).refused(2, "BAD_ARGUMENT");
    let gone = on(&home, "postgres://ann:secret@127.0.0.1:1/shop", &["selftest"]);
    gone.refused(4, "DATABASE_FAILED");
    assert!(gone.stderr.contains("127.0.0.1:1/shop") && !gone.stderr.contains("secret"), "{}", gone.stderr);
}
