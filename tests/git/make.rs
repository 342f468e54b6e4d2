//! Making, looking at and removing worktrees.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sprintgate::domain::remote::RemoteUrl;
use sprintgate::git::{ErrorClass, Found, Git, GitError, Oddity, Published, is_clone, is_clone_of};

use super::ground::{Ground, head, place, run, tip, work};

#[tokio::test]
async fn git_makes_works_publishes_and_removes() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    assert_eq!(made.path, ground.git.path_of(&one));
    assert_eq!((made.published.clone(), made.reused), (None, false));
    assert_eq!(Some(&made.base), ground.at_origin("trunk").as_ref());
    assert_eq!(run(&made.path, &["status", "--porcelain"]), "");
    assert_eq!(run(&made.path, &["rev-parse", "--abbrev-ref", "HEAD"]), "feat/x");
    assert_eq!(fs::read_to_string(made.path.join("read.me")).unwrap(), "hello\n");

    let look = ground.git.look(&ground.url, &one).await.unwrap();
    assert_eq!((look.head, look.branch.as_deref(), look.dirty.len()), (made.base.clone(), Some("feat/x"), 0));
    fs::write(made.path.join("new"), "x").unwrap();
    fs::write(made.path.join("ignored"), "x").unwrap();
    fs::write(made.path.join("read.me"), "changed").unwrap();
    fs::remove_file(made.path.join("d/f0")).unwrap();
    let look = ground.git.look(&ground.url, &one).await.unwrap();
    assert_eq!(look.dirty, ["d/f0", "new", "read.me"]);

    let tip = work(&made.path, "new", "y");
    assert_eq!(ground.publish(&one, &made).await, Published::Pushed { head: tip.clone(), was: None });
    assert_eq!(ground.at_origin("feat/x"), Some(tip));
    let removed = ground.git.remove_worktree(&ground.url, &one).await.unwrap();
    assert_eq!((removed.folder, removed.salvaged), (true, None));
    assert!(!made.path.exists());
    let again = ground.git.remove_worktree(&ground.url, &one).await.unwrap();
    assert_eq!((again.folder, again.salvaged), (false, None));
    let places = ground.git.settings().vault_root.join("places");
    assert_eq!(fs::read_dir(places).unwrap().count(), 0, "nothing of the place is remembered");
}

#[tokio::test]
async fn git_starts_the_next_job_from_the_published_tip() {
    let ground = Ground::new(1);
    let (one, two) = (place("one", 1), place("two", 1));
    let made = ground.make(&one, "feat/x").await.unwrap();
    let tip = work(&made.path, "a", "1");
    ground.publish(&one, &made).await;
    // the first worktree is still there, and does not stand in the way
    let next = ground.make(&two, "feat/x").await.unwrap();
    assert_eq!((next.base.clone(), next.published.clone()), (tip.clone(), Some(tip.clone())));
    assert_eq!(head(&made.path), tip);
    assert_eq!(fs::read_to_string(next.path.join("a")).unwrap(), "1");
    let second = work(&next.path, "b", "2");
    assert_eq!(ground.publish(&two, &next).await, Published::Pushed { head: second, was: Some(tip) });
}

#[tokio::test]
async fn git_sees_what_people_pushed_since() {
    let ground = Ground::new(1);
    ground.make(&place("one", 1), "feat/x").await.unwrap();
    let seed = ground.clone.with_file_name("seed");
    let newer = work(&seed, "later", "x");
    run(&seed, &["push", "-q", ground.url.as_str(), "trunk", "trunk:other"]);
    let made = ground.make(&place("two", 1), "feat/y").await.unwrap();
    assert_eq!(made.base, newer);
    for repo in [&ground.vault(), &made.path] {
        assert_eq!(tip(repo, "refs/remotes/origin/other"), Some(newer.clone()));
    }
    assert_eq!(run(&made.path, &["rev-parse", "origin/HEAD"]), newer.as_str());
    run(&seed, &["push", "-q", ground.url.as_str(), ":other"]);
    let made = ground.make(&place("three", 1), "feat/z").await.unwrap();
    for repo in [&ground.vault(), &made.path] {
        assert_eq!(tip(repo, "refs/remotes/origin/other"), None);
    }
}

#[tokio::test]
async fn git_keeps_a_worktree_that_is_already_made() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let first = ground.make(&one, "feat/x").await.unwrap();
    fs::write(first.path.join("ignored"), "a cache").unwrap();
    let second = ground.make(&one, "feat/x").await.unwrap();
    assert!(second.reused && second.path.join("ignored").exists());
    fs::write(first.path.join("mine"), "work").unwrap();
    let third = ground.make(&one, "feat/x").await.unwrap();
    assert!(!third.reused && !third.path.join("mine").exists());
    assert_eq!(ground.file_at("refs/salvage/one/1", "mine"), b"work");
}

/// Every file below a folder, with its bytes and when it was written.
fn everything(folder: &Path) -> Vec<(PathBuf, Vec<u8>, SystemTime)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let meta = path.symlink_metadata().unwrap();
        if meta.is_dir() {
            found.extend(everything(&path));
        } else {
            found.push((path.clone(), fs::read(&path).unwrap(), meta.modified().unwrap()));
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn git_neither_needs_nor_writes_anything_of_a_persons_clone() {
    let ground = Ground::new(1);
    run(&ground.clone, &["checkout", "-q", "-b", "feat/x"]);
    let theirs = work(&ground.clone, "a", "person's");
    fs::write(ground.clone.join("b"), "not committed").unwrap();
    let mine = ground.clone.with_file_name("mine");
    run(&ground.clone, &["worktree", "add", "-q", "-b", "feat/y", mine.to_str().unwrap()]);
    let before = everything(&ground.clone);
    let (one, two) = (place("one", 1), place("two", 1));
    let made = ground.make(&one, "feat/x").await.unwrap();
    assert_ne!(made.base, theirs);
    work(&made.path, "a", "agent's");
    assert!(matches!(ground.publish(&one, &made).await, Published::Pushed { .. }));
    let other = ground.make(&two, "feat/y").await.unwrap();
    work(&other.path, "c", "never pushed");
    fs::write(other.path.join("e"), "never committed").unwrap();
    for place in [&one, &two] {
        ground.git.remove_worktree(&ground.url, place).await.unwrap();
    }
    assert_eq!(everything(&ground.clone), before);
}

#[tokio::test]
async fn git_refuses_the_default_branch_and_an_empty_remote() {
    let ground = Ground::new(1);
    let error = ground.make(&place("one", 1), "trunk").await.unwrap_err();
    assert!(matches!(error, GitError::DefaultBranch { .. }), "{error}");
    run(&ground.origin, &["update-ref", "-d", "refs/heads/trunk"]);
    let error = ground.make(&place("one", 1), "feat/x").await.unwrap_err();
    assert_eq!(error.class(), ErrorClass::Missing, "{error}");
    fs::remove_dir_all(&ground.origin).unwrap();
    let error = ground.make(&place("one", 1), "feat/x").await.unwrap_err();
    assert_eq!(error.class(), ErrorClass::Missing, "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn git_makes_four_worktrees_at_once() {
    let ground = Ground::new(20);
    let places: Vec<_> = (1..=4).map(|n| place(&format!("job{n}"), 1)).collect();
    let (a, b, c, d) = tokio::join!(
        ground.make(&places[0], "feat/1"),
        ground.make(&places[1], "feat/2"),
        ground.make(&places[2], "feat/3"),
        ground.make(&places[3], "feat/4"),
    );
    for made in [a, b, c, d] {
        assert_eq!(run(&made.unwrap().path, &["status", "--porcelain"]), "");
    }
    assert_eq!(ground.git.places().unwrap(), places.into_iter().map(Found::Ours).collect::<Vec<_>>());
}

#[tokio::test]
async fn git_leaves_nothing_of_a_making_that_failed() {
    let ground = Ground::new(20);
    let seed = ground.clone.with_file_name("seed");
    let sound = head(&seed);
    // a name that no file system takes, after some that it does
    let blob = run(&seed, &["rev-parse", "HEAD:read.me"]);
    run(&seed, &["update-index", "--add", "--cacheinfo", &format!("100644,{blob},{}", "x".repeat(300))]);
    run(&seed, &["commit", "-q", "-m", "long"]);
    run(&seed, &["push", "-q", ground.url.as_str(), "trunk"]);
    ground.make(&place("one", 1), "feat/x").await.unwrap_err();
    assert_eq!(ground.git.places().unwrap(), []);
    let places = ground.git.settings().vault_root.join("places");
    assert_eq!(fs::read_dir(&places).unwrap().count(), 0);
    run(&seed, &["push", "-q", "--force", ground.url.as_str(), &format!("{sound}:trunk")]);
    ground.make(&place("one", 1), "feat/x").await.unwrap();
}

#[tokio::test]
async fn git_lists_places_without_following_links() {
    let ground = Ground::new(1);
    let root = &ground.git.settings().worktree_root;
    fs::create_dir(root.join("stranger")).unwrap();
    fs::write(root.join("file-a1"), "").unwrap();
    std::os::unix::fs::symlink(&ground.clone, root.join("link-a1")).unwrap();
    ground.make(&place("one", 2), "feat/x").await.unwrap();
    let unknown = |name: &str, why| Found::Unknown { name: name.to_owned(), why };
    let found = ground.git.places().unwrap();
    assert_eq!(
        found,
        [
            Found::Ours(place("one", 2)),
            unknown("file-a1", Oddity::NotAFolder),
            unknown("link-a1", Oddity::Link),
            unknown("stranger", Oddity::Name),
        ]
    );
    // removing the place of a link removes the link and nothing behind it
    ground.git.remove_worktree(&ground.url, &place("link", 1)).await.unwrap();
    assert!(!root.join("link-a1").exists() && is_clone(&ground.clone));
}

#[test]
fn git_wants_sound_roots() {
    let ground = Ground::new(1);
    let with = |work: &str, vault: &str| {
        let mut settings = ground.git.settings().clone();
        settings.worktree_root = ground.dir.path().join(work);
        settings.vault_root = ground.dir.path().join(vault);
        Git::new(settings).map(drop)
    };
    assert!(with("a", "b").is_ok());
    assert!(matches!(with("a", "a/b"), Err(GitError::BadRoot { .. })));
    assert!(matches!(with("a/b", "a"), Err(GitError::BadRoot { .. })));
    let mut relative = ground.git.settings().clone();
    relative.vault_root = "vault".into();
    assert!(matches!(Git::new(relative), Err(GitError::BadRoot { .. })));
    assert!(is_clone(&ground.clone) && !is_clone(&ground.origin) && !is_clone(ground.dir.path()));
    assert!(!is_clone(&ground.clone.join("d")));
}

#[tokio::test]
async fn git_looks_at_a_detached_worktree() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    assert!(matches!(ground.git.look(&ground.url, &one).await, Err(GitError::NoWorktree { .. })));
    let made = ground.make(&one, "feat/x").await.unwrap();
    run(&made.path, &["checkout", "-q", "--detach"]);
    let tip = work(&made.path, "a", "1");
    let look = ground.git.look(&ground.url, &one).await.unwrap();
    assert_eq!((look.head, look.branch), (tip, None));
    assert_eq!(head(&made.path), ground.git.look(&ground.url, &one).await.unwrap().head);
}

#[test]
fn git_knows_a_clone_by_its_origin() {
    let ground = Ground::new(1);
    let is = |url: &str| is_clone_of(&ground.clone, &RemoteUrl::new(url).unwrap());
    let url = ground.url.as_str().trim_end_matches(".git").to_owned();
    assert!(is(ground.url.as_str()) && is(&url) && is(&format!("{url}.git")), "{url}");
    assert!(!is(&format!("{url}-two.git")) && !is("https://example.org/origin.git"));
    assert!(!is_clone_of(&ground.origin, &ground.url) && !is_clone_of(ground.dir.path(), &ground.url));
    run(&ground.clone, &["remote", "set-url", "origin", "git@example.org:team/app.git"]);
    assert!(is("https://Example.org/team/app") && !is(ground.url.as_str()));
    run(&ground.clone, &["remote", "remove", "origin"]);
    assert!(!is("https://example.org/team/app"));
}

#[tokio::test]
async fn git_makes_no_vault_anew_that_has_work() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    work(&made.path, "a", "1");
    let kept = ground.git.remove_worktree(&ground.url, &one).await.unwrap().salvaged.unwrap();
    let mark = ground.vault().join("remote");
    let text = fs::read(&mark).unwrap();
    // as after the machine stopped before the file was on the disk, or before its name was
    for lost in [true, false] {
        if lost {
            fs::remove_file(&mark).unwrap();
        } else {
            fs::write(&mark, "").unwrap();
        }
        let refused = ground.make(&place("two", 1), "feat/y").await.unwrap_err();
        assert!(matches!(refused, GitError::Unmarked { .. }), "{refused}");
        ground.git.has_salvage(&ground.url, &one, &kept.commit).unwrap_err();
    }
    fs::write(&mark, text).unwrap();
    assert!(ground.git.has_salvage(&ground.url, &one, &kept.commit).unwrap());
    // one that nothing was ever fetched into is made again
    let other = ground.git.vault_of(&RemoteUrl::new(ground.clone.to_str().unwrap()).unwrap());
    fs::create_dir_all(other.join("refs/heads")).unwrap();
    fs::write(other.join("remote"), "").unwrap();
    ground.make_at(&RemoteUrl::new(ground.clone.to_str().unwrap()).unwrap()).await.unwrap();
}
