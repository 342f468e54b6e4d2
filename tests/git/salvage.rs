//! What is kept before anything is removed.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use super::ground::{Ground, head, place, run, tip, work};

#[tokio::test]
async fn git_salvages_uncommitted_untracked_and_unpushed_bytes() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    assert_eq!(ground.git.salvage(&ground.url, &one).await.unwrap(), None);
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
    let index = fs::read(made.path.join(".git/index")).unwrap();

    let saved = ground.git.salvage(&ground.url, &one).await.unwrap().unwrap();
    assert_eq!((saved.reference.as_str(), saved.paths, saved.unpushed), ("refs/salvage/one/1", 5, true));
    assert_eq!(fs::read(made.path.join(".git/index")).unwrap(), index);
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
    let names = run(&ground.vault(), &["ls-tree", "-r", "--name-only", &saved.reference]);
    assert!(!names.contains("ignored") && !names.contains("d/f1") && !names.contains("pipe"), "{names}");
    assert_eq!(run(&ground.vault(), &["rev-parse", &format!("{}^", saved.reference)]), unpushed.as_str());

    // the same again is the same; more is kept on top of it
    assert_eq!(ground.git.salvage(&ground.url, &one).await.unwrap().unwrap().commit, saved.commit);
    fs::write(made.path.join("more"), "m").unwrap();
    fs::remove_file(made.path.join("staged")).unwrap();
    let removed = ground.git.remove_worktree(&ground.url, &one).await.unwrap();
    let second = removed.salvaged.unwrap();
    assert_eq!(ground.file_at(&second.reference, "more"), b"m");
    run(&ground.vault(), &["merge-base", "--is-ancestor", saved.commit.as_str(), &second.reference]);
    assert!(removed.folder && !made.path.exists());
}

#[tokio::test]
async fn git_salvages_what_lies_in_packs_of_any_name() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    run(&made.path, &["switch", "-q", "-c", "side"]);
    let side = work(&made.path, "side", "on another branch");
    run(&made.path, &["switch", "-q", "feat/x"]);
    let head = work(&made.path, "a", "a");
    // the first time packs them, the second lets go of what was packed
    for _ in 0..2 {
        run(&made.path, &["maintenance", "run", "--quiet", "--task=loose-objects"]);
    }
    let name =
        fs::read_dir(made.path.join(".git/objects/pack")).unwrap().next().unwrap().unwrap().file_name();
    assert!(name.to_str().unwrap().starts_with("loose-"), "{name:?}");
    assert_eq!(ground.git.look(&ground.url, &one).await.unwrap().head, head);
    let removed = ground.git.remove_worktree(&ground.url, &one).await.unwrap();
    let kept = removed.salvaged.unwrap().reference;
    for commit in [side, head] {
        run(&ground.vault(), &["merge-base", "--is-ancestor", commit.as_str(), &kept]);
    }
}

#[tokio::test]
async fn git_salvages_clean_commits_that_nobody_has() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    let tip_ = work(&made.path, "a", "1");
    let removed = ground.git.remove_worktree(&ground.url, &one).await.unwrap();
    let saved = removed.salvaged.unwrap();
    assert_eq!((saved.commit, saved.paths, saved.unpushed), (tip_.clone(), 0, true));
    assert_eq!(tip(&ground.vault(), "refs/salvage/one/1"), Some(tip_));
}

#[tokio::test]
async fn git_salvages_a_dead_attempt_beside_its_successor() {
    let ground = Ground::new(1);
    let (dead, live) = (place("one", 1), place("one", 2));
    let first = ground.make(&dead, "feat/x").await.unwrap();
    let lost = work(&first.path, "a", "1");
    fs::write(first.path.join("b"), "2").unwrap();
    let second = ground.make(&live, "feat/x").await.unwrap();
    assert_eq!(second.base, first.base);
    assert!(!second.path.join("a").exists() && first.path.join("b").exists());
    work(&second.path, "c", "3");
    assert!(ground.git.remove_worktree(&ground.url, &dead).await.unwrap().folder);
    assert_eq!(ground.file_at("refs/salvage/one/1", "b"), b"2");
    run(&ground.vault(), &["merge-base", "--is-ancestor", lost.as_str(), "refs/salvage/one/1"]);
    assert!(!first.path.exists() && second.path.join("c").exists());
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
    fs::write(inner.join(".gitignore"), "secret\nbuilt/\n").unwrap();
    fs::create_dir(inner.join("built")).unwrap();
    for ignored in ["secret", "src/secret", "built/out"] {
        fs::write(inner.join(ignored), "not to be kept").unwrap();
    }
    let saved = ground.git.salvage(&ground.url, &one).await.unwrap().unwrap();
    let text = String::from_utf8(ground.file_at(&saved.reference, "read.me")).unwrap();
    assert!(text.contains("<<<<<<<") && text.contains("ours") && text.contains("theirs"), "{text}");
    for (path, text) in
        [("inner/file", "inner work"), ("inner/loose", "loose work"), ("inner/src/deep", "deep")]
    {
        assert_eq!(ground.file_at(&saved.reference, path), text.as_bytes());
    }
    let names = run(&ground.vault(), &["ls-tree", "-r", "--name-only", &saved.reference]);
    assert!(!names.contains("secret") && !names.contains("built"), "{names}");
}

#[tokio::test]
async fn git_salvages_whatever_became_of_the_repository() {
    let ground = Ground::new(2);
    for (number, gone) in ["index", "HEAD", "config", "refs", "packed-refs", ""].into_iter().enumerate() {
        let at = place(&format!("job{number}"), 1);
        let made = ground.make(&at, &format!("feat/{number}")).await.unwrap();
        let commit = work(&made.path, "committed", &format!("{number}"));
        fs::write(made.path.join("a"), "1").unwrap();
        let path = made.path.join(".git").join(gone);
        if path.is_dir() {
            fs::remove_dir_all(&path).unwrap();
        } else {
            fs::write(&path, "rubbish").unwrap();
            fs::write(made.path.join(".git/index.lock"), "").unwrap();
        }
        let saved = ground.git.remove_worktree(&ground.url, &at).await.unwrap().salvaged.unwrap();
        assert_eq!(ground.file_at(&saved.reference, "a"), b"1", "{gone}");
        assert_eq!(ground.file_at(&saved.reference, "committed"), number.to_string().as_bytes(), "{gone}");
        // the commit's own object is gone with the whole folder, and only then
        let kept = ["merge-base", "--is-ancestor", commit.as_str(), &saved.reference];
        let kept = super::ground::command(&ground.vault(), &kept).output().unwrap().status.success();
        assert_eq!(kept, !gone.is_empty(), "{gone}");
    }
    run(&ground.vault(), &["fsck", "--strict", "--no-progress"]);
}

#[tokio::test]
async fn git_salvages_every_commit_that_lies_in_the_cell() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    let at = |args: &[&str]| run(&made.path, args);
    let pushed = work(&made.path, "pushed", "p");
    ground.publish(&one, &made).await;
    let reset = work(&made.path, "reset", "away");
    at(&["reset", "-q", "--hard", pushed.as_str()]);
    fs::write(made.path.join("read.me"), "stashed").unwrap();
    fs::write(made.path.join("also"), "stashed too").unwrap();
    at(&["stash", "-q", "-u"]);
    at(&["checkout", "-q", "-b", "other"]);
    let other = work(&made.path, "other", "branch");
    at(&["checkout", "-q", "--detach", pushed.as_str()]);
    let loose = work(&made.path, "loose", "detached");
    at(&["tag", "-a", "-m", "t", "tagged"]);
    at(&["checkout", "-q", "feat/x"]);
    let amended = work(&made.path, "amended", "before");
    at(&["commit", "-q", "--amend", "-m", "after"]);
    let head = head(&made.path);
    at(&["worktree", "add", "-q", "../elsewhere", "-b", "linked"]);
    let linked = work(&made.path.with_file_name("elsewhere"), "linked", "l");
    // nothing names some of these any more, and what there is lies in a pack
    fs::remove_dir_all(made.path.join(".git/logs")).unwrap();
    at(&["branch", "-q", "-D", "other"]);
    at(&["repack", "-q", "-a", "-d", "-l", "-k"]);

    let saved = ground.git.remove_worktree(&ground.url, &one).await.unwrap().salvaged.unwrap();
    assert!(saved.unpushed && saved.paths == 0, "{saved:?}");
    let vault = ground.vault();
    assert_eq!(run(&vault, &["rev-parse", &format!("{}^", saved.reference)]), head.as_str());
    for commit in [&reset, &other, &loose, &amended, &linked, &head] {
        run(&vault, &["merge-base", "--is-ancestor", commit.as_str(), &saved.reference]);
    }
    let kept = run(&vault, &["log", "--format=%s", "--name-only", "-m", &saved.reference]);
    assert!(kept.contains("also") && kept.contains("WIP on feat/x"), "{kept}");
    run(&vault, &["fsck", "--strict", "--no-progress"]);
}

#[tokio::test]
async fn git_salvages_what_an_agent_hides_from_git() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    for (flag, file) in [("--assume-unchanged", "d/f0"), ("--skip-worktree", "d/f1")] {
        run(&made.path, &["update-index", flag, file]);
        fs::write(made.path.join(file), "hidden").unwrap();
    }
    fs::write(made.path.join("ignored"), "added all the same").unwrap();
    run(&made.path, &["add", "-f", "ignored"]);
    fs::write(made.path.join(".git/info/exclude"), "*\n").unwrap();
    fs::write(made.path.join("excluded"), "e").unwrap();
    assert_eq!(run(&made.path, &["status", "--porcelain"]), "A  ignored");
    let look = ground.git.look(&ground.url, &one).await.unwrap();
    assert_eq!(look.dirty, ["d/f0", "d/f1", "excluded"]);
    let saved = ground.git.remove_worktree(&ground.url, &one).await.unwrap().salvaged.unwrap();
    for (path, text) in
        [("d/f0", "hidden"), ("d/f1", "hidden"), ("ignored", "added all the same"), ("excluded", "e")]
    {
        assert_eq!(ground.file_at(&saved.reference, path), text.as_bytes(), "{path}");
    }
}

#[tokio::test]
async fn git_salvages_what_was_taken_though_the_folder_is_gone() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    let commit = work(&made.path, "a", "1");
    ground.git.take(&ground.url, &one, &commit).await.unwrap();
    fs::remove_dir_all(&made.path).unwrap();
    assert!(ground.git.knows(&one));
    let removed = ground.git.remove_worktree(&ground.url, &one).await.unwrap();
    let saved = removed.salvaged.unwrap();
    assert_eq!((removed.folder, saved.commit, saved.paths), (false, commit, 0));
    assert!(!ground.git.knows(&one));
}

#[tokio::test]
async fn git_salvages_nothing_twice_that_is_many_commits() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    let mut commits = Vec::new();
    for number in 0..40 {
        commits.push(work(&made.path, "a", &format!("{number}")));
        run(&made.path, &["reset", "-q", "--hard", made.base.as_str()]);
    }
    let saved = ground.git.salvage(&ground.url, &one).await.unwrap().unwrap();
    for commit in &commits {
        run(&ground.vault(), &["merge-base", "--is-ancestor", commit.as_str(), &saved.reference]);
    }
    let again = ground.git.salvage(&ground.url, &one).await.unwrap().unwrap();
    assert_eq!((&again.commit, again.unpushed), (&saved.commit, true));
    assert_eq!(tip(&ground.vault(), &saved.reference), Some(saved.commit));
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
    let removed = ground.git.remove_worktree(&ground.url, &one).await.unwrap();
    assert!(removed.folder && !made.path.exists());
    assert_eq!(ground.file_at("refs/salvage/one/1", "cache/module"), b"m");
}

#[tokio::test]
async fn git_salvages_bytes_whatever_attributes_say() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    fs::write(made.path.join(".gitattributes"), "* text ident\n").unwrap();
    let files = [("read.me", "one\r\ntwo\r\n$Id: mine $\n"), ("new", "\r\n"), ("deep/new", "$Id: x $\r\n")];
    fs::create_dir(made.path.join("deep")).unwrap();
    for (path, text) in files {
        fs::write(made.path.join(path), text).unwrap();
    }
    // a file gives way to a folder, and a folder to a file
    fs::remove_file(made.path.join("d/f0")).unwrap();
    fs::create_dir(made.path.join("d/f0")).unwrap();
    fs::write(made.path.join("d/f0/in"), "a\r\n").unwrap();
    let saved = ground.git.remove_worktree(&ground.url, &one).await.unwrap().salvaged.unwrap();
    for (path, text) in files.into_iter().chain([("d/f0/in", "a\r\n")]) {
        assert_eq!(ground.file_at(&saved.reference, path), text.as_bytes(), "{path}");
    }
}

#[tokio::test]
async fn git_salvages_a_link_in_a_submodules_place_and_not_what_it_leads_to() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    let far = ground.origin.with_file_name("far");
    fs::create_dir_all(far.join("inner")).unwrap();
    fs::write(far.join("inner/file"), "not of the worktree").unwrap();
    let link = format!("160000,{},s", "1".repeat(40));
    run(&made.path, &["update-index", "--add", "--cacheinfo", &link]);
    run(&made.path, &["commit", "-q", "-m", "a submodule"]);
    symlink(&far, made.path.join("s")).unwrap();
    let saved = ground.git.salvage(&ground.url, &one).await.unwrap().unwrap();
    let names = run(&ground.vault(), &["ls-tree", "-r", &saved.reference]);
    let there = names.lines().find(|line| line.ends_with("\ts")).expect(&names);
    assert!(there.starts_with("120000 blob") && !names.contains("inner"), "{names}");
}
