//! The lives in which somebody is killed: what was there before, what is done, and what is the same in the end.

use serde_json::{Value, json};

use super::ground::Ground;
use crate::crash::shop::{done, work, write};

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Life {
    /// A job is claimed where no vault and no worktree is.
    Create,
    /// A job is claimed whose branch is published.
    Next,
    /// An agent has its work judged and says done; when its server died, it says it again.
    Push,
    /// The same; when its server died, another one takes the job.
    Successor,
    /// A pull request is opened and merged, and its branch deleted.
    PullRequest,
    /// A person cleans up what an attempt left that ended without a word.
    Clean,
    /// The same of commits alone, by the effect of the attempt's end, which has what was kept sent to the remote.
    Remove,
    /// A job has failed: a sibling's merge is reverted, another's pull request closed and its branch deleted, and what a
    /// cancelled one had is kept, sent and removed.
    Cascade,
}

/// What agents wrote before the life; none of it may be lost.
const COMMITTED: &str = "committed and never sent";
const WRITTEN: &str = "written and never committed";

/// What a killed process had not put in its place yet: nobody reads it, a lock of a ref is removed by whoever meets it,
/// and a note is written anew.
const RUBBISH: [&str; 3] = ["/tmp_object_git2_", ".lock", ".new"];

impl Life {
    /// All that comes before.
    pub(super) async fn prepared(self) -> Ground {
        let mut ground = match self {
            Self::Create | Self::Push | Self::Successor => Ground::new(&[1], &[]).await,
            Self::Next => Ground::new(&[2], &[]).await,
            Self::PullRequest => Ground::new(&[1], &["--auto-pr"]).await,
            Self::Clean => Ground::new(&[1], &[]).await,
            Self::Remove => Ground::new(&[1], &["--push-salvage"]).await,
            Self::Cascade => Ground::new(&[1, 2, 1], &["--auto-pr", "--push-salvage"]).await,
        };
        ground.shop.set_lease(600);
        match self {
            Self::Create => {}
            Self::Next => {
                let job = ground.shop.claim();
                ground.shop.finish(&job, "before");
            }
            Self::Push | Self::Successor => drop(work(&ground.shop.claim(), COMMITTED)),
            Self::PullRequest => {
                let job = ground.judged("before");
                ground.done_without_pull_request(&job);
            }
            Self::Clean | Self::Remove => {
                let job = ground.shop.claim();
                work(&job, COMMITTED);
                if self == Self::Clean {
                    write(&job, WRITTEN);
                }
                ground.shop.leases_run_out();
                ground.shop.expire_all();
                ground.shop.set_lease(1);
                ground.all_may_go(1);
            }
            Self::Cascade => {
                for text in ["of the first", "of the second"] {
                    let job = ground.judged(text);
                    ground.done_and_opened(&job);
                }
                let left = ground.shop.claim();
                work(&left, COMMITTED);
                write(&left, WRITTEN);
                let failing = ground.shop.claim();
                let mut failed = done(&failing);
                failed["status"] = "failed".into();
                failed["error"] = "it does not compile".into();
                let (refused, answer) = ground.shop.tool("update_job_status", &failed);
                assert!(!refused, "{answer}");
                ground.shop.set_lease(1);
                ground.all_may_go(4);
            }
        }
        ground.save();
        ground
    }

    /// All that is done, by whoever lives.
    pub(super) fn live(self, ground: &mut Ground) {
        match self {
            Self::Create | Self::Next => {
                let job = ground.claim();
                ground.shop.finish(&job, "after");
            }
            Self::Push => {
                let job = ground.held();
                ground.verify(&job);
                ground.report(&job);
            }
            Self::Successor => {
                let job = ground.held();
                if !(ground.verifies(&job) && ground.reports(&job)) {
                    ground.shop.leases_run_out();
                    ground.shop.expire_all();
                    let next = ground.shop.claim();
                    ground.shop.finish(&next, "after");
                }
            }
            Self::PullRequest | Self::Remove | Self::Cascade => ground.effects_end(),
            Self::Clean => {}
        }
        if matches!(self, Self::Create | Self::Next | Self::Push | Self::Successor) {
            ground.traced.rest();
        }
        ground.shop.set_lease(1);
        ground.all_may_go(0);
        ground.says(&["worktree", "clean"]);
        ground.effects_end();
    }

    /// What must be found in a file that a ref reaches.
    pub(super) fn texts(self) -> &'static [&'static str] {
        match self {
            Self::Create => &["after"],
            Self::Next => &["before", "after"],
            Self::Push | Self::Successor | Self::Remove => &[COMMITTED],
            Self::PullRequest => &["before"],
            Self::Clean => &[COMMITTED, WRITTEN],
            Self::Cascade => &["of the first", "of the second", COMMITTED, WRITTEN],
        }
    }

    /// A line of the end as it is compared; none where a kill may make a difference.
    pub(super) fn compared(self, line: String) -> Option<String> {
        if line.starts_with("left ") && RUBBISH.iter().any(|part| line.contains(part)) {
            return None;
        }
        match self {
            // Whoever dies with a job leaves its worktree to an effect, and the job to another attempt.
            Self::Create | Self::Next => {
                let is_removal = line.starts_with("effect remove_worktree DONE");
                (!is_removal).then(|| line.replace("/2 ", "/1 "))
            }
            // What the dead one sent is below the next one's work, and else kept.
            Self::Successor => {
                let differs = ["remote refs/heads/feat/", "vault ", "kept ", "effect remove_worktree DONE"];
                (!differs.iter().any(|start| line.starts_with(start))).then_some(line)
            }
            _ => Some(line),
        }
    }
}

impl Ground {
    /// The job that is held.
    fn held(&self) -> Value {
        let listed = self.shop.jobs().into_iter().find(|job| !job["lease_until"].is_null()).unwrap();
        let id = listed["job_id"].as_str().unwrap();
        let task = self.sql(&format!("SELECT task_id FROM claude_jobs WHERE id = '{id}'"));
        json!({ "job_id": id, "attempt": listed["attempt"], "task": { "id": task } })
    }

    /// A job that is claimed, worked on and judged.
    fn judged(&self, text: &str) -> Value {
        let job = self.shop.claim();
        work(&job, text);
        let (refused, seen) = self.shop.tool("verify_task_against_plan", &ask(&job));
        assert!(!refused && seen["result"] == "aligned", "{seen}");
        job
    }

    /// Claims; when its server died, its lease ends, and it is claimed again.
    fn claim(&mut self) -> Value {
        loop {
            let args = json!({ "wait_seconds": 0 }).to_string();
            if let Some(out) = self.traced.run(&self.shop, &["call", "wait_for_job", &args]) {
                let job: Value = serde_json::from_slice(&out.stdout).unwrap();
                assert_eq!(job["status"], "claimed", "{job}");
                return job;
            }
            self.shop.leases_run_out();
            self.shop.expire_all();
        }
    }

    fn verify(&mut self, job: &Value) {
        let seen = self.call("verify_task_against_plan", &ask(job));
        assert_eq!(seen["result"], "aligned", "{seen}");
    }

    fn report(&mut self, job: &Value) {
        let answer = self.call("update_job_status", &done(job));
        assert_eq!(answer["status"], "done", "{answer}");
    }

    /// Whether the server lived long enough to say it.
    fn verifies(&mut self, job: &Value) -> bool {
        self.traced.run(&self.shop, &["call", "verify_task_against_plan", &ask(job).to_string()]).is_some()
    }

    /// The same of the end.
    fn reports(&mut self, job: &Value) -> bool {
        self.traced.run(&self.shop, &["call", "update_job_status", &done(job).to_string()]).is_some()
    }
}

fn ask(job: &Value) -> Value {
    json!({ "task_id": job["task"]["id"], "attempt": job["attempt"] })
}
