//! Kills in the middle of a push, and between a push and the row that would tell of it. The origin's hooks do the
//! killing, so that no clock has a part in it.

use std::fs;

use serde_json::{Value, json};

use super::server::{Dead, Server};
use super::shop::{Shop, done, git, work};

/// What dies with the server.
#[derive(Clone, Copy)]
enum Dies {
    /// Nothing; the push that it started goes on.
    Alone,
    /// The push and all else.
    WithAll,
}

const HOOKS: [(&str, Dies, bool); 6] = [
    ("pre-receive", Dies::Alone, true),
    ("pre-receive", Dies::WithAll, false),
    ("update", Dies::Alone, true),
    ("update", Dies::WithAll, false),
    ("post-receive", Dies::Alone, true),
    ("post-receive", Dies::WithAll, true),
];

impl Shop {
    /// The origin kills the server when a push gets to this hook, once.
    fn deadly(&self, hook: &str, dies: Dies) {
        let pid = self.root().join("pid");
        let group = match dies {
            Dies::Alone => "",
            Dies::WithAll => "kill -9 -$(ps -o pgid= $$ | tr -d ' ')",
        };
        let line =
            format!("mv {0} {0}.used 2>/dev/null || exit 0\nkill -9 $(cat {0}.used)\n{group}", pid.display());
        self.hook(hook, &line);
    }

    /// A server that dies while `done` is pushed; the job, and the commit.
    fn dies_in_push(&self, hook: &str, dies: Dies) -> (Value, String) {
        let mut server = Server::ready(self);
        let job = server.call("wait_for_job", &json!({ "wait_seconds": 0 })).unwrap().1;
        let head = work(&job, "before the kill");
        let ask = json!({ "task_id": job["task"]["id"], "attempt": job["attempt"] });
        assert_eq!(server.call("verify_task_against_plan", &ask).unwrap().1["result"], "aligned");
        self.deadly(hook, dies);
        fs::write(self.root().join("pid"), server.pid().to_string()).unwrap();
        assert_eq!(server.call("update_job_status", &done(&job)), Err(Dead), "{hook} did not kill");
        self.quiet();
        fs::remove_file(self.origin().join("hooks").join(hook)).unwrap();
        (job, head)
    }
}

#[test]
fn an_agent_that_says_done_again_after_the_kill_is_done() {
    let shop = Shop::open(HOOKS.len(), 600);
    for (hook, dies, pushed) in HOOKS {
        let (job, head) = shop.dies_in_push(hook, dies);
        assert_eq!(shop.published(&job).is_some(), pushed, "{hook}");
        let (refused, answer) = shop.tool("update_job_status", &done(&job));
        assert!(!refused && answer["status"] == "done", "{hook}: {answer}");
        assert_eq!(answer["head_sha"], json!(head), "{hook}");
        assert_eq!(shop.published(&job), Some(head), "{hook}");
    }
    shop.sound();
}

#[test]
fn a_successor_goes_on_from_what_is_published_and_the_dead_one_stays_dead() {
    let shop = Shop::open(HOOKS.len(), 1);
    for (hook, dies, pushed) in HOOKS {
        let (job, head) = shop.dies_in_push(hook, dies);
        shop.expire_all();
        let next = shop.claim();
        assert_eq!((&next["job_id"], &next["attempt"]), (&job["job_id"], &json!(2)), "{hook}");
        let (refused, late) = shop.tool("update_job_status", &done(&job));
        assert_eq!((refused, &late["code"]), (true, &json!("LEASE_LOST")), "{hook}: {late}");
        let answer = shop.finish(&next, "after the kill");
        assert_eq!(answer["status"], "done", "{hook}: {answer}");
        let now = shop.published(&job).unwrap();
        assert_eq!(json!(now), answer["head_sha"], "{hook}");
        let follows = git(&shop.origin(), &["merge-base", "--is-ancestor", &head, &now]).status.success();
        assert_eq!(follows, pushed, "{hook}");
    }
    shop.tidied();
    assert_eq!(shop.kept().matches("+before the kill").count(), HOOKS.len());
    shop.sound();
}
