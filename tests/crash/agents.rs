//! Runners and agents that are killed while an agent works.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::kill;
use super::shop::{Shop, until};

const SOON: Duration = Duration::from_secs(15);

/// An agent with a process of its own beside it, which says when both are there.
const AGENT: &str = "sleep 600 & echo $$ $! > $HOME/agent.new && mv $HOME/agent.new $HOME/agent; wait";

pub(super) struct Runner(Child);

impl Runner {
    /// A runner whose agent is a line of shell; `state` names its state folder.
    pub(super) fn start(shop: &Shop, state: &str, agent: &str) -> Self {
        let mut command = shop.command(&["runner", "--wait-seconds", "60", "--agent", "sh", "-c", agent]);
        command.env("SPRINTGATE_STATE_DIR", shop.root().join(state));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log(shop));
        Self(command.spawn().unwrap())
    }

    pub(super) fn lives(&mut self) -> bool {
        self.0.try_wait().unwrap().is_none()
    }

    fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        self.kill();
    }
}

fn log(shop: &Shop) -> fs::File {
    fs::OpenOptions::new().create(true).append(true).open(shop.root().join("runner.log")).unwrap()
}

/// An agent at work: its leader, and the process that it started.
struct Agent {
    leader: u32,
    other: u32,
    environment: Vec<(String, String)>,
}

impl Agent {
    /// Waits until it works; a later call waits for another one.
    fn of(shop: &Shop) -> Self {
        let path = shop.root().join("agent");
        let text = until(SOON, "an agent", || fs::read_to_string(&path).ok());
        fs::remove_file(path).unwrap();
        let mut pids = text.split_whitespace().map(|pid| pid.parse().unwrap());
        let (leader, other) = (pids.next().unwrap(), pids.next().unwrap());
        let environment = fs::read_to_string(format!("/proc/{leader}/environ")).unwrap();
        let pairs = environment.split('\0').filter_map(|pair| pair.split_once('='));
        Self { leader, other, environment: pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).collect() }
    }

    /// Calls a tool as the agent does.
    fn call(&self, tool: &str, args: &Value) -> (bool, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sprintgate"));
        command.env_clear().envs(self.environment.iter().cloned()).args(["call", tool, &args.to_string()]);
        let out = command.output().unwrap();
        (out.status.success(), String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned())
    }

    fn is_gone(&self) -> Option<()> {
        (!kill::lives(self.leader) && !kill::lives(self.other)).then_some(())
    }
}

/// The first attempt's end and its job's status, as soon as it has one.
fn ended(shop: &Shop) -> (Value, Value) {
    until(SOON, "the end of the attempt", || {
        let shown = shop.show(&shop.jobs()[0]);
        let first = shown["attempts"][0].clone();
        (first["status"] != "HELD").then(|| (first["status"].clone(), shown["job"]["status"].clone()))
    })
}

#[test]
fn a_killed_agent_gives_its_job_back_at_once_and_leaves_no_process() {
    for group in [false, true] {
        let shop = Shop::open(1, 600);
        let _runner = Runner::start(&shop, "state", AGENT);
        let agent = Agent::of(&shop);
        kill::one(agent.leader);
        if group {
            kill::one(agent.other);
        }
        assert_eq!(ended(&shop), (json!("GIVEN_BACK"), json!("QUEUED")));
        until(SOON, "the end of the agent", || agent.is_gone());
        until(SOON, "the worktree's end", || {
            fs::read_dir(shop.worktrees()).unwrap().next().is_none().then_some(())
        });
        shop.sound();
    }
}

/// What is killed together with the runner, and what its folder has lost.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Also {
    Nothing,
    Leader,
    /// The runner was killed before it had noted which process it had started.
    Note,
}

#[test]
fn what_a_killed_runner_left_ends_with_the_next_start() {
    for also in [Also::Nothing, Also::Leader, Also::Note] {
        let shop = Shop::open(1, 600);
        let mut runner = Runner::start(&shop, "state", AGENT);
        let agent = Agent::of(&shop);
        let job = json!({ "job_id": shop.jobs()[0]["job_id"], "attempt": 1 });
        let (good, answer) = agent.call("job_heartbeat", &job);
        assert!(good, "{answer}");
        runner.kill();
        if also == Also::Leader {
            kill::one(agent.leader);
        }
        if also == Also::Note {
            let folder = fs::read_dir(shop.root().join("state/jobs")).unwrap();
            let mut folders = folder.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
            fs::remove_file(folders.next().unwrap().join("process.json")).unwrap();
        }
        let (good, answer) = agent.call("job_heartbeat", &job);
        assert!(!good && answer.contains("MCP_FAILED"), "{answer}");
        let _next = Runner::start(&shop, "state", "true");
        assert_eq!(ended(&shop), (json!("GIVEN_BACK"), json!("QUEUED")), "{also:?}");
        until(SOON, &format!("the end of the agent, {also:?}"), || agent.is_gone());
        shop.sound();
    }
}

#[test]
fn a_dead_runners_job_is_taken_again_after_its_lease_and_its_agent_is_refused() {
    let shop = Shop::open(1, 2);
    let mut runner = Runner::start(&shop, "state", AGENT);
    let mut agent = Agent::of(&shop);
    runner.kill();
    let _other = Runner::start(&shop, "state-of-another", AGENT);
    let second = Agent::of(&shop);
    assert_eq!(ended(&shop), (json!("EXPIRED"), json!("CLAIMED")));
    // even if it finds a server that lives, with the token of its own attempt
    let socket = |agent: &Agent| {
        agent.environment.iter().find(|(key, _)| key == "SPRINTGATE_SOCKET").unwrap().1.clone()
    };
    let living = socket(&second);
    for (key, value) in &mut agent.environment {
        if key == "SPRINTGATE_SOCKET" {
            value.clone_from(&living);
        }
    }
    let job = json!({ "job_id": shop.jobs()[0]["job_id"] });
    let mut late = job.clone();
    late["status"] = "done".into();
    for (tool, args) in [("job_heartbeat", &job), ("update_job_status", &late)] {
        let (good, answer) = agent.call(tool, args);
        assert!(!good && answer.contains("LEASE_LOST"), "{tool}: {answer}");
    }
    let (good, answer) = second.call("job_heartbeat", &job);
    assert!(good, "{answer}");
    shop.sound();
}

/// An agent that works, and says done; the origin kills it and its runner while that is pushed.
pub(super) const WORKER: &str = "set -e; echo work >> src/work; git -c user.name=a -c user.email=a@example.org add -A; \
    git -c user.name=a -c user.email=a@example.org commit -qm work; \
    task=$(grep -A1 '\"task\": {' $SPRINTGATE_PAYLOAD | sed -n 's/.*\"id\": \"\\([^\"]*\\)\".*/\\1/p'); \
    PROGRAM call verify_task_against_plan \"{\\\"task_id\\\":\\\"$task\\\"}\"; \
    echo $$ > $HOME/agent-at-work; \
    PROGRAM call update_job_status \"{\\\"job_id\\\":\\\"$SPRINTGATE_JOB_ID\\\",\\\"status\\\":\\\"done\\\"}\"";

#[test]
fn a_push_outlives_neither_runner_nor_agent_without_a_trace() {
    for hook in ["pre-receive", "post-receive"] {
        let shop = Shop::open(1, 2);
        let home = shop.root();
        shop.hook(
            hook,
            &format!(
                "cd {}; mv runner-at-work used 2>/dev/null || exit 0; kill -9 $(cat used); kill -9 -$(cat agent-at-work)",
                home.display()
            ),
        );
        let agent = WORKER.replace("PROGRAM", env!("CARGO_BIN_EXE_sprintgate"));
        let mut runner = Runner::start(&shop, "state", &agent);
        fs::write(home.join("runner-at-work"), runner.0.id().to_string()).unwrap();
        until(SOON, "the kill", || runner.0.try_wait().unwrap());
        shop.quiet();
        assert!(home.join("used").exists());
        let next = shop.claim();
        assert_eq!(next["attempt"], 2);
        let answer = shop.finish(&next, "after the kill");
        assert_eq!(json!(shop.published(&next)), answer["head_sha"], "{hook}: {answer}");
        assert_eq!(answer["status"], "done", "{hook}: {answer}");
        assert!(shop.kept().contains("+work"));
        shop.sound();
    }
}
