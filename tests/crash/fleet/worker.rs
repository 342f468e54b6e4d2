//! A worker that goes on whatever happens: one job after the other, by a server of its own, which it starts again when it
//! has died.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use serde_json::{Value, json};

use crate::crash::kill;
use crate::crash::server::{Dead, Server};
use crate::crash::shop::{Shop, done};

pub(super) const WORKERS: usize = 8;

/// What all workers share.
#[derive(Default)]
pub(super) struct Fleet {
    pub(super) over: AtomicBool,
    /// Each worker's server.
    servers: Mutex<[u32; WORKERS]>,
    pub(super) deaths: AtomicU32,
    /// What workers were refused, how often, and one of the answers.
    pub(super) refused: Mutex<BTreeMap<String, (u32, Value)>>,
}

/// Why a job was left before its end.
enum Left {
    Dead,
    /// This was said, and is no answer to a job that is one's own.
    Refused(Value),
}

impl From<Dead> for Left {
    fn from(_: Dead) -> Self {
        Self::Dead
    }
}

impl Fleet {
    /// Works until it is over.
    pub(super) fn work(&self, shop: &Shop, worker: usize) {
        while !self.over.load(Ordering::SeqCst) {
            let mut server = Server::start(shop);
            self.servers.lock().unwrap()[worker] = server.pid();
            let mut left = server.greet().map_err(Left::from);
            while left.is_ok() && !self.over.load(Ordering::SeqCst) {
                left = match job(&mut server) {
                    Err(Left::Refused(why)) => {
                        let mut refused = self.refused.lock().unwrap();
                        let code = why["code"].as_str().unwrap_or("none").to_owned();
                        refused.entry(code).or_insert((0, why)).0 += 1;
                        Ok(())
                    }
                    said => said,
                };
            }
            if left.is_err() {
                self.deaths.fetch_add(1, Ordering::SeqCst);
            }
        }
    }

    /// Kills one worker's server.
    pub(super) fn kill(&self, worker: usize) {
        let pid = self.servers.lock().unwrap()[worker];
        if pid != 0 && kill::lives(pid) {
            kill::one(pid);
        }
    }
}

/// One job from its claim to `done`, if there is one.
fn job(server: &mut Server) -> Result<(), Left> {
    let job = call(server, "wait_for_job", &json!({ "wait_seconds": 1 }))?;
    if job["status"] != "claimed" {
        return Ok(());
    }
    let at = json!({ "job_id": job["job_id"], "attempt": job["attempt"] });
    let mut running = at.clone();
    running["status"] = "running".into();
    call(server, "update_job_status", &running)?;
    let line = "echo work >> src/work && git add -A && git -c user.name=a -c user.email=a@example.org commit -qm work";
    let tree = job["worktree_path"].as_str().unwrap();
    let worked = Command::new("sh").args(["-c", line]).current_dir(tree).status();
    // The folder of a job that somebody else has by now may be gone; the next call says so.
    let worked = worked.is_ok_and(|status| status.success());
    call(server, "job_heartbeat", &at)?;
    assert!(worked, "no work could be done in {tree}");
    let ask = json!({ "task_id": job["task"]["id"], "attempt": job["attempt"] });
    let seen = call(server, "verify_task_against_plan", &ask)?;
    assert_eq!(seen["result"], "aligned", "{seen}");
    let answer = call(server, "update_job_status", &done(&job))?;
    assert_eq!(answer["status"], "done", "{answer}");
    Ok(())
}

fn call(server: &mut Server, tool: &str, args: &Value) -> Result<Value, Left> {
    match server.call(tool, args)? {
        (false, answer) => Ok(answer),
        (true, why) => Err(Left::Refused(json!({ "tool": tool, "code": why["code"], "answer": why }))),
    }
}
