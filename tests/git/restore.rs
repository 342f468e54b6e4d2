//! What was salvaged is looked at, given back and let go of.

use std::fs;
use std::os::unix::fs::FileExt;
use std::path::Path;

use sprintgate::domain::commit::CommitId;
use sprintgate::git::{Dropped, GitError, Place, RestoreAsk, Restored, Salvaged, SentSalvage};

use super::ground::{Ground, command, place, run, tip, work};

/// An attempt with a commit and files that were never committed, removed.
async fn salvaged(ground: &Ground, at: &Place) -> (CommitId, Salvaged) {
    let made = ground.make(at, "feat/x").await.unwrap();
    let commit = work(&made.path, "committed", "c\n");
    fs::write(made.path.join("read.me"), "changed\n").unwrap();
    fs::write(made.path.join("new\u{1b}[31m"), "n\n").unwrap();
    fs::remove_file(made.path.join("d/f1")).unwrap();
    // what a checkout elsewhere would run
    fs::write(made.path.join(".gitattributes"), "* filter=evil diff=evil\n").unwrap();
    run(&made.path, &["config", "filter.evil.smudge", "touch ../ran"]);
    let kept = ground.git.remove_worktree(&ground.url, at).await.unwrap().salvaged.unwrap();
    (commit, kept)
}

async fn restore(ground: &Ground, at: &Place, commit: &CommitId, into: &Path) -> Result<Restored, GitError> {
    ground.git.restore(RestoreAsk { url: &ground.url, place: at, commit, into }).await
}

#[tokio::test]
async fn git_gives_back_what_was_salvaged_as_a_repository() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    let (commit, kept) = salvaged(&ground, &one).await;
    let contents = ground.git.contents(&ground.url, &kept.commit).await.unwrap();
    let files: Vec<_> = contents.files.iter().map(|file| (file.path.as_str(), file.change)).collect();
    assert_eq!(
        files,
        [
            (".gitattributes", "added"),
            ("d/f1", "deleted"),
            ("new\u{1b}[31m", "added"),
            ("read.me", "changed")
        ]
    );
    let commits: Vec<_> =
        contents.commits.iter().map(|one| (&one.commit, one.title.as_str(), one.author.as_str())).collect();
    assert_eq!((commits, contents.is_more), (vec![(&commit, "committed", "agent")], false));

    let into = ground.dir.path().join("back");
    // left over from one that was killed
    fs::create_dir(ground.dir.path().join(".sprintgate-restore-one-a1")).unwrap();
    fs::write(ground.dir.path().join(".sprintgate-restore-one-a1/half"), "h").unwrap();
    let restored = restore(&ground, &one, &kept.commit, &into).await.unwrap();
    assert_eq!(
        (restored.folder.as_path(), restored.branch.as_str()),
        (into.canonicalize().unwrap().as_path(), "salvage/one-a1")
    );
    assert_eq!(fs::read(into.join("read.me")).unwrap(), b"changed\n");
    assert_eq!(fs::read(into.join("committed")).unwrap(), b"c\n");
    assert!(!into.join("d/f1").exists() && into.join("d/f0").exists());
    // it stands on its own, and runs nothing
    let vaults = ground.git.settings().vault_root.clone();
    fs::rename(&vaults, vaults.with_extension("away")).unwrap();
    run(&into, &["fsck", "--strict", "--no-progress"]);
    assert_eq!(run(&into, &["status", "--porcelain", "--branch"]), "## salvage/one-a1");
    assert_eq!(run(&into, &["remote", "get-url", "origin"]), ground.url.as_str());
    assert_eq!(run(&into, &["rev-parse", "HEAD^"]), commit.as_str());
    run(&into, &["push", "-q", "origin", "HEAD:refs/heads/again"]);
    assert_eq!(ground.at_origin("again"), Some(kept.commit));
    let names: Vec<String> = fs::read_dir(ground.dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(!names.iter().any(|name| name == "ran" || name.starts_with('.')), "{names:?}");
    let left: Vec<_> =
        fs::read_dir(into.join(".git")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("salvaged")), "{left:?}");
}

#[tokio::test]
async fn git_gives_back_only_into_a_folder_that_has_nothing() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    let (_, kept) = salvaged(&ground, &one).await;
    let root = ground.dir.path().canonicalize().unwrap();
    let why = async |into: &Path| match restore(&ground, &one, &kept.commit, into).await {
        Err(GitError::BadTarget { why, .. }) => why,
        other => panic!("{other:?}"),
    };
    let full = root.join("full");
    fs::create_dir(&full).unwrap();
    fs::write(full.join("mine"), "m").unwrap();
    assert_eq!(why(&full).await, "it is not empty");
    assert_eq!(why(&full.join("mine")).await, "it is not a folder");
    let (empty, link) = (root.join("empty"), root.join("link"));
    fs::create_dir(&empty).unwrap();
    std::os::unix::fs::symlink(&empty, &link).unwrap();
    assert_eq!(why(&link).await, "it is not a folder");
    let settings = ground.git.settings();
    for inside in [settings.worktree_root.join("two-a1"), settings.vault_root.join("x")] {
        assert_eq!(why(&inside).await, "it is in a folder of the server");
        assert!(!inside.exists());
    }
    let nowhere = restore(&ground, &one, &kept.commit, &root.join("no/such/folder")).await.unwrap_err();
    assert!(matches!(nowhere, GitError::Io { .. }), "{nowhere}");
    let unknown = CommitId::new("1".repeat(40)).unwrap();
    let error = restore(&ground, &one, &unknown, &empty).await.unwrap_err();
    assert!(matches!(error, GitError::NotInVault { .. }), "{error}");
    assert_eq!(fs::read_dir(&empty).unwrap().count(), 0);
    restore(&ground, &one, &kept.commit, &empty).await.unwrap();
    assert_eq!(
        (fs::read(full.join("mine")).unwrap(), fs::read(empty.join("read.me")).unwrap()),
        (b"m".to_vec(), b"changed\n".to_vec())
    );
    assert_eq!(why(&empty).await, "it is not empty");
}

#[tokio::test]
async fn git_gives_back_what_was_too_large_for_a_commit() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    // nearly all of it a hole
    let large = fs::File::create(made.path.join("large")).unwrap();
    large.set_len(101 * 1024 * 1024).unwrap();
    large.write_at(b"deep down", 77 * 1024 * 1024).unwrap();
    // another attempt's, by a text that is like ours
    let other = ground.vault().join("large/two-a1");
    fs::create_dir_all(&other).unwrap();
    fs::write(other.join("1".repeat(40)), "secret").unwrap();
    let text = "sprintgate: this file is too large for a commit\npath x\nbytes 6\nwritten 0.000000000\n";
    for folder in ["two-a1", "one-a1"] {
        let kept = format!("kept as large/{folder}/{} of the vault\n", "1".repeat(40));
        fs::write(made.path.join(format!("like-{folder}")), format!("{text}{kept}")).unwrap();
    }
    let kept = ground.git.remove_worktree(&ground.url, &one).await.unwrap().salvaged.unwrap();
    let into = ground.dir.path().join("back");
    restore(&ground, &one, &kept.commit, &into).await.unwrap();
    let back = fs::File::open(into.join("large")).unwrap();
    let mut bytes = [0; 9];
    back.read_exact_at(&mut bytes, 77 * 1024 * 1024).unwrap();
    assert_eq!((back.metadata().unwrap().len(), &bytes), (101 * 1024 * 1024, b"deep down"));
    for folder in ["two-a1", "one-a1"] {
        assert!(fs::read_to_string(into.join(format!("like-{folder}"))).unwrap().starts_with(text));
    }
}

#[tokio::test]
async fn git_lets_go_of_what_was_salvaged_and_of_nothing_newer() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    let (_, kept) = salvaged(&ground, &one).await;
    let has = |commit: &CommitId| ground.git.has_salvage(&ground.url, &one, commit).unwrap();
    assert!(has(&kept.commit));
    let more = ground.make(&one, "feat/x").await.unwrap();
    fs::write(more.path.join("more"), "m").unwrap();
    let newer = ground.git.remove_worktree(&ground.url, &one).await.unwrap().salvaged.unwrap();
    assert!(has(&kept.commit) && has(&newer.commit));
    let drop = async |commit: &CommitId| ground.git.drop_salvage(&ground.url, &one, commit).await.unwrap();
    let files =
        ["large/one-a1/x", "unreadable/one-a1/x", "large/two-a1/x"].map(|file| ground.vault().join(file));
    for file in &files {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, "x").unwrap();
    }
    assert_eq!(drop(&kept.commit).await, Dropped::Newer { found: newer.commit.clone() });
    assert!(files.iter().all(|file| file.exists()));
    // a lock of a process that died does not stop it
    fs::write(ground.vault().join("refs/salvage/one/1.lock"), "").unwrap();
    assert_eq!(drop(&newer.commit).await, Dropped::Dropped);
    assert_eq!(tip(&ground.vault(), "refs/salvage/one/1"), None);
    assert_eq!(drop(&newer.commit).await, Dropped::Gone);
    assert!(!has(&newer.commit));
    // the commit itself is in the vault as long as that is: cells borrow its objects
    assert!(command(&ground.vault(), &["cat-file", "-e", newer.commit.as_str()]).status().unwrap().success());
    for (beside, is_there) in files.iter().zip([false, false, true]) {
        assert_eq!(beside.exists(), is_there, "{}", beside.display());
    }
    let elsewhere = sprintgate::domain::remote::RemoteUrl::new("/no/such/repository.git").unwrap();
    assert_eq!(ground.git.drop_salvage(&elsewhere, &one, &newer.commit).await.unwrap(), Dropped::Gone);
    assert!(!ground.git.vault_of(&elsewhere).exists());
}

#[tokio::test]
async fn git_sends_what_was_salvaged_and_nothing_over_what_is_not_its_own() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    let (_, kept) = salvaged(&ground, &one).await;
    let send = async |commit: &CommitId| ground.git.send_salvage(&ground.url, &one, commit).await.unwrap();
    let there = || tip(&ground.origin, "refs/salvage/one/1");
    assert_eq!(send(&kept.commit).await, SentSalvage::Sent);
    assert_eq!(there(), Some(kept.commit.clone()));
    assert_eq!(send(&kept.commit).await, SentSalvage::AlreadyThere);
    let more = ground.make(&one, "feat/x").await.unwrap();
    fs::write(more.path.join("more"), "m").unwrap();
    let newer = ground.git.remove_worktree(&ground.url, &one).await.unwrap().salvaged.unwrap();
    assert_eq!(send(&kept.commit).await, SentSalvage::Gone, "what stands there now is sent by itself");
    assert_eq!(send(&newer.commit).await, SentSalvage::Sent, "it has the first behind it");
    assert_eq!(there(), Some(newer.commit.clone()));
    run(&ground.origin, &["update-ref", "refs/salvage/one/1", "refs/heads/trunk"]);
    assert_eq!(send(&newer.commit).await, SentSalvage::Sent, "the attempt began there");
    let foreign = run(&ground.origin, &["commit-tree", "-m", "theirs", "refs/heads/trunk^{tree}"]);
    let foreign = CommitId::new(foreign.trim()).unwrap();
    run(&ground.origin, &["update-ref", "refs/salvage/one/1", foreign.as_str()]);
    assert_eq!(send(&newer.commit).await, SentSalvage::Foreign { found: foreign.clone() });
    assert_eq!(there(), Some(foreign));
    fs::rename(&ground.origin, ground.dir.path().join("away")).unwrap();
    assert!(matches!(send(&newer.commit).await, SentSalvage::Failed(_)));
}

#[tokio::test]
async fn git_sends_nothing_that_was_taken_back_or_excluded_and_keeps_it() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    let path = made.path.as_path();
    let blob = |text: &str| {
        fs::write(ground.dir.path().join("text"), text).unwrap();
        run(&ground.vault(), &["hash-object", ground.dir.path().join("text").to_str().unwrap()])
    };
    // amended away, on another branch, stashed, and dropped from the stash
    fs::write(path.join("a"), "work\n").unwrap();
    let amended = work(path, "key", "amended");
    fs::remove_file(path.join("key")).unwrap();
    run(path, &["add", "-A"]);
    run(path, &["commit", "-q", "--amend", "-m", "work"]);
    let head = super::ground::head(path);
    run(path, &["checkout", "-q", "-b", "aside"]);
    let aside = work(path, "b", "aside");
    run(path, &["checkout", "-q", "feat/x"]);
    fs::write(path.join("read.me"), "stashed").unwrap();
    run(path, &["stash", "-q"]);
    // excluded by the worktree alone, by a folder's name too
    fs::write(path.join(".git/info/exclude"), "# mine\n.env\n/tools/\n").unwrap();
    fs::create_dir_all(path.join("tools/deep")).unwrap();
    for (file, text) in [(".env", "env"), ("tools/deep/token", "token"), ("d/.env", "inner"), ("new", "new")]
    {
        fs::write(path.join(file), text).unwrap();
    }
    let kept = ground.git.salvage(&ground.url, &one).await.unwrap().unwrap();
    assert_eq!(ground.git.send_salvage(&ground.url, &one, &kept.commit).await.unwrap(), SentSalvage::Sent);
    let there = || tip(&ground.origin, "refs/salvage/one/1").unwrap();
    let files =
        |commit: &CommitId| run(&ground.origin, &["diff", "--name-only", head.as_str(), commit.as_str()]);
    assert_eq!(files(&there()), "new");
    assert_eq!(run(&ground.origin, &["rev-parse", &format!("{}^@", there())]), head.as_str());
    let withheld = ["amended", "aside", "stashed", "env", "token", "inner"].map(blob);
    let is_in = |repo: &Path, id: &str| command(repo, &["cat-file", "-e", id]).status().unwrap().success();
    for id in withheld.iter().map(String::as_str).chain([amended.as_str(), aside.as_str()]) {
        assert!(!is_in(&ground.origin, id), "{id} was sent");
    }
    let all = run(&ground.vault(), &["rev-list", "--objects", "refs/salvage/one/1"]);
    assert!(withheld.iter().all(|id| all.contains(id)) && all.contains(amended.as_str()), "{all}");

    // what is amended away between two looks gives way at the remote as well
    fs::write(path.join("a"), "other work\n").unwrap();
    run(path, &["commit", "-q", "-a", "--amend", "-m", "other work"]);
    let later = ground.git.remove_worktree(&ground.url, &one).await.unwrap().salvaged.unwrap();
    assert_eq!(ground.git.send_salvage(&ground.url, &one, &later.commit).await.unwrap(), SentSalvage::Sent);
    let all = run(&ground.origin, &["rev-list", "refs/salvage/one/1", "--not", "--branches"]);
    assert!(!all.contains(head.as_str()) && all.lines().count() == 2, "{all}");

    // where the rules cannot be read, no new file is sent; nor is anything where nothing is left
    let two = place("two", 1);
    let made = ground.make(&two, "feat/y").await.unwrap();
    fs::remove_dir_all(made.path.join(".git/info")).unwrap();
    std::os::unix::fs::symlink("/nowhere", made.path.join(".git/info")).unwrap();
    fs::write(made.path.join(".env"), "env").unwrap();
    let kept = ground.git.remove_worktree(&ground.url, &two).await.unwrap().salvaged.unwrap();
    assert_eq!(ground.file_at("refs/salvage/two/1", ".env"), b"env");
    assert_eq!(
        ground.git.send_salvage(&ground.url, &two, &kept.commit).await.unwrap(),
        SentSalvage::Withheld
    );
    assert_eq!(tip(&ground.origin, "refs/salvage/two/1"), None);
    // a mark of the order of bytes is part of no rule, and what no rule can have keeps nothing from being salvaged
    for (job, rules, sent) in [("three", &b"\xef\xbb\xbf.env\n"[..], true), ("four", b".env\na\0b\n", false)]
    {
        let at = place(job, 1);
        let made = ground.make(&at, &format!("feat/{job}")).await.unwrap();
        fs::write(made.path.join(".git/info/exclude"), rules).unwrap();
        fs::write(made.path.join(".env"), "env").unwrap();
        fs::write(made.path.join("new"), "new").unwrap();
        let kept = ground.git.remove_worktree(&ground.url, &at).await.unwrap().salvaged.unwrap();
        assert_eq!(ground.file_at(&format!("refs/salvage/{job}/1"), ".env"), b"env");
        let answer = ground.git.send_salvage(&ground.url, &at, &kept.commit).await.unwrap();
        assert_eq!(answer, if sent { SentSalvage::Sent } else { SentSalvage::Withheld });
        if sent {
            let files =
                run(&ground.origin, &["ls-tree", "-r", "--name-only", &format!("refs/salvage/{job}/1")]);
            assert!(files.contains("new") && !files.contains(".env"), "{files}");
        }
        ground.git.drop_salvage(&ground.url, &at, &kept.commit).await.unwrap();
    }
    // what is let go of leaves no name behind
    ground.git.drop_salvage(&ground.url, &one, &later.commit).await.unwrap();
    ground.git.drop_salvage(&ground.url, &two, &kept.commit).await.unwrap();
    assert_eq!(run(&ground.vault(), &["for-each-ref", "refs/outgoing", "refs/salvage"]), "");
}
