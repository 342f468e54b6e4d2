//! Two servers on one database: no job is ever handed out twice.

use std::collections::BTreeSet;
use std::fs;
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::server::Server;
use super::shop::{Shop, done};

const JOBS: usize = 40;
/// Servers, and loops within each.
const LOOPS: (usize, usize) = (2, 4);

/// A second token of the same user.
fn another_token(shop: &Shop) -> String {
    let (config, database) = (shop.root().join("second.toml"), shop.database());
    shop.ok(&["--config", config.to_str().unwrap(), "--database", database.to_str().unwrap(), "init"]);
    let table: toml::Table = fs::read_to_string(config).unwrap().parse().unwrap();
    table["token"].as_str().unwrap().to_owned()
}

fn nobody_gets_what_another_has(tokens: [Option<&str>; 2]) {
    let shop = Shop::open(JOBS, 600);
    let second = tokens[1].map(|_| another_token(&shop));
    let claimed = Mutex::new(Vec::<Value>::new());
    let start = Barrier::new(LOOPS.0 * LOOPS.1);
    thread::scope(|scope| {
        for number in 0..LOOPS.0 * LOOPS.1 {
            let token = if number % LOOPS.0 == 1 { second.as_deref() } else { None };
            let (shop, claimed, start) = (&shop, &claimed, &start);
            scope.spawn(move || {
                let mut server = Server::start_as(shop, token);
                server.greet().unwrap();
                start.wait();
                loop {
                    let (refused, job) = server.call("wait_for_job", &json!({ "wait_seconds": 0 })).unwrap();
                    assert!(!refused, "{job}");
                    if job["status"] != "claimed" {
                        return;
                    }
                    claimed.lock().unwrap().push(job);
                }
            });
        }
    });
    let claimed = claimed.into_inner().unwrap();
    let distinct =
        |field: &str| claimed.iter().map(|job| job[field].to_string()).collect::<BTreeSet<_>>().len();
    let seen = ["job_id", "worktree_path", "branch_name"].map(distinct);
    assert_eq!((claimed.len(), seen), (JOBS, [JOBS; 3]));
    assert!(claimed.iter().all(|job| job["attempt"] == 1));
    shop.sound();
}

#[test]
fn two_servers_with_one_token_share_forty_jobs() {
    nobody_gets_what_another_has([None, None]);
}

#[test]
fn two_servers_with_two_tokens_share_forty_jobs() {
    nobody_gets_what_another_has([None, Some("second")]);
}

#[test]
fn a_job_that_comes_back_is_handed_to_one_of_two_who_wait() {
    let shop = Shop::open(1, 1);
    let second = another_token(&shop);
    let mut servers = [Server::ready(&shop), Server::start_as(&shop, Some(&second))];
    servers[1].greet().unwrap();
    let claimed = Mutex::new(Vec::<(usize, Value)>::new());
    thread::scope(|scope| {
        for (who, server) in servers.iter_mut().enumerate() {
            let claimed = &claimed;
            scope.spawn(move || {
                let end = Instant::now() + Duration::from_secs(20);
                while claimed.lock().unwrap().len() < 3 && Instant::now() < end {
                    let job = server.call("wait_for_job", &json!({ "wait_seconds": 1 })).unwrap().1;
                    if job["status"] == "claimed" {
                        claimed.lock().unwrap().push((who, job));
                    }
                }
            });
        }
    });
    let mut claimed = claimed.into_inner().unwrap();
    claimed.sort_by_key(|(_, job)| job["attempt"].as_u64());
    let attempts: Vec<_> = claimed.iter().map(|(_, job)| job["attempt"].as_u64().unwrap()).collect();
    assert_eq!(attempts, [1, 2, 3]);
    for (who, job) in claimed.iter().take(2) {
        for status in ["running", "done", "failed", "skipped"] {
            let mut late = done(job);
            late["status"] = status.into();
            late["error"] = "late".into();
            let (refused, answer) = servers[*who].call("update_job_status", &late).unwrap();
            assert_eq!((refused, &answer["code"]), (true, &json!("LEASE_LOST")), "{status}: {answer}");
        }
    }
    shop.sound();
}
