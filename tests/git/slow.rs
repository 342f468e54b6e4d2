//! A remote that takes its time keeps nobody waiting who does not ask it, and is asked once for all who wait.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::Command;

use tokio::task::JoinSet;

use super::ground::{Ground, place, tip, work};
use crate::until::until;

/// `O_NONBLOCK`: opening for writing fails as long as nobody reads.
const NOW: i32 = 0o4000;

/// How many processes have the file open.
fn readers(path: &Path) -> usize {
    let processes = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let own = std::process::id().to_string();
    let others = processes.filter(|process| process.file_name().to_str() != Some(own.as_str()));
    let has = |folder: &Path| {
        let open = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        open.filter_map(|file| fs::read_link(file.path()).ok()).any(|to| to == path)
    };
    others.filter(|process| has(&process.path().join("fd"))).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn git_keeps_nobody_waiting_while_a_remote_takes_its_time() {
    let ground = std::sync::Arc::new(Ground::new(3));
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    let head = work(&made.path, "a", "1");
    let base = tip(&ground.origin, "refs/heads/trunk").unwrap();
    // whoever serves the remote reads its settings first, and waits there
    let slow = ground.origin.join("slow");
    assert!(Command::new("mkfifo").arg(&slow).status().unwrap().success());
    let mut config = OpenOptions::new().append(true).open(ground.origin.join("config")).unwrap();
    config.write_all(b"[include]\n\tpath = slow\n").unwrap();
    let mut makings = JoinSet::new();
    let mut begin = |number: u32| {
        let ground = ground.clone();
        makings.spawn(async move { ground.make(&place("more", number), &format!("feat/y{number}")).await });
    };
    begin(1);
    let mut gate: Option<File> = None;
    until("somebody asks the remote", async || {
        gate = OpenOptions::new().write(true).custom_flags(NOW).open(&slow).ok();
        gate.is_some()
    })
    .await;
    // one asks where the branches are, the other one fetches
    until("a fetch", async || readers(&slow) >= 2).await;

    // all that asks the vault alone is done meanwhile
    let work_goes_on = async {
        let look = ground.git.look(&ground.url, &one).await.unwrap();
        assert_eq!(look.head, head);
        ground.git.take(&ground.url, &one, &head).await.unwrap();
        fs::write(made.path.join("note"), "n").unwrap();
        ground.git.remove_worktree(&ground.url, &one).await.unwrap().salvaged.unwrap()
    };
    let limit = std::time::Duration::from_secs(60);
    tokio::time::timeout(limit, work_goes_on).await.expect("others wait for the remote");

    // of those who come meanwhile, each asks where its branch is, and one fetches for all
    for number in 2..=6 {
        begin(number);
    }
    until("all have asked", async || readers(&slow) >= 7).await;
    fs::write(ground.origin.join("refs/heads/late"), format!("{base}\n")).unwrap();
    fs::write(ground.origin.join("fast"), "").unwrap();
    fs::rename(ground.origin.join("fast"), &slow).unwrap();
    drop(gate);
    while let Some(made) = makings.join_next().await {
        made.unwrap().unwrap();
    }
    let fetched = fs::read_to_string(ground.vault().join("fetch.landed")).unwrap();
    // the first making of all, the one that waited, and one for those who came meanwhile, or a second for a latecomer
    let fetched: u32 = fetched.trim_end().parse().unwrap();
    assert!((2..5).contains(&fetched), "{fetched} fetches for seven makings");
    assert_eq!(tip(&ground.vault(), "refs/remotes/origin/late"), Some(base));
}
