//! A worktree whose making was killed is recognised, cleared and made again.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use super::ground::{Ground, command, place, run, tip};

/// Leaves what `git worktree add`, killed with its group, leaves at different moments.
#[tokio::test]
async fn git_recovers_from_a_killed_worktree_add() {
    let ground = Ground::new(400);
    let mut half_made = 0;
    for round in 0..15_u64 {
        let at = place(&format!("job{round}"), 1);
        let (path, name) = (ground.git.path_of(&at), format!("feat/k{round}"));
        let args = ["worktree", "add", "-q", path.to_str().unwrap(), "-b", &name, "origin/trunk"];
        let mut child = command(&ground.clone, &args)
            .process_group(0)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_millis(round * 2));
        // the group may already have ended
        let group = format!("-{}", child.id());
        let _ = std::process::Command::new("kill")
            .args(["-9", "--", &group])
            .stderr(Stdio::null())
            .status()
            .unwrap();
        child.wait().unwrap();
        half_made +=
            usize::from(ground.clone.join(format!(".git/worktrees/{}/locked", at.folder())).exists());

        let made = ground.make(&at, &name).await.unwrap();
        assert_eq!(run(&made.path, &["status", "--porcelain"]), "", "round {round}");
        let removed = ground.git.remove_worktree(&ground.clone, &at).await.unwrap();
        assert_eq!(removed.branch, Some(name));
    }
    println!("{half_made} of 15 rounds left a half-made worktree");
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
        fs::remove_file(path.join("d/f1")).unwrap();
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

#[tokio::test]
async fn git_kills_a_command_that_takes_too_long() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    super::ground::work(&made.path, "a", "1");
    let head = super::ground::head(&made.path);
    ground.git.take(&ground.clone, &ground.url, &one, &head).await.unwrap();
    let hook = ground.origin.join("hooks/pre-receive");
    let pid = ground.origin.join("pid");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, format!("#!/bin/sh\necho $$ > {}\nexec sleep 600\n", pid.display())).unwrap();
    fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let mut settings = ground.git.settings().clone();
    settings.timeout = Duration::from_secs(2);
    let hasty = Ground { git: sprintgate::git::Git::new(settings).unwrap(), ..ground };
    let answer = hasty.push(&one, &made, &head).await;
    assert!(
        matches!(&answer, sprintgate::git::Published::Transient { why } if why.contains("2 s")),
        "{answer:?}"
    );
    let pid = fs::read_to_string(pid).unwrap();
    let state = fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
    assert!(state.is_empty() || state.contains(") Z "), "the hook still runs: {state}");
}
