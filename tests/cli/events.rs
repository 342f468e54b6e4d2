//! `events`: printed for people and programs, kept until they were handled.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use serde_json::Value;

use super::home::Home;

const PLAN: &str = "---
pbi: {title: Greeting, priority: 1}
stories:
  - title: Say hello
    priority: 1
    tasks: [{title: Write it, priority: 1, implementation_plan: \"Create `hello.txt`.\"}]
---
";

impl Home {
    fn with_events() -> Self {
        let home = Self::with_product();
        home.run_with(&["import", "-"], PLAN).ok();
        home.run(&["sprint", "start", "--goal", "hello"]).ok();
        home
    }

    fn lines(&self, args: &[&str]) -> Vec<Value> {
        self.run(args).ok().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

#[test]
fn a_line_an_event_for_people_programs_and_the_channel() {
    let home = Home::with_events();
    let people = home.run(&["events", "tail"]).ok();
    assert!(people.contains("claude_job_enqueued") && people.contains("create QUEUED"), "{people}");
    let json = home.lines(&["events", "tail", "--json"]);
    assert_eq!(json.len(), people.lines().count());
    let job = json.iter().find(|event| event["type"] == "claude_job_enqueued").unwrap();
    assert_eq!(
        (&job["machine"], &job["event"], &job["to"]),
        (&"job".into(), &"create".into(), &"QUEUED".into())
    );
    assert!(job["payload"]["task_id"].is_string() && job.get("from").is_none(), "{job}");
    let wire = home.lines(&["events", "tail", "--wire", "--last", "1000"]);
    let sent = wire.iter().find(|event| event["type"] == "claude_job_enqueued").unwrap();
    assert_eq!((&sent["job_id"], &sent["status"]), (&job["entity"], &"queued".into()));
    assert_eq!(home.lines(&["events", "tail", "--last", "1", "--json"]), json[json.len() - 1..]);
    assert_eq!(home.run(&["events", "tail", "--last", "0"]).ok(), "");
}

#[test]
fn a_consumer_is_handed_what_is_new_until_it_is_forgotten() {
    let home = Home::with_events();
    let nobody = home.run(&["events", "consumers"]).ok();
    assert!(nobody.contains("events tail --consumer NAME"), "{nobody}");
    let consume = ["events", "tail", "--consumer", "mail", "--json"];
    let all = home.lines(&consume);
    assert_eq!(all.len(), home.lines(&["events", "tail", "--last", "1000", "--json"]).len());
    assert_eq!(home.run(&consume).ok(), "");
    home.run(&["events", "tail", "--consumer", "dead"]).ok();
    home.run(&["call", "wait_for_job", "{\"wait_seconds\":0}"]).ok();
    let news = home.lines(&consume);
    assert!(news.iter().any(|event| event["to"] == "CLAIMED"), "{news:?}");

    let listed = home.run(&["events", "consumers", "--json"]).json();
    let unseen: Vec<(&str, i64)> = listed["result"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["name"].as_str().unwrap(), it["unseen"].as_i64().unwrap()))
        .collect();
    assert_eq!(unseen, [("dead", news.len() as i64), ("mail", 0)]);
    let kept = home.run(&["events", "prune", "--older-than", "0s"]).ok();
    assert!(kept.starts_with(&format!("{} events were deleted.", all.len())), "{kept}");
    assert!(kept.contains("until the consumer dead has handled them"), "{kept}");
    assert_eq!(home.run(&["events", "forget", "dead"]).ok(), "dead is forgotten.\n");
    let pruned = home.run(&["events", "prune", "--older-than", "0s"]).ok();
    assert_eq!(pruned, format!("{} events were deleted.\n", news.len()));
    home.run(&["events", "forget", "dead"]).refused(1, "NOT_FOUND");
    home.run(&["events", "tail", "--consumer", "No Name"]).refused(1, "VALIDATION_ERROR");
    home.run(&["events", "prune", "--older-than", "soon"]).refused(2, "USAGE");
}

#[test]
fn who_is_killed_while_printing_is_handed_the_rest_and_loses_nothing() {
    let home = Home::with_events();
    // More than a pipe holds, so that the program stands in the middle of a page.
    let more = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) \
        INSERT INTO outbox (xid, at, type, machine, entity, entity_seq, event, to_status, product_id, payload) \
        SELECT 0, 1, 'task', 'task', 'k' || i, 1, 'create', 'TO_DO', 'p', '{}' FROM n";
    let done = std::process::Command::new("sqlite3").arg(home.database()).arg(more).status().unwrap();
    assert!(done.success());
    let entities = |lines: Vec<String>| -> BTreeSet<i64> {
        let place =
            |line: &String| serde_json::from_str::<Value>(line).unwrap()["place"][1].as_i64().unwrap();
        lines.iter().map(place).collect()
    };
    let args = ["events", "tail", "--consumer", "mail", "--json", "--follow"];
    let mut child = home.command(&args).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut printed = String::new();
    for _ in 0..700 {
        out.read_line(&mut printed).unwrap();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // What it had printed is in the pipe; perhaps the last line of it is not whole.
    out.read_to_string(&mut printed).unwrap();
    let whole = printed.rsplit_once('\n').unwrap().0;
    let before = entities(whole.lines().map(str::to_owned).collect());

    let rest = home.run(&["events", "tail", "--consumer", "mail", "--json"]).ok();
    let after = entities(rest.lines().map(str::to_owned).collect());
    let all = entities(
        home.run(&["events", "tail", "--last", "60000", "--json"]).ok().lines().map(Into::into).collect(),
    );
    assert_eq!(before.union(&after).copied().collect::<BTreeSet<_>>(), all);
    assert!(all.len() > 3000 && before.len() >= 700);
    assert!(after.first() <= before.last().map(|last| last + 1).as_ref(), "no gap lies between them");
    assert!(!after.is_empty() && after.len() < all.len(), "the first page was handled");
}
