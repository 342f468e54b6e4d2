//! A server that is killed while it cleans up.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::{Value, json};

use super::kill;
use super::server::{Dead, Server};
use super::shop::{Shop, sh, until};

/// What shows how far a clean-up got, first to last.
#[derive(Debug, Clone, Copy)]
enum Trace {
    Salvaged,
    HalfGone,
    Gone,
}

/// Files that an agent left in its worktree; removing them takes its time.
const FILES: usize = 1500;

fn shown(shop: &Shop, job: &Value, trace: Trace) -> bool {
    let tree = Path::new(job["worktree_path"].as_str().unwrap());
    match trace {
        Trace::Salvaged => shop.vault().is_some_and(|vault| vault.join(reference(job)).exists()),
        Trace::HalfGone => fs::read_dir(tree.join("left")).map_or(0, Iterator::count) < FILES,
        Trace::Gone => !tree.exists(),
    }
}

fn reference(job: &Value) -> String {
    format!("refs/salvage/{}/{}", job["job_id"].as_str().unwrap(), job["attempt"])
}

/// Kills a server that cleans up, as soon as the trace shows. Whether it was killed before it answered.
fn killed_at(shop: &Shop, job: &Value, trace: Trace) -> bool {
    let mut server = Server::ready(shop);
    let (pid, over) = (server.pid(), AtomicBool::new(false));
    let answer = thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::SeqCst) && !shown(shop, job, trace) {
                thread::yield_now();
            }
            kill::one(pid);
        });
        let answer = server.call("cleanup_my_worktrees", &json!({}));
        over.store(true, Ordering::SeqCst);
        answer
    });
    server.cut();
    answer == Err(Dead)
}

#[test]
fn a_clean_up_that_was_killed_is_ended_by_the_next_one() {
    let shop = Shop::open(2, 600);
    let mut hits = 0;
    for trace in [Trace::Salvaged, Trace::HalfGone, Trace::HalfGone, Trace::Gone] {
        shop.set_lease(600);
        let job = shop.claim();
        let tree = Path::new(job["worktree_path"].as_str().unwrap());
        fs::create_dir(tree.join("left")).unwrap();
        for number in 0..FILES {
            fs::write(tree.join(format!("left/{number}")), format!("{trace:?} {number}\n")).unwrap();
        }
        shop.leases_run_out();
        shop.set_lease(1);
        shop.expire_all();
        until(std::time::Duration::from_secs(20), "the end of its grace", || {
            let list = shop.json(&["worktree", "list"]);
            (list["worktrees"][0]["fate"] == "goes").then_some(())
        });
        hits += usize::from(killed_at(&shop, &job, trace));

        shop.tidied();
        let notes = shop.vaults().join("places");
        assert_eq!(fs::read_dir(&notes).unwrap().count(), 0, "{trace:?}: nothing is noted any more");
        let vault = shop.vault().unwrap();
        let kept = sh(&vault, &format!("git ls-tree -r --name-only {} left/ | wc -l", reference(&job)));
        assert_eq!(kept, FILES.to_string(), "{trace:?}: what is kept is whole");
        let attempts = shop.show(&job)["attempts"].clone();
        let told = attempts.as_array().unwrap().iter().find(|one| one["attempt"] == job["attempt"]);
        let commit = sh(&vault, &format!("git rev-parse {}", reference(&job)));
        assert_eq!(told.map(|one| &one["kept"]["commit"]), Some(&json!(commit)), "{trace:?}");
        assert_eq!(shop.json(&["audit", "verify"])["ok"], true, "{trace:?}");
    }
    assert!(hits > 0, "no kill hit");
}
