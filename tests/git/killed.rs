//! A cell whose making was killed is recognised, cleared and made again.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use sprintgate::domain::commit::CommitId;
use sprintgate::domain::push::PushClass;
use sprintgate::git::{Git, Place, Published, Worktree};

use super::ground::{Ground, place, run, tip, work};

/// Drops the making, and so kills its git, as soon as a trace of its progress is there.
#[tokio::test(flavor = "multi_thread")]
async fn git_recovers_from_a_making_that_was_dropped() {
    let ground = Arc::new(Ground::new(400));
    ground.make(&place("first", 1), "feat/first").await.unwrap();
    let mut cut = 0;
    for round in 0..20_usize {
        let at = place(&format!("job{round}"), 1);
        let (path, name) = (ground.git.path_of(&at), format!("feat/k{round}"));
        let record = ground.git.settings().vault_root.join("places").join(at.folder());
        let written = path.join(format!("d/f{}", round * 20));
        let trace = [
            record,
            path.clone(),
            written,
            path.join(".git"),
            path.join(".git/packed-refs"),
            path.join(".git/HEAD"),
        ];
        let (ours, place, branch) = (ground.clone(), at.clone(), name.clone());
        let making = tokio::spawn(async move { ours.make(&place, &branch).await.map(drop) });
        while !trace[round % trace.len()].exists() && !making.is_finished() {
            tokio::task::yield_now().await;
        }
        making.abort();
        cut += usize::from(making.await.is_err_and(|end| end.is_cancelled()));
        let made = ground.make(&at, &name).await.unwrap_or_else(|error| panic!("round {round}: {error}"));
        assert_eq!(run(&made.path, &["status", "--porcelain"]), "", "round {round}");
        assert_eq!(tip(&ground.vault(), &at.salvage_ref()), None, "round {round}");
        let removed = ground.git.remove_worktree(&ground.url, &at).await.unwrap();
        assert!(removed.folder && removed.salvaged.is_none(), "round {round}");
    }
    assert!(cut > 0, "nothing was cut");
    run(&ground.vault(), &["fsck", "--no-progress"]);
}

#[tokio::test]
async fn git_recovers_from_every_left_over() {
    let ground = Ground::new(5);
    let places = ground.git.settings().vault_root.join("places");
    for (round, cut) in
        [".git", ".git/HEAD", ".git/packed-refs", ".git/index", "d", ""].into_iter().enumerate()
    {
        let at = place(&format!("job{round}"), 1);
        let name = format!("feat/k{round}");
        let made = ground.make(&at, &name).await.unwrap();
        // as a kill leaves it: the last note was never written
        let record = places.join(at.folder());
        fs::write(&record, format!("branch {name}\nmaking\n")).unwrap();
        fs::write(places.join(format!("{}.index.lock", at.folder())), "").unwrap();
        fs::write(made.path.join("d/f2"), "2\n2").unwrap();
        let path = made.path.join(cut);
        if path.is_dir() {
            fs::remove_dir_all(&path).unwrap();
        } else {
            fs::remove_file(&path).unwrap();
        }
        let again = ground.make(&at, &name).await.unwrap_or_else(|error| panic!("{cut}: {error}"));
        assert!(!again.reused && again.salvaged.is_empty(), "{cut}");
        assert_eq!(run(&again.path, &["status", "--porcelain"]), "", "{cut}");
        assert_eq!(
            tip(&ground.vault(), &at.salvage_ref()),
            None,
            "{cut}: what was not yet written is no work"
        );
        assert!(fs::read_to_string(&record).unwrap().contains("made "), "{cut}");
        // a successor is not held up either
        fs::write(&record, "making\n").unwrap();
        ground.make(&place(&format!("job{round}"), 2), &name).await.unwrap();
        assert!(ground.git.remove_worktree(&ground.url, &at).await.unwrap().salvaged.is_none());
    }
}

#[tokio::test]
async fn git_salvages_a_folder_that_it_does_not_remember() {
    let ground = Ground::new(2);
    let at = place("one", 1);
    let made = ground.make(&at, "feat/x").await.unwrap();
    let commit = work(&made.path, "a", "1");
    fs::write(made.path.join("b"), "somebody's work").unwrap();
    fs::remove_file(ground.git.settings().vault_root.join("places").join(at.folder())).unwrap();
    let again = ground.make(&at, "feat/x").await.unwrap();
    assert!(!again.reused && again.salvaged.len() == 1);
    assert_eq!(ground.file_at("refs/salvage/one/1", "b"), b"somebody's work");
    run(&ground.vault(), &["merge-base", "--is-ancestor", commit.as_str(), "refs/salvage/one/1"]);
}

/// Killed while it erased a folder: of the rest only what is new since is kept, above the whole.
#[tokio::test]
async fn git_keeps_what_is_new_in_half_a_folder_and_no_loss() {
    let ground = Ground::new(2);
    for (job, late) in [("quiet", false), ("late", true)] {
        let place = place(job, 1);
        let made = ground.make(&place, &format!("feat/{job}")).await.unwrap();
        work(&made.path, "committed", "c");
        fs::write(made.path.join("note"), "never committed").unwrap();
        let whole = ground.git.salvage(&ground.url, &place).await.unwrap().unwrap();
        let notes = ground.git.settings().vault_root.join("places").join(place.folder());
        fs::write(&notes, fs::read_to_string(&notes).unwrap() + "going\n").unwrap();
        fs::remove_dir_all(made.path.join(".git/refs")).unwrap();
        fs::remove_dir_all(made.path.join("d")).unwrap();
        fs::remove_file(made.path.join("note")).unwrap();
        if late {
            fs::write(made.path.join("afterwards"), "by an agent that still lives").unwrap();
        }
        assert!(ground.git.is_half_made(&place));

        let kept = ground.git.remove_worktree(&ground.url, &place).await.unwrap().salvaged.unwrap();
        assert_eq!(kept.commit == whole.commit, !late, "{job}");
        let note = format!("{}:note", whole.commit.as_str());
        assert_eq!(run(&ground.vault(), &["show", &note]), "never committed");
        run(&ground.vault(), &["merge-base", "--is-ancestor", whole.commit.as_str(), &kept.reference]);
        if late {
            assert_eq!(ground.file_at(&kept.reference, "afterwards"), b"by an agent that still lives");
        }
        assert!(!made.path.exists() && !ground.git.knows(&place));
    }
}

/// Killed after it was kept, and before anybody wrote down that it was.
#[tokio::test]
async fn git_says_again_what_was_kept() {
    let ground = Ground::new(2);
    for (job, writes) in [("commits", false), ("both", true)] {
        let place = place(job, 1);
        let made = ground.make(&place, &format!("feat/{job}")).await.unwrap();
        work(&made.path, "committed", "c");
        if writes {
            fs::write(made.path.join("note"), "never committed").unwrap();
        }
        let kept = ground.git.salvage(&ground.url, &place).await.unwrap().unwrap();
        assert_eq!((kept.unpushed, kept.paths), (true, usize::from(writes)), "{job}");
        let again = ground.git.salvage(&ground.url, &place).await.unwrap();
        assert_eq!(again.as_ref(), Some(&kept), "{job}");
        let last = ground.git.remove_worktree(&ground.url, &place).await.unwrap();
        assert_eq!(last.salvaged, Some(kept), "{job}");
    }
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
        // nothing is fetched before the mark is there
        let _ = fs::remove_file(vault.join("packed-refs"));
        fs::remove_dir_all(vault.join("refs/remotes")).unwrap();
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
    ground.git.take(&ground.url, &one, &head).await.unwrap();
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
    let Published::Failed(failed) = &answer else { panic!("{answer:?}") };
    assert!(failed.class == PushClass::Transient && failed.why.contains("2 s"), "{answer:?}");
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
