//! A database that moves: from a file to a server and back.

use serde_json::{Value, json};

use super::raw;
use crate::cli::home::{Answer, Home, answer};
use crate::cli::life::life;
use crate::store::postgres::in_postgres::Database;

fn with(home: &Home, variable: &str, value: &str, args: &[&str]) -> Answer {
    let mut command = home.command(args);
    command.env(variable, value);
    answer(command, "")
}

/// A home in which something of everything happened.
fn worked() -> Home {
    let home = Home::with_sprint();
    life(&home);
    home.run(&["audit", "checkpoint"]).ok();
    home.run(&["events", "tail", "--consumer", "mail"]).ok();
    home
}

/// The tables of an answer, without the hashes of those that two databases may keep differently.
fn tables(copied: &Value) -> Value {
    copied["tables"].clone()
}

#[tokio::test]
async fn a_file_moves_to_a_server_and_back() {
    let (home, database) = (worked(), Database::empty().await);
    // one event that the consumer has not seen
    let claimed = home.tool("wait_for_job", &json!({ "wait_seconds": 0 }));
    let job = claimed["job_id"].as_str().unwrap();
    let last =
        home.run(&["audit", "checkpoint", "--json"]).json()["last"]["hash"].as_str().unwrap().to_owned();
    let jobs = home.run(&["job", "list", "--json"]).json();
    let unseen = home.run(&["events", "consumers", "--json"]).json()["result"][0]["unseen"].clone();
    assert!(unseen.as_i64().unwrap() > 0);

    let copied = home.run(&["db", "copy", "--to", database.url(), "--json"]).json();
    assert_eq!(copied["audit"]["ok"], json!(true));
    assert!(copied["rows"].as_i64().unwrap() > 100, "{copied}");
    let on = |args: &[&str]| with(&home, "SPRINTGATE_DATABASE_URL", database.url(), args);
    assert_eq!(on(&["job", "list", "--json"]).json(), jobs);
    on(&["audit", "verify", "--expect", &last]).ok();
    on(&["db", "check"]).ok();
    assert_eq!(on(&["events", "consumers", "--json"]).json()["result"][0]["unseen"], unseen);

    // it goes on there: ids, numbers and hashes follow those that were copied
    on(&["job", "cancel", job]).ok();
    on(&["audit", "checkpoint"]).ok();
    on(&["audit", "verify", "--expect", &last]).ok();
    raw::settled(database.url()).await;
    let rest = on(&["events", "tail", "--consumer", "mail", "--json"]).ok();
    let events: Vec<Value> = rest.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(events.len() as i64 > unseen.as_i64().unwrap());
    assert!(rest.contains("CANCELLED"), "{rest}");
    assert_eq!(on(&["events", "consumers", "--json"]).json()["result"][0]["unseen"], json!(0));

    // and back, and from there to another server: the same rows each time
    let back = on(&["db", "copy", "--to", "back.db", "--json"]).json();
    let jobs = on(&["job", "list", "--json"]).json();
    let home_again = |args: &[&str]| home.run(&[args, &["--database", "back.db"]].concat());
    assert_eq!(home_again(&["job", "list", "--json"]).json(), jobs);
    home_again(&["audit", "verify", "--expect", &last]).ok();
    home_again(&["db", "check"]).ok();
    assert_eq!(home_again(&["events", "consumers", "--json"]).json()["result"][0]["unseen"], json!(0));
    let other = Database::empty().await;
    let third = with(
        &home,
        "SPRINTGATE_COPY_TO_URL",
        &format!("{}&password=secret", other.url()),
        &["db", "copy", "--json", "--database", "back.db"],
    );
    assert!(!format!("{}{}", third.stdout, third.stderr).contains("secret"));
    assert_eq!(tables(&third.json()), tables(&back));
}

#[tokio::test]
async fn the_report_says_how_to_switch() {
    let (home, database) = (Home::with_sprint(), Database::empty().await);
    let shown = with(&home, "THERE", database.url(), &["db", "copy", "--to-env", "THERE"]).ok();
    for words in ["was copied to ", "ledger", "The ledger of the copy holds: ", "SPRINTGATE_DATABASE_URL"] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
    assert_eq!(raw::number(database.url(), "SELECT count(*) FROM claude_jobs").await, 2);
    // and on: a new job is claimed there
    let on = |args: &[&str]| with(&home, "SPRINTGATE_DATABASE_URL", database.url(), args);
    let mut call = home.command(&["call", "wait_for_job", "-"]);
    call.env("SPRINTGATE_DATABASE_URL", database.url());
    let claimed: Value = serde_json::from_str(&answer(call, "{\"wait_seconds\":0}").ok()).unwrap();
    assert_eq!(claimed["attempt"], json!(1));
    on(&["audit", "verify"]).ok();
}

#[tokio::test]
async fn what_is_not_empty_stays_as_it_is() {
    let (home, database) = (Home::with_sprint(), Database::empty().await);
    with(&Home::new(), "SPRINTGATE_DATABASE_URL", database.url(), &["init"]).ok();
    let refused = home.run(&["db", "copy", "--to", database.url()]);
    refused.refused(1, "VALIDATION_ERROR");
    assert!(refused.stderr.contains("is not empty: "), "{}", refused.stderr);
    assert_eq!(raw::number(database.url(), "SELECT count(*) FROM claude_jobs").await, 0);
    assert_eq!(raw::number(database.url(), "SELECT count(*) FROM users").await, 1);
    let other = Home::ready();
    let file = other.database();
    home.run(&["db", "copy", "--to", file.to_str().unwrap()]).refused(1, "VALIDATION_ERROR");
    other.run(&["db", "check"]).ok();
    home.run(&["db", "copy", "--to", home.database().to_str().unwrap()]).refused(2, "BAD_ARGUMENT");
    let typed = home.run(&["db", "copy", "--to", "postgres://ann:secret@h/shop"]);
    typed.refused(2, "CONFIG_INVALID");
    assert!(typed.stderr.contains("SPRINTGATE_COPY_TO_URL") && !typed.stderr.contains("secret"));
    home.run(&["db", "copy"]).refused(2, "CONFIG_INVALID");
}

#[tokio::test]
async fn a_ledger_that_does_not_hold_is_not_moved() {
    let (home, database) = (worked(), Database::empty().await);
    raw::say(
        &home.database(),
        "DROP TRIGGER ledger_no_update; UPDATE ledger SET actor_id = 'eve' WHERE seq = 3; \
         CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger \
         BEGIN SELECT RAISE(ABORT, 'ledger: a row is never changed'); END",
    )
    .await;
    let refused = home.run(&["db", "copy", "--to", database.url()]);
    refused.refused(4, "DATABASE_FAILED");
    assert!(refused.stderr.contains("the ledger does not hold") && refused.stderr.contains("row 3 ("));
    assert_eq!(raw::number(database.url(), "SELECT count(*) FROM users").await, 0);
    with(&home, "SPRINTGATE_DATABASE_URL", database.url(), &["db", "check"]).ok();
}

#[tokio::test]
async fn what_refers_to_nothing_is_not_moved() {
    let (home, database) = (Home::with_sprint(), Database::empty().await);
    raw::say(
        &home.database(),
        "PRAGMA foreign_keys = OFF; INSERT INTO product_members (product_id, user_id, created_at) \
         VALUES ('none', (SELECT id FROM users), 1)",
    )
    .await;
    let to_server = home.run(&["db", "copy", "--to", database.url()]);
    to_server.refused(1, "DATABASE_REFUSED");
    assert_eq!(raw::number(database.url(), "SELECT count(*) FROM users").await, 0);
    let to_file = home.run(&["db", "copy", "--to", "other.db"]);
    to_file.refused(4, "DATABASE_FAILED");
    assert!(to_file.stderr.contains("a row of product_members refers to nothing in products"));
}

/// Transactions of a server overlap, so that its events are not in the order of their numbers. A file has one order.
#[tokio::test]
async fn consumers_keep_their_place_among_events_out_of_order() {
    let (home, database) = (Home::with_sprint(), Database::empty().await);
    home.run(&["events", "tail", "--consumer", "mail"]).ok();
    home.run(&["db", "copy", "--to", database.url()]).ok();
    // the newest five are read before the others, and mail has handled three of them
    raw::tell(
        database.url(),
        "ALTER TABLE outbox DISABLE TRIGGER USER; ALTER TABLE outbox_consumers DISABLE TRIGGER USER; \
         INSERT INTO outbox (xid, at, type, machine, entity, entity_seq, event, from_status, to_status, user_id, \
             product_id, payload) \
         SELECT xid, at, type, machine, entity, entity_seq, event, from_status, to_status, user_id, product_id, \
             payload FROM outbox, generate_series(1, 150); \
         UPDATE outbox SET xid = CASE WHEN seq > (SELECT max(seq) - 5 FROM outbox) THEN 3 ELSE 4 END; \
         UPDATE outbox_consumers SET place_xid = 3, place_seq = (SELECT max(seq) - 2 FROM outbox); \
         ALTER TABLE outbox ENABLE TRIGGER USER; ALTER TABLE outbox_consumers ENABLE TRIGGER USER",
    )
    .await;
    let on = |args: &[&str]| with(&home, "SPRINTGATE_DATABASE_URL", database.url(), args);
    on(&["db", "copy", "--to", "back.db"]).ok();
    let told = |text: String| -> Vec<Value> {
        let of = |line: &str| -> Value {
            let mut event: Value = serde_json::from_str(line).unwrap();
            event.as_object_mut().unwrap().retain(|key, _| !["seq", "place", "xid"].contains(&key.as_str()));
            event
        };
        text.lines().map(of).collect()
    };
    let here = told(on(&["events", "tail", "--consumer", "mail", "--json"]).ok());
    let there =
        told(home.run(&["events", "tail", "--consumer", "mail", "--json", "--database", "back.db"]).ok());
    assert!(here.len() > 1000, "more than two pages");
    assert_eq!(here, there);
}
