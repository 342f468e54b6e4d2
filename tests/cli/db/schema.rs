//! The state of a database and its schema.

use std::path::Path;

use serde_json::{Value, json};
use sqlx::migrate::Migrator;
use sqlx::postgres::PgPool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

use crate::cli::home::Home;
use crate::store::postgres::in_postgres::Database;

/// The migrations up to a version that lacks the outbox.
async fn of_old(database: &str) -> Migrator {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store").join(database).join("migrations");
    let all = Migrator::new(all).await.unwrap();
    Migrator::with_migrations(all.iter().filter(|step| step.version <= 30).cloned().collect())
}

#[tokio::test]
async fn an_old_file_is_brought_up_to_date() {
    let home = Home::ready();
    let old = home.path().join("old.db");
    let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(&old).create_if_missing(true));
    let pool = pool.await.unwrap();
    of_old("sqlite").await.run(&pool).await.unwrap();
    pool.close().await;
    brought(&home, &["--database", "old.db"]);
    home.run(&["db", "status", "--database", "none.db"]).refused(3, "NOT_INITIALISED");
    assert!(!home.path().join("none.db").exists(), "looking makes nothing");
}

#[tokio::test]
async fn an_old_server_is_brought_up_to_date() {
    let (home, database) = (Home::ready(), Database::empty().await);
    let pool = PgPool::connect(database.url()).await.unwrap();
    of_old("postgres").await.run(&pool).await.unwrap();
    pool.close().await;
    brought(&home, &["--database", database.url()]);
}

fn brought(home: &Home, database: &[&str]) {
    let run = |args: &[&str]| home.run(&[args, database].concat());
    let before = run(&["db", "status", "--json"]).json();
    assert_eq!(before["schema"]["found"], json!(30));
    let known = before["schema"]["known"].as_i64().unwrap();
    assert!(known >= 40);
    let shown = run(&["db", "status"]).ok();
    assert!(
        shown.contains("Schema version 30: ") && shown.contains(" migrations are missing to "),
        "{shown}"
    );
    run(&["db", "check"]).refused(1, "VALIDATION_ERROR");

    let shown = run(&["db", "migrate", "--dry-run"]).ok();
    assert!(shown.contains(&format!("version 30; version {known} would be made by:")), "{shown}");
    assert!(shown.contains("  0040 outbox") && !shown.contains("0030"), "{shown}");
    assert_eq!(run(&["db", "status", "--json"]).json()["schema"]["found"], json!(30));

    let told = run(&["db", "migrate", "--json"]).json();
    assert_eq!((&told["from"], &told["to"]), (&json!(30), &json!(known)));
    assert_eq!(told["pending"][0], json!({ "version": 40, "name": "outbox" }));
    let again = run(&["db", "migrate"]).ok();
    assert!(again.contains(&format!("has schema version {known}, and nothing is missing.")), "{again}");
    run(&["db", "check"]).ok();
}

/// What a status says of every database.
fn held(home: &Home, kind: &str, at: &str) -> Value {
    let status = home.run(&["db", "status", "--json"]).json();
    assert_eq!((&status["kind"], &status["database"]), (&json!(kind), &json!(at)));
    assert_eq!(status["schema"]["found"], status["schema"]["known"]);
    assert!(status["bytes"].as_i64().unwrap() > 100_000);
    assert!(status["oldest_event_at"].as_str().unwrap().starts_with("20"));
    assert_eq!(status["last_checkpoint"]["number"], json!(1));
    assert_eq!(status["unbound_rows"], json!(0));
    let consumer = &status["consumers"][0];
    assert_eq!((&consumer["name"], &consumer["unseen"]), (&json!("mail"), &json!(0)));
    let shown = home.run(&["db", "status"]).ok();
    for words in [at, "up to date", "Checkpoint 1 of ", "claude_jobs", "mail", "The oldest event is of 20"] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
    status
}

fn setting<'a>(status: &'a Value, name: &str) -> &'a str {
    let settings = status["settings"].as_array().unwrap();
    settings.iter().find(|setting| setting["name"] == name).unwrap()["value"].as_str().unwrap()
}

fn followed(home: &Home) {
    home.run(&["audit", "checkpoint"]).ok();
    home.run(&["events", "tail", "--consumer", "mail"]).ok();
}

#[test]
fn the_state_of_a_file() {
    let home = Home::with_sprint();
    followed(&home);
    let status = held(&home, "SQLite", home.database().to_str().unwrap());
    let tables = status["tables"].as_array().unwrap();
    let jobs = tables.iter().find(|table| table["name"] == "claude_jobs").unwrap();
    assert_eq!(jobs["rows"], json!(2));
    assert!(jobs["bytes"].as_i64().unwrap() >= 4096);
    assert_eq!(status["rows_are_estimates"], json!(false));
    assert_eq!((setting(&status, "journal_mode"), setting(&status, "synchronous")), ("wal", "FULL"));
}

#[tokio::test]
async fn the_state_of_a_server() {
    let database = Database::empty().await;
    let home = Home::at(&format!("{}&password=secret", database.url())).and_product().and_sprint();
    super::raw::settled(database.url()).await;
    followed(&home);
    super::raw::tell(database.url(), "ANALYZE claude_jobs").await;
    let name = database.url().split(['/', '?']).nth(3).unwrap();
    let folder = database.url().split("host=").nth(1).unwrap().split('&').next().unwrap();
    let status = held(&home, "PostgreSQL", &format!("{folder}:5432/{name}"));
    let tables = status["tables"].as_array().unwrap();
    let jobs = tables.iter().find(|table| table["name"] == "claude_jobs").unwrap();
    assert_eq!(jobs["rows"], json!(2));
    assert_eq!(status["rows_are_estimates"], json!(true));
    assert_eq!((setting(&status, "synchronous_commit"), setting(&status, "fsync")), ("on", "off"));
    assert!(!status.to_string().contains("secret"));
}
