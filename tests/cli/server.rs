//! The commands on a PostgreSQL server.

use std::fs;

use super::home::{Answer, Home, answer, mode};
use super::life::life;
use crate::store::postgres::in_postgres::Database;

fn with(home: &Home, url: &str, args: &[&str]) -> Answer {
    let mut command = home.command(args);
    command.env("SPRINTGATE_DATABASE_URL", url);
    answer(command, "")
}

/// Lists the jobs with a token that may be good.
fn list(home: &Home, url: &str) -> Answer {
    let mut command = home.command(&["job", "list"]);
    command.env("SPRINTGATE_DATABASE_URL", url).env("SPRINTGATE_TOKEN", "sg_unknown");
    answer(command, "")
}

#[tokio::test]
async fn from_a_plan_to_a_proven_commit() {
    let database = Database::empty().await;
    life(&Home::at(database.url()).and_product().and_sprint());
}

#[tokio::test]
async fn init_makes_the_tables_and_keeps_the_address_to_its_owner() {
    let database = Database::empty().await;
    let url = format!("{}&password=secret", database.url());
    let home = Home::new();
    list(&home, &url).refused(3, "NOT_INITIALISED");
    assert!(list(&home, &url).stderr.contains("has no tables of Sprintgate"));
    let first = with(&home, &url, &["init", "--json"]).ok();
    assert!(!first.contains("secret") && first.contains(":5432/t"), "{first}");
    assert!(first.contains("\"database_state\": \"made\""), "{first}");
    assert!(!home.database().exists(), "a file is made for nobody");
    let config = fs::read_to_string(home.config()).unwrap();
    assert!(config.contains("password=secret") && mode(&home.config()) == 0o600, "{config}");
    let again = home.run(&["init", "--json"]).json();
    assert_eq!((again["database_state"].as_str(), again["token"].as_str()), (Some("found"), Some("found")));
    home.run(&["job", "list"]).ok();
    // a token belongs to its database, whichever kind that is
    home.run(&["init", "--database", "other.db"]).refused(2, "BAD_ARGUMENT");
}

#[test]
fn a_server_that_is_not_there_is_named_without_its_password() {
    let home = Home::new();
    let answer = list(&home, "postgres://ann:secret@127.0.0.1:1/shop");
    answer.refused(4, "DATABASE_FAILED");
    assert!(
        answer.stderr.contains("127.0.0.1:1/shop") && !answer.stderr.contains("secret"),
        "{}",
        answer.stderr
    );
    let typed = home.run(&["job", "list", "--database", "postgres://ann:secret@h/shop"]);
    typed.refused(2, "CONFIG_INVALID");
    assert!(!typed.stderr.contains("secret"), "{}", typed.stderr);
}
