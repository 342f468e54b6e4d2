//! Whether what was done to a database behind the program's back is found and named.

use super::raw;
use crate::cli::home::Home;
use crate::store::postgres::in_postgres::Database;

#[track_caller]
fn named(home: &Home, all: &[&str]) {
    let found = home.run(&["db", "check"]);
    assert_eq!(found.status, 1, "{}\n{}", found.stdout, found.stderr);
    for words in all {
        assert!(found.stdout.contains(words), "{words}\n{}", found.stdout);
    }
    let lines = found.stdout.lines().filter(|line| line.starts_with("           ")).count();
    assert_eq!(lines, all.len(), "{}", found.stdout);
    assert!(found.stdout.contains("`sprintgate audit verify` reads the ledger"));
}

const RULE: &str = "INSERT INTO transition_rules (machine, from_status, event, to_status) VALUES ('job', 'DONE', 'claim', 'QUEUED')";

#[tokio::test]
async fn in_a_file() {
    let home = Home::with_sprint();
    let shown = home.run(&["db", "check"]).ok();
    assert!(shown.matches("  sound    ").count() == 4 && shown.contains("Nothing was found."), "{shown}");
    let file = home.database();
    raw::say(&file, "DROP TRIGGER ledger_no_update; DROP INDEX claude_jobs_held").await;
    raw::say(
        &file,
        "DROP TRIGGER claude_jobs_fence; CREATE TRIGGER claude_jobs_fence BEFORE UPDATE OF attempt ON claude_jobs \
         WHEN 0 BEGIN SELECT 1; END",
    )
    .await;
    raw::say(&file, "CREATE TRIGGER mine AFTER INSERT ON users BEGIN DELETE FROM users; END").await;
    raw::say(&file, "CREATE TABLE notes (text)").await;
    let text: String =
        sqlx::query_scalar("SELECT sql FROM sqlite_schema WHERE name = 'transition_rules_no_insert'")
            .fetch_one(&mut raw::file(&file).await)
            .await
            .unwrap();
    raw::say(&file, &format!("DROP TRIGGER transition_rules_no_insert; {RULE}; {text}")).await;
    raw::say(
        &file,
        "PRAGMA foreign_keys = OFF; INSERT INTO product_members (product_id, user_id, created_at) \
         VALUES ('none', (SELECT id FROM users), 1)",
    )
    .await;
    named(
        &home,
        &[
            "product_members: a row refers to nothing in products",
            "index claude_jobs_held: it is missing",
            "trigger ledger_no_update: it is missing",
            "trigger claude_jobs_fence: it is not as the migrations make it",
            "trigger mine: no migration makes it, and it is on users",
            "job DONE -claim-> QUEUED: only the database has it",
        ],
    );
}

#[tokio::test]
async fn an_index_that_is_not_its_table() {
    let home = Home::with_sprint();
    raw::say(
        &home.database(),
        "CREATE INDEX odd ON users (username); PRAGMA writable_schema = ON; \
         UPDATE sqlite_schema SET sql = 'CREATE INDEX odd ON users (created_at)' WHERE name = 'odd'",
    )
    .await;
    named(&home, &["index odd"]);
}

#[tokio::test]
async fn on_a_server() {
    let database = Database::empty().await;
    let home = Home::at(database.url()).and_product().and_sprint();
    let shown = home.run(&["db", "check"]).ok();
    assert!(shown.contains("Nothing was found.") && shown.matches("  sound    ").count() >= 4, "{shown}");
    let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'sprintgate%'";
    assert_eq!(raw::number(database.url(), schemas).await, 0, "nothing is left behind");
    raw::tell(
        database.url(),
        &format!(
            "ALTER TABLE ledger DISABLE TRIGGER ledger_no_update; \
             ALTER TABLE claude_jobs DROP CONSTRAINT held_iff_leased; \
             DROP INDEX claude_jobs_held; \
             ALTER TABLE users ALTER COLUMN username DROP NOT NULL; \
             ALTER TABLE users ADD CONSTRAINT mine CHECK (username <> 'eve') NOT VALID; \
             CREATE OR REPLACE FUNCTION machine_moves() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; \
             CREATE TRIGGER mine AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION refuse('no'); \
             CREATE TABLE notes (text text); \
             ALTER TABLE transition_rules DISABLE TRIGGER USER; {RULE}; \
             ALTER TABLE transition_rules ENABLE TRIGGER USER"
        ),
    )
    .await;
    named(
        &home,
        &[
            "users.mine: rows from before it were never checked",
            "constraint claude_jobs.held_iff_leased: it is missing",
            "index claude_jobs_held: it is missing",
            "column users.username: it is not as the migrations make it",
            "trigger ledger.ledger_no_update: it is not as the migrations make it",
            "function machine_moves(): it is not as the migrations make it",
            "constraint users.mine: no migration makes it",
            "trigger users.mine: no migration makes it",
            "job DONE -claim-> QUEUED: only the database has it",
        ],
    );
}
