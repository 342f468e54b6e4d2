//! A worktree whose making was killed is recognised, cleared and made again.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use sprintgate::domain::commit::CommitId;
use sprintgate::git::{Git, Place, Published, Worktree};

use super::ground::{Ground, command, place, run, tip, work};

/// Kills `git worktree add` with its group as soon as a trace of its progress is there.
#[tokio::test]
async fn git_recovers_from_a_killed_worktree_add() {
    let ground = Ground::new(400);
    let mut half_made = 0;
    for round in 0..15_usize {
        let at = place(&format!("job{round}"), 1);
        let (path, name) = (ground.git.path_of(&at), format!("feat/k{round}"));
        let admin = ground.clone.join(".git/worktrees").join(at.folder());
        let branch = ground.clone.join(".git/refs/heads").join(&name);
        let written = path.join(format!("d/f{}", round * 25));
        let trace = [branch.with_extension("lock"), branch, admin.join("locked"), path.join(".git"), written];
        let args =
            ["worktree", "add", "-q", "--no-track", path.to_str().unwrap(), "-b", &name, "origin/trunk"];
        let mut child = command(&ground.clone, &args)
            .process_group(0)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while !trace[round % trace.len()].exists() && child.try_wait().unwrap().is_none() {
            thread::yield_now();
        }
        // the group may have ended by now
        let group = format!("-{}", child.id());
        let _ = Command::new("kill").args(["-9", "--", &group]).stderr(Stdio::null()).status().unwrap();
        child.wait().unwrap();
        half_made += usize::from(admin.join("locked").exists());

        let made = ground.make(&at, &name).await.unwrap();
        assert_eq!(run(&made.path, &["status", "--porcelain"]), "", "round {round}");
        assert_eq!(tip(&ground.clone, &at.salvage_ref()), None, "round {round}");
        let removed = ground.git.remove_worktree(&ground.clone, &at).await.unwrap();
        assert_eq!(removed.branch, Some(name));
    }
    assert!(half_made > 0, "no kill hit");
    run(&ground.clone, &["fsck", "--no-progress"]);
}

#[tokio::test]
async fn git_recovers_from_every_left_over() {
    let ground = Ground::new(5);
    let admin_of = |name: &str| ground.clone.join(".git/worktrees").join(name);
    for (round, cut) in ["admin", "folder", "index", "gitdir", "head", "none"].into_iter().enumerate() {
        let at = place(&format!("job{round}"), 1);
        let (path, name) = (ground.git.path_of(&at), format!("feat/k{round}"));
        run(&ground.clone, &["worktree", "add", "-q", path.to_str().unwrap(), "-b", &name, "origin/trunk"]);
        let admin = admin_of(&at.folder());
        fs::write(admin.join("locked"), "initializing\n").unwrap();
        fs::write(admin.join("index.lock"), "").unwrap();
        fs::write(ground.clone.join(format!(".git/refs/heads/{name}.lock")), "").unwrap();
        fs::remove_file(path.join("d/f1")).unwrap();
        fs::write(path.join("d/f2"), "2\n2").unwrap();
        match cut {
            "admin" => fs::remove_dir_all(&admin).unwrap(),
            "folder" => fs::remove_dir_all(&path).unwrap(),
            "index" => fs::remove_file(admin.join("index")).unwrap(),
            "gitdir" => fs::remove_file(admin.join("gitdir")).unwrap(),
            "head" => fs::remove_file(admin.join("HEAD")).unwrap(),
            _ => {}
        }
        let made = ground.make(&at, &name).await.unwrap_or_else(|e| panic!("{cut}: {e}"));
        assert!(!made.reused);
        assert_eq!(run(&made.path, &["status", "--porcelain"]), "", "{cut}");
        assert!(!admin.join("locked").exists(), "{cut}");
        // a successor is not held up either
        let next = place(&format!("job{round}"), 2);
        fs::write(admin.join("locked"), "initializing\n").unwrap();
        ground.make(&next, &name).await.unwrap_or_else(|e| panic!("{cut}: {e}"));
    }
    assert_eq!(tip(&ground.clone, "refs/salvage/job5/1"), None, "a file that was not yet written is no work");
    let at = place("late", 1);
    let made = ground.make(&at, "feat/late").await.unwrap();
    fs::write(admin_of("late-a1").join("locked"), "initializing").unwrap();
    fs::write(made.path.join("d/f3"), "somebody wrote here all the same").unwrap();
    ground.make(&at, "feat/late").await.unwrap();
    assert_eq!(ground.file_at("refs/salvage/late/1", "d/f3"), b"somebody wrote here all the same");
}

#[tokio::test]
async fn git_never_makes_a_half_made_vault_the_truth() {
    let ground = Ground::new(1);
    ground.make(&place("one", 1), "feat/x").await.unwrap();
    let vault = fs::read_dir(&ground.git.settings().vault_root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|e| e == "git"))
        .unwrap();
    for cut in ["remote", "HEAD", "config"] {
        fs::remove_file(vault.join("remote")).unwrap();
        let _ = fs::remove_file(vault.join(cut));
        ground.make(&place("two", 1), "feat/y").await.unwrap_or_else(|e| panic!("{cut}: {e}"));
    }
    fs::write(vault.join("remote"), "/some/other").unwrap();
    ground.make(&place("three", 1), "feat/z").await.unwrap_err();
}

/// A remote whose hook never ends, and an attempt that is ready to be pushed there.
async fn hanging(timeout: Duration) -> (Ground, Place, Worktree, CommitId, PathBuf) {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    let head = work(&made.path, "a", "1");
    ground.git.take(&ground.clone, &ground.url, &one, &head).await.unwrap();
    let (hook, pid) = (ground.origin.join("hooks/pre-receive"), ground.origin.join("pid"));
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(
        &hook,
        format!("#!/bin/sh\necho $$ > {0}.new\nmv {0}.new {0}\nexec sleep 600\n", pid.display()),
    )
    .unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    let mut settings = ground.git.settings().clone();
    settings.timeout = timeout;
    (Ground { git: Git::new(settings).unwrap(), ..ground }, one, made, head, pid)
}

/// Waits until the process is gone or a zombie; a test that hangs here has failed.
fn wait_for_end(pid: &str) {
    let stat = format!("/proc/{}/stat", pid.trim());
    while fs::read_to_string(&stat).is_ok_and(|state| !state.contains(") Z ")) {
        thread::yield_now();
    }
}

#[tokio::test]
async fn git_kills_a_command_that_takes_too_long() {
    let (ground, one, made, head, pid) = hanging(Duration::from_secs(2)).await;
    let answer = ground.push(&one, &made, &head).await;
    assert!(matches!(&answer, Published::Transient { why } if why.contains("2 s")), "{answer:?}");
    wait_for_end(&fs::read_to_string(pid).unwrap());
    assert_eq!(ground.at_origin("feat/x"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn git_kills_a_command_that_nobody_waits_for() {
    let (ground, one, made, head, pid) = hanging(Duration::from_secs(600)).await;
    let push = tokio::spawn(async move { ground.push(&one, &made, &head).await });
    while !pid.exists() {
        tokio::task::yield_now().await;
    }
    let pid = fs::read_to_string(pid).unwrap();
    push.abort();
    assert!(push.await.unwrap_err().is_cancelled());
    wait_for_end(&pid);
}

#[tokio::test]
async fn git_adds_a_worktree_beside_the_torn_facts_of_another() {
    let ground = Ground::new(1);
    let (dead, next) = (place("dead", 1), place("next", 1));
    let facts = ground.clone.join(".git/worktrees").join(dead.folder());
    for torn in ["HEAD", "commondir", "gitdir"] {
        fs::create_dir_all(&facts).unwrap();
        for fact in ["HEAD", "commondir", "gitdir"] {
            fs::write(facts.join(fact), "ref: refs/heads/feat/dead\n").unwrap();
        }
        fs::write(facts.join("locked"), "initializing").unwrap();
        fs::write(facts.join(torn), "").unwrap();
        let made = ground.make(&next, "feat/next").await.unwrap_or_else(|error| panic!("{torn}: {error}"));
        assert!(made.path.is_dir());
        ground.git.remove_worktree(&ground.clone, &next).await.unwrap();
        assert!(!facts.exists());
    }
}

#[tokio::test]
async fn git_makes_a_vault_whose_making_was_killed() {
    let ground = Ground::new(1);
    let first = place("first", 1);
    ground.make(&first, "feat/first").await.unwrap();
    let vaults = ground.git.settings().vault_root.clone();
    let vault = fs::read_dir(&vaults).unwrap().map(|entry| entry.unwrap().path());
    let vault = vault.into_iter().find(|path| path.extension().is_some_and(|end| end == "git")).unwrap();
    fs::remove_dir_all(&vault).unwrap();
    fs::create_dir(&vault).unwrap();
    fs::write(vault.join("config.lock"), "").unwrap();
    ground.make(&place("second", 1), "feat/second").await.unwrap();
}
