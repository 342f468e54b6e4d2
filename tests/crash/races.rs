//! `done` of one process against `job cancel` of another: one of them wins, and the other is told so.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::server::Server;
use super::shop::{Shop, done, work};

const ROUNDS: u64 = 30;

/// A job that is claimed, worked on and judged: only `done` is left to say.
fn judged(server: &mut Server) -> Value {
    let job = server.call("wait_for_job", &json!({ "wait_seconds": 0 })).unwrap().1;
    work(&job, "work");
    let ask = json!({ "task_id": job["task"]["id"], "attempt": job["attempt"] });
    let seen = server.call("verify_task_against_plan", &ask).unwrap().1;
    assert_eq!(seen["result"], "aligned", "{seen}");
    job
}

/// The refusal's code.
fn code(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr).into_owned();
    let line =
        text.lines().find_map(|line| line.strip_prefix("error[")?.split(']').next().map(str::to_owned));
    line.unwrap_or(text)
}

/// What the ledger says that ended the job.
fn end(shop: &Shop, job: &Value) -> Vec<String> {
    let shown = shop.show(job);
    let rows = shown["history"].as_array().unwrap().iter();
    rows.map(|row| row["event"].as_str().unwrap().to_owned())
        .filter(|event| ["finish", "cancel", "fail", "release", "expire"].contains(&event.as_str()))
        .collect()
}

#[test]
fn of_done_and_cancel_one_wins_and_the_other_is_told() {
    let shop = Shop::open(ROUNDS as usize, 600);
    let mut server = Server::ready(&shop);
    let mut won = [0; 2];
    for round in 0..ROUNDS {
        let job = judged(&mut server);
        let id = job["job_id"].as_str().unwrap();
        let (said, cancelled) = thread::scope(|scope| {
            let (over, is_over) = mpsc::channel::<()>();
            // spread over the time that a push and the start of a program take
            let after = Duration::from_millis((round * 37) % 150);
            let shop = &shop;
            let cancel = scope.spawn(move || {
                assert_ne!(is_over.recv_timeout(after), Ok(()));
                shop.run(&["job", "cancel", id, "--reason", "raced"], "")
            });
            let late = Duration::from_millis((round * 53) % 100);
            let (_keep, never) = mpsc::channel::<()>();
            assert_eq!(never.recv_timeout(late), Err(RecvTimeoutError::Timeout));
            let said = server.call("update_job_status", &done(&job)).unwrap();
            let cancelled = cancel.join().unwrap();
            drop(over);
            (said, cancelled)
        });
        let (refused, answer) = said;
        let status = &shop.show(&job)["job"]["status"];
        if refused {
            assert_eq!((&answer["code"], status), (&json!("JOB_CANCELLED"), &json!("CANCELLED")), "{answer}");
            assert!(cancelled.status.success(), "{}", code(&cancelled.stderr));
            assert_eq!(end(&shop, &job), ["cancel"]);
            won[1] += 1;
        } else {
            assert_eq!((&answer["status"], status), (&json!("done"), &json!("DONE")), "{answer}");
            assert_eq!(code(&cancelled.stderr), "ALREADY_TERMINAL");
            assert_eq!(json!(shop.published(&shop.show(&job)["job"])), answer["head_sha"]);
            assert_eq!(end(&shop, &job), ["finish"]);
            won[0] += 1;
        }
    }
    assert!(won.iter().all(|wins| *wins > 0), "no race: {won:?}");
    shop.sound();
}

#[test]
fn a_cancel_in_the_middle_of_the_push_wins() {
    let shop = Shop::open(1, 600);
    let mut server = Server::ready(&shop);
    let job = judged(&mut server);
    let line = format!(
        "{} job cancel {} > {}/cancelled 2>&1",
        env!("CARGO_BIN_EXE_sprintgate"),
        job["job_id"].as_str().unwrap(),
        shop.root().display()
    );
    shop.hook("pre-receive", &format!("unset $(git rev-parse --local-env-vars)\n{line}"));
    let (refused, answer) = server.call("update_job_status", &done(&job)).unwrap();
    assert_eq!((refused, &answer["code"]), (true, &json!("JOB_CANCELLED")), "{answer}");
    assert_eq!(end(&shop, &job), ["cancel"]);
    assert!(shop.published(&shop.show(&job)["job"]).is_some(), "the push itself went on");
    shop.sound();
}
