//! Executors of effects that are killed at moments that nobody chose.

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::kill;
use super::shop::{Shop, sh};

const JOBS: usize = 12;
const KILLS: u32 = 25;

impl Shop {
    fn sql(&self, sql: &str) -> String {
        sh(&self.root(), &format!("sqlite3 -cmd '.timeout 5000' {} \"{sql}\"", self.database().display()))
    }

    fn effects(&self, status: &str) -> Vec<Value> {
        self.json(&["effects", "list", "--status", status])["result"].as_array().unwrap().clone()
    }
}

#[test]
fn every_worktree_goes_once_and_no_work_is_lost_whenever_the_executor_is_killed() {
    let shop = Shop::open(JOBS, 1);
    let mut written = Vec::new();
    shop.set_lease(600);
    for number in 0..JOBS {
        let job = shop.claim();
        let text = format!("work of nobody {number}");
        std::fs::write(format!("{}/left.txt", job["worktree_path"].as_str().unwrap()), format!("{text}\n"))
            .unwrap();
        written.push((job, text));
    }
    shop.set_lease(1);
    shop.leases_run_out();
    shop.expire_all();
    assert_eq!(shop.effects("pending").len(), JOBS);

    let due = "UPDATE effects SET due_at = 1 WHERE status IN ('PENDING', 'RETRY')";
    let dead = "UPDATE effects SET lease_until = 1 WHERE status = 'RUNNING'";
    let (mut killed, mut held, mut random) = (0, 0, 20_261_121_u64);
    // How long a try takes to begin depends on the machine: those that came too early or too late tell.
    let (mut window, mut round) = (60_000, 0);
    while round < KILLS || held == 0 {
        assert!(round < 8 * KILLS, "only {killed} kills hit, and none of them a try");
        round += 1;
        shop.sql(due);
        let mut command = shop.command(&["effects", "run", "--limit", "4"]);
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // Every other time it is seen that a try has begun: else all may be done before one was hit.
        let running = "SELECT count(*) FROM effects WHERE status = 'RUNNING'";
        while round % 2 == 0 && child.try_wait().unwrap().is_none() && shop.sql(running).trim() == "0" {}
        let most = if round % 2 == 0 { 20_000 } else { window };
        let end = Instant::now() + Duration::from_micros((random >> 33) % most);
        while Instant::now() < end && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        kill::one(child.id());
        let hit = !child.wait().unwrap().success();
        killed += u32::from(hit);
        let is_held = !shop.effects("running").is_empty();
        held += usize::from(is_held);
        match (hit, is_held) {
            _ if round % 2 == 0 => {}
            (true, false) => window = (window * 5 / 4).min(4_000_000),
            (false, _) => window = (window * 4 / 5).max(20_000),
            (true, true) => {}
        }
        shop.sql(dead);
        assert_eq!(shop.json(&["audit", "verify"])["ok"], true, "after kill {round}");
    }
    assert!(killed > KILLS / 3, "only {killed} kills hit");

    let mut passes = 0;
    while shop.effects("done").len() < JOBS {
        passes += 1;
        assert!(passes <= 2 * JOBS, "stuck: {}", shop.json(&["effects", "list"]));
        shop.sql(due);
        shop.sql(dead);
        shop.ok(&["effects", "run"]);
    }
    let kept = shop.kept();
    for (job, text) in &written {
        assert!(!std::path::Path::new(job["worktree_path"].as_str().unwrap()).exists(), "{job}");
        assert!(kept.contains(text), "{text} is lost");
    }
    for effect in shop.effects("done") {
        let shown = shop.json(&["effects", "show", effect["effect_id"].as_str().unwrap()]);
        let said = |event: &str| {
            shown["history"].as_array().unwrap().iter().filter(|row| row["event"] == event).count()
        };
        assert_eq!((said("succeed"), said("create")), (1, 1), "{shown}");
        assert_eq!(said("start"), said("succeed") + said("fail") + said("expire"), "{shown}");
    }
    assert_eq!(shop.json(&["effects", "list"])["counts"], json!([]));
    shop.sound();
}
