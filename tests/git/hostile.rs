//! A cell whose config, hooks, attributes and `.git` were written by an agent: no code of its runs, and nothing goes
//! anywhere else.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use sprintgate::git::{Found, GitError, Published};

use super::ground::{Ground, command, head, place, run, work};

struct Trap {
    marks: PathBuf,
    script: PathBuf,
    evil: PathBuf,
}

impl Trap {
    /// Poisons everything that an agent can reach in its cell.
    fn set(ground: &Ground, cell: &Path) -> Self {
        let root = ground.clone.parent().unwrap();
        let (marks, script, evil) = (root.join("marks"), root.join("script"), root.join("evil.git"));
        fs::create_dir(&marks).unwrap();
        fs::write(&script, format!("#!/bin/sh\ntouch {}/ran.$$\ncat\nexit 0\n", marks.display())).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
        run(root, &["init", "-q", "--bare", "-b", "trunk", "evil.git"]);
        let trap = Self { marks, script, evil };
        trap.poison(cell, ground.url.as_str());
        trap
    }

    fn poison(&self, repo: &Path, url: &str) {
        let script = self.script.to_str().unwrap();
        let hooks = repo.join(".git/hooks");
        fs::create_dir_all(&hooks).unwrap();
        for name in [
            "pre-push",
            "post-checkout",
            "reference-transaction",
            "pre-commit",
            "post-commit",
            "post-index-change",
            "pre-receive",
            "update",
            "post-receive",
            "post-update",
            "pre-auto-gc",
            "fsmonitor-watchman",
        ] {
            fs::copy(&self.script, hooks.join(name)).unwrap();
        }
        let evil = self.evil.to_str().unwrap();
        let ext = format!("ext::{script}");
        for (key, value) in [
            ("core.fsmonitor", script),
            ("core.hooksPath", hooks.to_str().unwrap()),
            ("core.sshCommand", script),
            ("core.askPass", script),
            ("core.pager", script),
            ("core.editor", script),
            ("core.gitProxy", script),
            ("core.alternateRefsCommand", script),
            ("credential.helper", script),
            ("diff.external", script),
            ("diff.x.textconv", script),
            ("diff.x.command", script),
            ("filter.f.smudge", script),
            ("filter.f.clean", script),
            ("filter.f.process", script),
            ("filter.f.required", "true"),
            ("uploadpack.packObjectsHook", script),
            ("gpg.program", script),
            ("protocol.ext.allow", "always"),
            ("remote.origin.url", &ext),
            ("remote.origin.pushurl", &ext),
            ("remote.origin.promisor", "true"),
            ("extensions.partialClone", "origin"),
        ] {
            run(repo, &["config", key, value]);
        }
        run(repo, &["config", &format!("url.{evil}.insteadOf"), url]);
        run(repo, &["config", &format!("url.{evil}.pushInsteadOf"), url]);
        run(repo, &["config", &format!("remote.{url}.uploadpack"), script]);
        run(repo, &["config", &format!("remote.{url}.receivepack"), script]);
        run(repo, &["config", &format!("remote.{url}.vcs"), "ext"]);
        fs::create_dir_all(repo.join(".git/info")).unwrap();
        fs::write(repo.join(".git/info/attributes"), "* diff=x filter=f\n").unwrap();
        self.disarm();
    }

    /// Forgets what setting the trap itself ran.
    fn disarm(&self) {
        for mark in fs::read_dir(&self.marks).unwrap() {
            fs::remove_file(mark.unwrap().path()).unwrap();
        }
    }

    fn was_quiet(&self, step: &str) {
        let ran = fs::read_dir(&self.marks).unwrap().count();
        assert_eq!(ran, 0, "{step}: code of the agent ran");
        let refs = run(&self.evil, &["for-each-ref"]);
        assert_eq!(refs, "", "{step}: something went to the wrong remote");
    }
}

#[tokio::test]
async fn git_runs_nothing_of_a_hostile_clone() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    fs::write(made.path.join(".gitattributes"), "* diff=x filter=f\n").unwrap();
    let tip = work(&made.path, "a", "1");
    let trap = Trap::set(&ground, &made.path);
    // the trap is real: git itself steps into it
    command(&made.path, &["status", "--porcelain"]).output().unwrap();
    assert!(fs::read_dir(&trap.marks).unwrap().count() > 0);
    trap.disarm();

    fs::write(made.path.join("read.me"), "touched").unwrap();
    let look = ground.git.look(&ground.url, &one).await.unwrap();
    assert_eq!((look.head, look.dirty), (tip.clone(), vec!["read.me".to_owned()]));
    trap.was_quiet("look");
    ground.git.take(&ground.url, &one, &tip).await.unwrap();
    trap.was_quiet("take");
    let count = |n: &mut usize, _: &[u8]| *n += 1;
    assert!(ground.git.diff(&ground.url, &made.base, &tip, 0, count).await.unwrap() > 4);
    trap.was_quiet("diff");
    assert_eq!(ground.push(&one, &made, &tip).await, Published::Pushed { head: tip.clone(), was: None });
    trap.was_quiet("publish");
    assert_eq!(ground.at_origin("feat/x"), Some(tip.clone()));
    let saved = ground.git.salvage(&ground.url, &one).await.unwrap().unwrap();
    trap.was_quiet("salvage");
    assert_eq!(ground.file_at(&saved.reference, "read.me"), b"touched");
    // the next attempt has nothing of it
    let next = ground.make(&place("two", 1), "feat/x").await.unwrap();
    trap.was_quiet("make");
    assert_eq!(next.base, tip);
    assert_eq!(fs::read_to_string(next.path.join("a")).unwrap(), "1");
    assert_eq!(fs::read_to_string(next.path.join("read.me")).unwrap(), "hello\n");
    for at in [&one, &place("two", 1)] {
        ground.git.remove_worktree(&ground.url, at).await.unwrap();
        trap.was_quiet("remove");
    }
    assert!(!made.path.exists() && !next.path.exists());
}

#[tokio::test]
async fn git_believes_no_replaced_git_folder() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    let tip = work(&made.path, "a", "1");
    let trap = Trap::set(&ground, &made.path);
    let root = ground.clone.parent().unwrap();
    let evil = root.join("evilrepo");
    run(root, &["clone", "-q", ground.url.as_str(), "evilrepo"]);
    trap.poison(&evil, "/nowhere");
    let file = made.path.join(".git");
    let away = root.join("away");
    fs::rename(&file, &away).unwrap();
    let cases: Vec<Box<dyn Fn()>> = vec![
        Box::new(|| fs::write(&file, format!("gitdir: {}/.git\n", evil.display())).unwrap()),
        Box::new(|| fs::write(&file, format!("gitdir: {}\n", away.display())).unwrap()),
        Box::new(|| fs::write(&file, "gitdir: .git\n").unwrap()),
        Box::new(|| fs::write(&file, "x".repeat(5000)).unwrap()),
        Box::new(|| symlink(evil.join(".git"), &file).unwrap()),
        Box::new(|| symlink(&away, &file).unwrap()),
        Box::new(|| symlink(&file, &file).unwrap()),
        Box::new(|| {
            run(&made.path, &["init", "-q", "--template=", "."]);
        }),
        Box::new(|| {
            assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success());
        }),
        Box::new(|| fs::create_dir(&file).unwrap()),
        Box::new(|| {}),
    ];
    for (round, case) in cases.iter().enumerate() {
        let _ = fs::remove_file(&file);
        let _ = fs::remove_dir_all(&file);
        case();
        let error = ground.git.look(&ground.url, &one).await.unwrap_err();
        assert!(matches!(error, GitError::TamperedWorktree { .. }), "case {round}: {error}");
        trap.was_quiet("look");
    }
    // where it stands may be said in any way that leads nowhere else
    let _ = fs::remove_dir_all(&file);
    fs::rename(&away, &file).unwrap();
    let elsewhere = evil.join(".git/HEAD").display().to_string();
    for text in
        ["ref: ../../evilrepo/.git/HEAD", &format!("ref: {elsewhere}"), "ref: refs/heads/none", "", "rubbish"]
    {
        fs::write(file.join("HEAD"), text).unwrap();
        let error = ground.git.look(&ground.url, &one).await.unwrap_err();
        assert!(matches!(error, GitError::TamperedWorktree { .. }), "{text}: {error}");
        trap.was_quiet("look");
    }
    // even so the work is kept, from the folder and by what lies in it
    fs::write(made.path.join("b"), "2").unwrap();
    let removed = ground.git.remove_worktree(&ground.url, &one).await.unwrap();
    trap.was_quiet("remove");
    let saved = removed.salvaged.unwrap();
    assert_eq!(ground.file_at(&saved.reference, "b"), b"2");
    run(&ground.vault(), &["merge-base", "--is-ancestor", tip.as_str(), &saved.reference]);
    assert!(!made.path.exists() && evil.join("read.me").exists());
}

#[tokio::test]
async fn git_reads_no_config_of_cells_and_follows_no_folder_link() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    let trap = Trap::set(&ground, &made.path);
    let outside = ground.clone.parent().unwrap().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("precious"), "p").unwrap();
    run(&made.path, &["config", "extensions.worktreeConfig", "true"]);
    run(&made.path, &["config", "core.worktree", outside.to_str().unwrap()]);
    let script = trap.script.to_str().unwrap();
    let own = made.path.join(".git/config.worktree");
    fs::write(own, format!("[core]\nbare = true\nfsmonitor = {script}\nworktree = {}\n", outside.display()))
        .unwrap();
    trap.disarm();
    let look = ground.git.look(&ground.url, &one).await.unwrap();
    assert_eq!((look.head, look.dirty.len()), (made.base.clone(), 0));
    symlink(&outside, made.path.join("out")).unwrap();
    let moved = made.path.with_file_name("moved");
    fs::rename(&made.path, &moved).unwrap();
    symlink(&outside, &made.path).unwrap();
    let error = ground.git.look(&ground.url, &one).await.unwrap_err();
    assert!(matches!(error, GitError::TamperedWorktree { .. }), "{error}");
    ground.git.remove_worktree(&ground.url, &one).await.unwrap();
    fs::rename(&moved, &made.path).unwrap();
    let removed = ground.git.remove_worktree(&ground.url, &one).await.unwrap();
    assert!(removed.folder && outside.join("precious").exists());
    trap.was_quiet("remove");
}

#[tokio::test]
async fn git_fetches_no_submodule_and_runs_no_filter_from_the_remote() {
    let ground = Ground::new(1);
    let zero = ground.make(&place("zero", 1), "feat/zero").await.unwrap();
    let trap = Trap::set(&ground, &zero.path);
    let seed = ground.clone.with_file_name("seed");
    let inner = ground.clone.with_file_name("inner");
    run(ground.clone.parent().unwrap(), &["init", "-q", "inner"]);
    let commit = work(&inner, "x", "x");
    let module = |name: &str, url: &str, more: &str| {
        format!("[submodule \"{name}\"]\n\tpath = sub\n\turl = {url}\n{more}")
    };
    fs::write(seed.join(".gitattributes"), "* filter=f diff=x text=auto\n").unwrap();
    let publish = |module: String| {
        fs::write(seed.join(".gitmodules"), module).unwrap();
        run(&seed, &["add", ".gitmodules", ".gitattributes"]);
        run(&seed, &["update-index", "--add", "--cacheinfo", &format!("160000,{commit},sub")]);
        run(&seed, &["commit", "-q", "-m", "hostile"]);
        run(&seed, &["push", "-q", "--force", ground.url.as_str(), "trunk"]);
    };
    publish(module("x", "./x", ""));
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    trap.was_quiet("make");
    assert_eq!(made.base, head(&seed));
    assert_eq!(fs::read_dir(made.path.join("sub")).unwrap().count(), 0);
    assert_eq!(ground.git.look(&ground.url, &one).await.unwrap().dirty, Vec::<String>::new());
    ground.git.remove_worktree(&ground.url, &one).await.unwrap();
    trap.was_quiet("remove");
    // a name that leads out, a command and an option are refused as a whole
    for (name, url, more) in
        [("../x", "./x", ""), ("x", "./x", "\tupdate = !touch marks/ran\n"), ("x", "-u./x", "")]
    {
        publish(module(name, url, more));
        ground.make(&one, "feat/x").await.unwrap_err();
        trap.was_quiet("make");
        // the branch is sound again, and so is the next worktree
        run(&seed, &["reset", "-q", "--hard", made.base.as_str()]);
        run(&seed, &["push", "-q", "--force", ground.url.as_str(), "trunk"]);
        ground.make(&one, "feat/x").await.unwrap();
        ground.git.remove_worktree(&ground.url, &one).await.unwrap();
    }
    assert_eq!(ground.git.places().unwrap(), [Found::Ours(place("zero", 1))]);
}

/// The rules of the user whom agents work as: one agent writes them for all.
#[tokio::test]
async fn git_ignores_by_the_repository_and_not_by_the_user() {
    if std::env::var_os("SPRINTGATE_TEST_HOME").is_none() {
        let home = tempfile::TempDir::new().unwrap();
        let name = module_path!().split_once("::").unwrap().1;
        fs::create_dir_all(home.path().join(".config/git")).unwrap();
        fs::write(home.path().join(".config/git/ignore"), "no*\n").unwrap();
        fs::write(home.path().join(".config/git/attributes"), "* -text\n").unwrap();
        let own = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &format!("{name}::git_ignores_by_the_repository_and_not_by_the_user")])
            .env("SPRINTGATE_TEST_HOME", home.path())
            .env("HOME", home.path())
            .env_remove("XDG_CONFIG_HOME")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&own.stdout);
        assert!(own.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    fs::write(made.path.join("note"), "never committed").unwrap();
    assert_eq!(run_plainly(&made.path), "");
    assert_eq!(ground.git.look(&ground.url, &one).await.unwrap().dirty, ["note"]);
    let removed = ground.git.remove_worktree(&ground.url, &one).await.unwrap();
    assert_eq!(ground.file_at(&removed.salvaged.unwrap().reference, "note"), b"never committed");
}

/// What git says to a person of that home.
fn run_plainly(folder: &Path) -> String {
    let output = Command::new("git").arg("-C").arg(folder).args(["status", "--porcelain"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}
