//! One job's whole life through the real program.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::home::{Home, commit};

const PLAN: &str = "---
pbi: {title: Greeting, priority: 1}
stories:
  - title: Say hello
    priority: 1
    tasks:
      - {title: Write it, priority: 1, implementation_plan: \"Create `hello.txt` with a greeting.\"}
      - {title: Sign it, priority: 2, implementation_plan: \"Create `name.txt` with a name.\"}
---
";

impl Home {
    pub(super) fn with_sprint() -> Self {
        Self::with_product().and_sprint()
    }

    pub(super) fn and_sprint(self) -> Self {
        self.run_with(&["import", "-"], PLAN).ok();
        self.run(&["sprint", "start", "--goal", "hello"]).ok();
        self
    }

    pub(super) fn tool(&self, tool: &str, arguments: &Value) -> Value {
        self.run_with(&["call", tool, "-"], &arguments.to_string()).json()
    }
}

#[test]
fn from_a_plan_to_a_proven_commit() {
    life(&Home::with_sprint());
}

pub(super) fn life(home: &Home) {
    let claimed = home.tool("wait_for_job", &json!({ "wait_seconds": 0 }));
    let (job, attempt) = (claimed["job_id"].as_str().unwrap(), claimed["attempt"].clone());
    let tree = Path::new(claimed["worktree_path"].as_str().unwrap());

    // done without proof is refused, and the refusal is the answer
    let early = home.run_with(
        &["call", "update_job_status", "-"],
        &json!({ "job_id": job, "attempt": attempt, "status": "done" }).to_string(),
    );
    let refusal: Value = serde_json::from_str(&early.stdout).unwrap();
    assert_eq!((early.status, refusal["code"].as_str()), (1, Some("NOT_VERIFIED")), "{}", early.stderr);

    fs::write(tree.join("hello.txt"), "hello\n").unwrap();
    commit(tree, "say hello");
    let task = claimed["task"]["id"].clone();
    let verified = home.tool(
        "verify_task_against_plan",
        &json!({ "task_id": task, "worktree_path": tree, "attempt": attempt }),
    );
    assert_eq!(verified["result"], "aligned", "{verified}");
    let done =
        home.tool("update_job_status", &json!({ "job_id": job, "attempt": attempt, "status": "done" }));
    assert_eq!(done["status"], "done", "{done}");

    let shown = home.run(&["job", "show", &job[job.len() - 8..], "--json"]).json();
    assert_eq!(shown["job"]["status"], "DONE");
    assert!(home.run(&["job", "show", job]).ok().contains("finish"));
    assert!(home.run(&["explain", job]).ok().contains("DONE"));
    assert!(home.run(&["board"]).ok().contains("DONE (finished)"));
    assert_eq!(home.run(&["audit", "verify", "--json"]).json()["ok"], true);
    let tidied = home.run(&["worktree", "clean", "--json"]).json();
    // whoever worked there has a lease's time to notice the end
    assert!(tidied["kept"][0].as_str().unwrap().starts_with(job) && tree.exists(), "{tidied}");
}

#[test]
fn a_job_is_named_by_the_end_of_its_id() {
    let home = Home::with_sprint();
    let jobs = home.run(&["job", "list", "--json"]).json();
    let ids: Vec<&str> = jobs.as_array().unwrap().iter().map(|job| job["job_id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 2);
    for id in &ids {
        for end in [6, 8, 31, 32] {
            let shown = home.run(&["job", "show", &id[id.len() - end..], "--json"]).json();
            assert_eq!(shown["job"]["job_id"], *id);
        }
        home.run(&["job", "show", &id[id.len() - 5..]]).refused(1, "NOT_FOUND");
        home.run(&["job", "show", &id[..8]]).refused(1, "NOT_FOUND");
    }
}

#[test]
fn lists_filter() {
    let home = Home::with_sprint();
    let count = |args: &[&str]| home.run(args).json().as_array().unwrap().len();
    assert_eq!(count(&["job", "list", "--json"]), 2);
    assert_eq!(count(&["job", "list", "--json", "--limit", "1"]), 1);
    assert_eq!(count(&["job", "list", "--json", "--status", "queued"]), 2);
    assert_eq!(count(&["job", "list", "--json", "--status", "DONE"]), 0);
    assert_eq!(count(&["job", "list", "--json", "--product", "App"]), 2);
    assert_eq!(count(&["job", "list", "--json", "--run", "0199"]), 0);
}

#[test]
fn a_cancelled_job_stays_cancelled() {
    let home = Home::with_sprint();
    let claimed = home.tool("wait_for_job", &json!({ "wait_seconds": 0 }));
    let job = claimed["job_id"].as_str().unwrap();
    let cancelled = home.run(&["job", "cancel", job, "--reason", "not wanted", "--json"]).json();
    assert_eq!(cancelled["status"], "CANCELLED");
    home.run(&["job", "cancel", job]).refused(1, "ALREADY_TERMINAL");
    let late = home.run_with(
        &["call", "update_job_status", "-"],
        &json!({ "job_id": job, "attempt": 1, "status": "failed", "error": "x" }).to_string(),
    );
    assert_eq!(late.status, 1, "{}", late.stdout);
    let history = home.run(&["job", "show", job, "--json"]).json();
    assert_eq!(history["history"].as_array().unwrap().last().unwrap()["actor"], "human");
}

#[test]
fn a_cascade_is_shown_before_it_happens() {
    let home = Home::with_sprint();
    let claimed = home.tool("wait_for_job", &json!({ "wait_seconds": 0 }));
    let job = claimed["job_id"].as_str().unwrap();
    let end = &job[job.len() - 8..];
    let plan = home.run(&["cascade", "plan", end, "--json"]).json();
    let keys: Vec<&String> = plan.as_object().unwrap().keys().collect();
    let want = ["job_id", "status", "end_cause", "ended", "cascaded", "verdict", "steps", "complete"]
        .map(str::to_owned);
    assert!(want.iter().all(|key| keys.contains(&key)) && keys.len() == want.len(), "{keys:?}");
    assert_eq!((plan["job_id"].as_str(), plan["status"].as_str()), (Some(job), Some("CLAIMED")));
    let sibling = plan["steps"][0]["job"].as_str().unwrap();
    assert_ne!(sibling, job);
    assert_eq!(
        plan["steps"][0],
        json!({
            "key": format!("cancel/{sibling}"), "do": "cancel", "job": sibling, "from": "QUEUED",
            "because": "same_backlog_item", "only_if": "always", "after": [], "by": "failure"
        })
    );
    let text = home.run(&["cascade", "plan", job]).ok();
    let steps: Vec<&str> = text.lines().skip_while(|line| !line.starts_with("STEP")).collect();
    assert_eq!(steps.len(), 1 + plan["steps"].as_array().unwrap().len(), "{text}");
    assert!(
        steps[1].starts_with("1 ") && steps[1].contains(sibling) && steps[1].ends_with("failure"),
        "{text}"
    );
    // nothing happened yet, and then just that
    assert_eq!(home.run(&["job", "show", sibling, "--json"]).json()["job"]["status"], "QUEUED");
    home.tool(
        "update_job_status",
        &json!({ "job_id": job, "attempt": claimed["attempt"], "status": "failed", "error": "no" }),
    );
    assert_eq!(home.run(&["job", "show", sibling, "--json"]).json()["job"]["end_cause"], "cascade");
    let left = home.run(&["cascade", "plan", end, "--json"]).json();
    assert_eq!((left["ended"].as_bool(), left["cascaded"].as_bool()), (Some(true), Some(true)));
    assert_eq!(left["steps"].as_array().unwrap()[..], plan["steps"].as_array().unwrap()[1..]);
}
