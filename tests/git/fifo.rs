//! Files that never end: whoever opens one for reading waits for ever, and the server must not.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use sprintgate::git::{Git, GitError};
use tokio::time::timeout;

use super::ground::{Ground, place, run, work};

const SOON: Duration = Duration::from_secs(10);
/// `O_NONBLOCK`, so that opening for writing does not wait for a reader either.
const NOW: i32 = 0o4000;

fn fifo(path: &Path) -> PathBuf {
    let _ = fs::remove_file(path);
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    path.to_owned()
}

/// Lets go whoever waits at the other end, so that a failed test ends.
fn release(path: &Path) {
    let _ = OpenOptions::new().write(true).custom_flags(NOW).open(path);
}

#[tokio::test]
async fn git_waits_for_no_pipe_in_a_worktree() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    work(&made.path, "a", "1");
    fs::create_dir(made.path.join("deep")).unwrap();
    fs::write(made.path.join("deep/kept"), "kept").unwrap();
    // a pipe in place of a tracked file is a change like any other
    let tracked = fifo(&made.path.join("read.me"));
    let look = timeout(SOON, ground.git.look(&ground.url, &one)).await;
    release(&tracked);
    let dirty = look.expect("look at read.me").unwrap().dirty;
    assert!(dirty.contains(&"read.me".to_owned()), "{dirty:?}");
    // one that says which files matter is refused
    let names = [".gitignore", ".gitattributes", "deep/.gitignore", "deep/.gitattributes"];
    for name in names {
        let before = fs::read(made.path.join(name)).ok();
        let pipe = fifo(&made.path.join(name));
        let look = timeout(SOON, ground.git.look(&ground.url, &one)).await;
        release(&pipe);
        let refused = look.expect(name).unwrap_err();
        assert!(matches!(refused, GitError::Pipe { .. }), "{name}: {refused}");
        fs::remove_file(&pipe).unwrap();
        if let Some(before) = before {
            fs::write(&pipe, before).unwrap();
        }
    }
    // nothing of them keeps the work from being kept and the folder from going
    let mut pipes: Vec<_> = names.iter().map(|name| fifo(&made.path.join(name))).collect();
    pipes.push(fifo(&made.path.join(".git/index")));
    let removed = timeout(SOON, ground.git.remove_worktree(&ground.url, &one)).await;
    pipes.iter().for_each(|pipe| release(pipe));
    let removed = removed.expect("remove").unwrap();
    assert_eq!(ground.file_at(&removed.salvaged.unwrap().reference, "deep/kept"), b"kept");
    assert!(!made.path.exists());
}

#[tokio::test]
async fn git_waits_for_no_pipe_in_a_cell() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    let head = work(&made.path, "a", "1");
    let git = made.path.join(".git");
    let object = format!("objects/{}/{}", &head.as_str()[..2], &head.as_str()[2..]);
    // without these it cannot be told where the attempt stands, or what it made
    let needed = ["HEAD", "refs/heads/feat/x", object.as_str()];
    let rest = [
        "config",
        "config.worktree",
        "packed-refs",
        "index",
        "shallow",
        "commondir",
        "info/exclude",
        "info/attributes",
        "objects/info/alternates",
        "objects/pack/pack-0123456789012345678901234567890123456789.pack",
        "objects/pack/pack-0123456789012345678901234567890123456789.idx",
        "objects/pack/multi-pack-index",
        "objects/info/commit-graph",
    ];
    for name in needed.into_iter().chain(rest) {
        let path = git.join(name);
        let before = fs::read(&path).ok();
        let pipe = fifo(&path);
        let look = timeout(SOON, ground.git.look(&ground.url, &one)).await;
        release(&pipe);
        fs::remove_file(&pipe).unwrap();
        if let Some(before) = before {
            fs::write(&pipe, before).unwrap();
        }
        let look = look.unwrap_or_else(|_| panic!("waited at {name}"));
        assert_eq!(look.is_ok(), !needed.contains(&name), "{name}: {look:?}");
        // what was taken once is known from then on
        run(&ground.vault(), &["update-ref", "-d", "refs/jobs/one/1"]);
        let taken = ground.vault().join(&object);
        if taken.exists() {
            fs::remove_file(taken).unwrap();
        }
    }
    let pipes: Vec<_> = needed.into_iter().chain(rest).map(|name| fifo(&git.join(name))).collect();
    let removed = timeout(SOON, ground.git.remove_worktree(&ground.url, &one)).await;
    pipes.iter().for_each(|pipe| release(pipe));
    let kept = removed.expect("remove").unwrap().salvaged.unwrap();
    assert_eq!(ground.file_at(&kept.reference, "a"), b"1");
}

#[tokio::test]
async fn git_waits_for_no_pipe_that_a_persons_settings_include() {
    let ground = Ground::new(1);
    let mut settings = ground.git.settings().clone();
    // only what hangs for ever is waited for a short while
    settings.timeout = Duration::from_millis(50);
    let hurried = Git::new(settings).unwrap();
    let pipe = fifo(&ground.dir.path().join("pipe"));
    let config = ground.clone.join(".git/config");
    let sound = fs::read_to_string(&config).unwrap();
    fs::write(&config, format!("{sound}[include]\n\tpath = {}\n", pipe.display())).unwrap();
    for url in [None, Some(&ground.url)] {
        let looked = timeout(Duration::from_secs(60), hurried.has_clone(&ground.clone, url)).await;
        if looked.is_err() {
            release(&pipe);
        }
        let endless = looked.expect("look for a clone").unwrap_err();
        assert!(matches!(endless, GitError::Endless { .. }), "{endless}");
    }
    fs::write(&config, sound).unwrap();
    release(&pipe);
    assert!(ground.git.has_clone(&ground.clone, None).await.unwrap());
    assert!(ground.git.has_clone(&ground.clone, Some(&ground.url)).await.unwrap());
    assert!(!ground.git.has_clone(&ground.origin, None).await.unwrap());
}
