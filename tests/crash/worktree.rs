//! A server killed as soon as a trace shows how far the making of a worktree got.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::json;

use super::kill;
use super::server::{Dead, Server};
use super::shop::{Shop, until};

/// What appears while a job is claimed, first to last.
#[derive(Debug, Clone, Copy)]
enum Trace {
    Lock,
    Vault,
    MarkOfVault,
    BranchInVault,
    Record,
    Folder,
    File,
    Refs,
    Head,
}

use Trace::*;

/// The vault is made once, so what shows of it comes first.
const TRACES: [Trace; 9] = [Lock, Vault, MarkOfVault, BranchInVault, Record, Folder, File, Refs, Head];

/// The entries of the folder, or of what is in it, that show the trace.
fn shown(shop: &Shop, trace: Trace) -> BTreeSet<PathBuf> {
    let list = |path: PathBuf| -> BTreeSet<PathBuf> {
        fs::read_dir(path).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect()
    };
    let existing = |path: PathBuf| BTreeSet::from_iter(path.exists().then_some(path));
    let in_vault = |name: &str| shop.vault().map(|vault| existing(vault.join(name))).unwrap_or_default();
    let in_cells = |name: &str| {
        list(shop.worktrees()).into_iter().map(|path| path.join(name)).filter(|path| path.exists()).collect()
    };
    match trace {
        Lock => list(shop.vaults().join("locks")),
        Vault => BTreeSet::from_iter(shop.vault()),
        MarkOfVault => in_vault("remote"),
        BranchInVault => in_vault("refs/remotes/origin/main"),
        Record => list(shop.vaults().join("places")),
        Folder => list(shop.worktrees()),
        File => in_cells("src/start"),
        Refs => in_cells(".git/packed-refs"),
        Head => in_cells(".git/HEAD"),
    }
}

/// Kills a server that claims, as soon as something new shows. Whether it was killed before it answered.
fn killed_at(shop: &Shop, trace: Trace, whole: bool) -> bool {
    let mut server = Server::ready(shop);
    let before = shown(shop, trace);
    let (pid, over) = (server.pid(), AtomicBool::new(false));
    let answer = thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::SeqCst) && shown(shop, trace).is_subset(&before) {
                thread::yield_now();
            }
            kill::one(pid);
        });
        let answer = server.call("wait_for_job", &json!({ "wait_seconds": 0 }));
        over.store(true, Ordering::SeqCst);
        answer
    });
    if whole {
        server.cut()
    } else {
        server.kill()
    }
    answer == Err(Dead)
}

#[test]
fn a_half_made_worktree_is_made_anew_by_the_next_attempt() {
    let mut hits = 0;
    for whole in [true, false] {
        let shop = Shop::open(TRACES.len(), 600);
        for trace in TRACES {
            hits += usize::from(killed_at(&shop, trace, whole));
            assert_eq!(shop.json(&["audit", "verify"])["ok"], true, "{trace:?}");
        }
        // Each kill had a job of its own; now all their leases are over at once, however slow this machine is.
        shop.leases_run_out();
        shop.set_lease(3);
        until(std::time::Duration::from_secs(60), "every job's end", || {
            shop.expire_all();
            let open = shop.jobs().iter().any(|job| job["finished_at"].is_null());
            if open {
                let job = shop.claim();
                assert_eq!(shop.finish(&job, "after the kill")["status"], "done");
            }
            (!open).then_some(())
        });
        for job in shop.jobs() {
            assert_eq!(job["status"], "DONE", "{job}");
            assert_eq!(json!(shop.published(&job)), job["head_sha"]);
        }
        shop.tidied();
        shop.sound();
    }
    assert!(hits >= TRACES.len(), "only {hits} kills hit");
}
