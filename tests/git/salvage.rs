//! What is kept before anything is removed.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use super::ground::{Ground, place, run, tip, work};

#[tokio::test]
async fn git_salvages_uncommitted_untracked_and_unpushed_bytes() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    assert_eq!(ground.git.salvage(&ground.clone, &one).await.unwrap(), None);
    let unpushed = work(&made.path, "committed", "c\r\n\0");
    fs::write(made.path.join("read.me"), "changed\r\n").unwrap();
    fs::write(made.path.join("staged"), "s").unwrap();
    run(&made.path, &["add", "staged"]);
    fs::create_dir_all(made.path.join("deep/er")).unwrap();
    fs::write(made.path.join("deep/er/untracked"), [0, 255, 10, 13]).unwrap();
    symlink("/etc/passwd", made.path.join("link")).unwrap();
    fs::write(made.path.join("ignored"), "cache").unwrap();
    fs::remove_file(made.path.join("d/f1")).unwrap();
    let pipe = made.path.join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let index = fs::read(ground.clone.join(".git/worktrees/one-a1/index")).unwrap();

    let saved = ground.git.salvage(&ground.clone, &one).await.unwrap().unwrap();
    assert_eq!((saved.reference.as_str(), saved.paths, saved.unpushed), ("refs/salvage/one/1", 5, true));
    assert_eq!(fs::read(ground.clone.join(".git/worktrees/one-a1/index")).unwrap(), index);
    for (path, bytes) in [
        ("committed", &b"c\r\n\0"[..]),
        ("read.me", b"changed\r\n"),
        ("staged", b"s"),
        ("deep/er/untracked", &[0, 255, 10, 13]),
        ("link", b"/etc/passwd"),
        ("d/f0", "0\n".repeat(100).as_bytes()),
    ] {
        assert_eq!(ground.file_at(&saved.reference, path), bytes, "{path}");
    }
    let names = run(&ground.clone, &["ls-tree", "-r", "--name-only", &saved.reference]);
    assert!(!names.contains("ignored") && !names.contains("d/f1") && !names.contains("pipe"), "{names}");
    assert_eq!(run(&ground.clone, &["rev-parse", &format!("{}^", saved.reference)]), unpushed.as_str());

    // the same again is the same; more is kept on top of it
    assert_eq!(ground.git.salvage(&ground.clone, &one).await.unwrap().unwrap().commit, saved.commit);
    fs::write(made.path.join("more"), "m").unwrap();
    fs::remove_file(made.path.join("staged")).unwrap();
    let removed = ground.git.remove_worktree(&ground.clone, &one).await.unwrap();
    let second = removed.salvaged.unwrap();
    assert_eq!(ground.file_at(&second.reference, "more"), b"m");
    run(&ground.clone, &["merge-base", "--is-ancestor", saved.commit.as_str(), &second.reference]);
    assert_eq!((removed.folder, removed.branch.as_deref()), (true, Some("feat/x")));
    assert!(!made.path.exists());
}

#[tokio::test]
async fn git_salvages_clean_commits_that_nobody_has() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    let tip_ = work(&made.path, "a", "1");
    let removed = ground.git.remove_worktree(&ground.clone, &one).await.unwrap();
    let saved = removed.salvaged.unwrap();
    assert_eq!((saved.commit, saved.paths, saved.unpushed), (tip_.clone(), 0, true));
    assert_eq!(tip(&ground.clone, "refs/salvage/one/1"), Some(tip_));
    assert_eq!(removed.branch.as_deref(), Some("feat/x"));
}

#[tokio::test]
async fn git_salvages_a_dead_attempt_when_its_successor_takes_the_branch() {
    let ground = Ground::new(1);
    let (dead, live) = (place("one", 1), place("one", 2));
    let first = ground.make(&dead, "feat/x").await.unwrap();
    let lost = work(&first.path, "a", "1");
    fs::write(first.path.join("b"), "2").unwrap();
    let second = ground.make(&live, "feat/x").await.unwrap();
    assert_eq!(second.base, first.base);
    assert_eq!(ground.file_at("refs/salvage/one/1", "b"), b"2");
    run(&ground.clone, &["merge-base", "--is-ancestor", lost.as_str(), "refs/salvage/one/1"]);
    assert!(!second.path.join("a").exists() && !first.path.exists());
}

#[tokio::test]
async fn git_salvages_a_left_over_branch() {
    let ground = Ground::new(1);
    run(&ground.clone, &["checkout", "-q", "-b", "feat/x"]);
    let theirs = work(&ground.clone, "a", "person's");
    run(&ground.clone, &["checkout", "-q", "trunk"]);
    let made = ground.make(&place("one", 1), "feat/x").await.unwrap();
    assert_ne!(made.base, theirs);
    assert_eq!(tip(&ground.clone, &format!("refs/salvage/branch/feat/x/{}", theirs.short())), Some(theirs));
}

#[tokio::test]
async fn git_salvages_a_merge_in_conflict_and_an_inner_repository() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    work(&made.path, "read.me", "ours\n");
    run(&made.path, &["checkout", "-q", "-b", "side", "HEAD~1"]);
    work(&made.path, "read.me", "theirs\n");
    run(&made.path, &["checkout", "-q", "feat/x"]);
    assert!(!super::ground::command(&made.path, &["merge", "-q", "side"]).output().unwrap().status.success());
    let inner = made.path.join("inner");
    run(&made.path, &["init", "-q", "inner"]);
    fs::create_dir(inner.join("src")).unwrap();
    fs::write(inner.join("src/deep"), "deep").unwrap();
    work(&inner, "file", "inner work");
    fs::write(inner.join("loose"), "loose work").unwrap();
    let saved = ground.git.salvage(&ground.clone, &one).await.unwrap().unwrap();
    let text = String::from_utf8(ground.file_at(&saved.reference, "read.me")).unwrap();
    assert!(text.contains("<<<<<<<") && text.contains("ours") && text.contains("theirs"), "{text}");
    for (path, text) in
        [("inner/file", "inner work"), ("inner/loose", "loose work"), ("inner/src/deep", "deep")]
    {
        assert_eq!(ground.file_at(&saved.reference, path), text.as_bytes());
    }
}

#[tokio::test]
async fn git_salvages_without_a_sound_index_or_admin_folder() {
    let ground = Ground::new(2);
    let (one, two) = (place("one", 1), place("two", 1));
    let first = ground.make(&one, "feat/x").await.unwrap();
    fs::write(first.path.join("a"), "1").unwrap();
    fs::write(ground.clone.join(".git/worktrees/one-a1/index"), "rubbish").unwrap();
    fs::write(ground.clone.join(".git/worktrees/one-a1/index.lock"), "").unwrap();
    let removed = ground.git.remove_worktree(&ground.clone, &one).await.unwrap();
    assert_eq!(removed.salvaged.unwrap().paths, 1);
    assert_eq!(ground.file_at("refs/salvage/one/1", "a"), b"1");

    let second = ground.make(&two, "feat/y").await.unwrap();
    fs::write(second.path.join("a"), "2").unwrap();
    fs::remove_dir_all(ground.clone.join(".git/worktrees/two-a1")).unwrap();
    let removed = ground.git.remove_worktree(&ground.clone, &two).await.unwrap();
    assert!(removed.folder && removed.salvaged.is_some());
    assert_eq!(ground.file_at("refs/salvage/two/1", "a"), b"2");
}

#[tokio::test]
async fn git_removes_what_was_made_read_only() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    let cache = made.path.join("cache");
    fs::create_dir(&cache).unwrap();
    fs::write(cache.join("module"), "m").unwrap();
    fs::set_permissions(cache.join("module"), fs::Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(&cache, fs::Permissions::from_mode(0o500)).unwrap();
    let removed = ground.git.remove_worktree(&ground.clone, &one).await.unwrap();
    assert!(removed.folder && !made.path.exists());
    assert_eq!(ground.file_at("refs/salvage/one/1", "cache/module"), b"m");
}
