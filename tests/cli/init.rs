//! `init`: makes what is missing, keeps what is good, and shows the token nowhere.

use std::fs;

use super::home::{Home, answer, mode, write};

#[test]
fn a_second_init_keeps_the_token() {
    let home = Home::new();
    let first = home.run(&["init"]);
    let token = home.token();
    let text = fs::read_to_string(home.config()).unwrap();
    assert!(token.starts_with("sg_") && !first.stdout.contains(&token) && !first.stderr.contains(&token));
    assert!(first.ok().contains("made"));
    let second = home.run(&["init", "--json"]).json();
    assert_eq!(second["token"], "found");
    assert_eq!(second["database_state"], "found");
    assert_eq!(second["config_state"], "found");
    assert_eq!(fs::read_to_string(home.config()).unwrap(), text);
}

#[test]
fn only_the_owner_reads_what_init_makes() {
    let home = Home::ready();
    assert_eq!(mode(&home.config()), 0o600);
    assert_eq!(mode(home.config().parent().unwrap()), 0o700);
    assert_eq!(mode(&home.database()), 0o600);
}

#[test]
fn a_token_of_another_database_is_replaced() {
    let home = Home::ready();
    let before = home.token();
    fs::remove_file(home.database()).unwrap();
    home.run(&["job", "list"]).refused(3, "NOT_INITIALISED");
    for rest in ["-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{rest}", home.database().display()));
    }
    assert_eq!(home.run(&["init", "--json"]).json()["token"], "made");
    assert_ne!(home.token(), before);
    home.run(&["job", "list"]).ok();
}

#[test]
fn a_config_file_belongs_to_one_database() {
    let home = Home::ready();
    let before = home.token();
    home.run(&["init", "--database", "other.db"]).refused(2, "BAD_ARGUMENT");
    assert_eq!(home.token(), before);
    assert!(!home.path().join("other.db").exists());
    home.run(&["init", "--database", "other.db", "--config", "other.toml"]).ok();
    home.run(&["job", "list", "--config", "other.toml"]).ok();
    assert!(home.path().join("other.db").exists());
}

#[test]
fn the_user_is_asked_for_or_found() {
    let home = Home::new();
    let mut nobody = home.command(&["init"]);
    nobody.env_remove("USER");
    answer(nobody, "").refused(2, "BAD_ARGUMENT");
    assert_eq!(home.run(&["init", "--user", "bea", "--json"]).json()["user"], "bea");
    assert_eq!(home.run(&["init", "--json"]).json()["user"], "bea");
    home.run(&["init", "--user", "cem"]).refused(2, "BAD_ARGUMENT");
}

#[test]
fn a_token_of_the_environment_is_not_hidden_by_a_new_one() {
    let home = Home::new();
    let mut command = home.command(&["init"]);
    command.env("SPRINTGATE_TOKEN", "sg_of_elsewhere");
    let refused = answer(command, "");
    refused.refused(2, "BAD_ARGUMENT");
    assert!(!refused.stderr.contains("sg_of_elsewhere"));
    assert!(!home.config().exists());
}

#[test]
fn other_settings_are_kept() {
    let home = Home::new();
    write(&home.config(), "lease_seconds = 60\nagent = ['a', 'b']\n[repo_roots]\nx = '/x'\n", 0o600);
    home.run(&["init"]).ok();
    let table: toml::Table = fs::read_to_string(home.config()).unwrap().parse().unwrap();
    assert_eq!(table["lease_seconds"].as_integer(), Some(60));
    assert_eq!(table["agent"].as_array().unwrap().len(), 2);
    assert_eq!(table["repo_roots"]["x"].as_str(), Some("/x"));
}
