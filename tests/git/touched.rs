//! What a change does to files of LFS and to submodules, which its lines hardly show.

use std::fs;
use std::path::{Path, PathBuf};

use sprintgate::domain::commit::CommitId;
use sprintgate::git::{GitError, Touched};

use super::ground::{Ground, head, place, run, work};

const POINTER: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:0000\nsize 12345\n";

/// What a ground's worktree has changed since it was made.
struct Change {
    ground: Ground,
    base: CommitId,
    path: PathBuf,
}

impl Change {
    /// Of a repository with those files.
    async fn of(files: &[(&str, &str)]) -> Self {
        let ground = Ground::new(1);
        let seed = ground.clone.with_file_name("seed");
        for (name, text) in files {
            fs::create_dir_all(seed.join(name).parent().unwrap()).unwrap();
            fs::write(seed.join(name), text).unwrap();
        }
        work(&seed, "last", "x\n");
        run(&seed, &["push", "-q", ground.url.as_str(), "trunk"]);
        let made = ground.make(&place("one", 1), "feat/x").await.unwrap();
        Self { ground, base: made.base, path: made.path }
    }

    /// Writes, commits, and has it looked through; the work begins anew after that.
    async fn to(&self, files: &[(&str, &str)]) -> Touched {
        for (name, text) in files {
            fs::create_dir_all(self.path.join(name).parent().unwrap()).unwrap();
            fs::write(self.path.join(name), text).unwrap();
        }
        run(&self.path, &["add", "-A"]);
        self.committed().await
    }

    async fn committed(&self) -> Touched {
        run(&self.path, &["commit", "-q", "--allow-empty", "-m", "work"]);
        let (ground, head) = (&self.ground, head(&self.path));
        ground.git.take(&ground.url, &place("one", 1), &head).await.unwrap();
        let seen = ground.git.touched(&ground.url, &self.base, &head).await.unwrap();
        assert_eq!(ground.git.touched_on(&ground.url, "trunk", &head).await.unwrap(), seen);
        self.agrees(&seen, &head);
        run(&self.path, &["reset", "-q", "--hard", self.base.as_str()]);
        seen
    }

    /// Git itself gives each of the files that are named to LFS.
    fn agrees(&self, seen: &Touched, head: &CommitId) {
        for name in seen.contents.iter().chain(&seen.pointers) {
            let said =
                run(&self.path, &["check-attr", "-z", &format!("--source={head}"), "filter", "--", name]);
            assert_eq!(said, format!("{name}\0filter\0lfs\0"));
        }
    }
}

fn contents(names: &[&str]) -> Touched {
    Touched { contents: names.iter().map(|name| (*name).to_owned()).collect(), ..Touched::default() }
}

fn pointers(names: &[&str]) -> Touched {
    Touched { pointers: names.iter().map(|name| (*name).to_owned()).collect(), ..Touched::default() }
}

#[tokio::test]
async fn content_where_a_pointer_belongs_is_found_by_gits_own_rules() {
    let rules =
        "[attr]big filter=lfs diff=lfs -text\n*.bin filter=lfs -text\n/top.dat big\nkept/** filter=lfs\n";
    let change = Change::of(&[
        (".gitattributes", rules),
        ("art/.gitattributes", "*.txt filter=lfs\nraw.bin -filter\n"),
        ("a.bin", POINTER),
        ("old.bin", "it was never a pointer\n"),
        ("art/a.txt", POINTER),
    ])
    .await;
    assert_eq!(change.to(&[("read.me", "more\n"), ("b.txt", "no rule here\n")]).await, Touched::default());
    assert_eq!(change.to(&[("a.bin", "content\n")]).await, contents(&["a.bin"]));
    let all = change
        .to(&[
            ("art/a.txt", "content\n"),
            ("art/raw.bin", "the rule above does not hold here\n"),
            ("art/deep/b.bin", "content\n"),
            ("top.dat", "by another name\n"),
            ("kept/x/y", "content\n"),
            ("\u{e9} \"x\".bin", "content\n"),
            ("old.bin", "nor is it now\n"),
            ("empty.bin", ""),
        ])
        .await;
    let named = ["art/a.txt", "art/deep/b.bin", "kept/x/y", "top.dat", "\u{e9} \"x\".bin"];
    assert_eq!(all, contents(&named));
    // as much as a pointer may have, and more
    let long = format!("{POINTER}{}", "a text that only speaks of it\n".repeat(40));
    assert_eq!(change.to(&[("a.bin", &long)]).await, contents(&["a.bin"]));
    // rules that the change itself brings or takes
    let mine = [(".gitattributes", "*.dat filter=lfs\n"), ("a.bin", "content\n"), ("b.dat", "content\n")];
    assert_eq!(change.to(&mine).await, contents(&["b.dat"]));
}

#[tokio::test]
async fn pointers_that_are_new_are_told_from_those_that_moved() {
    let change = Change::of(&[(".gitattributes", "*.bin filter=lfs\n"), ("a.bin", POINTER)]).await;
    let other = POINTER.replace("0000", "1111");
    assert_eq!(change.to(&[("a.bin", &other), ("b.bin", &other)]).await, pointers(&["a.bin", "b.bin"]));
    run(&change.path, &["mv", "a.bin", "c.bin"]);
    assert_eq!(change.committed().await, Touched::default());
    run(&change.path, &["update-index", "--chmod=+x", "a.bin"]);
    assert_eq!(change.committed().await, Touched::default());
    run(&change.path, &["rm", "-q", "a.bin"]);
    assert_eq!(change.committed().await, Touched::default());
    // a link is no file of theirs
    std::os::unix::fs::symlink("read.me", change.path.join("link.bin")).unwrap();
    assert_eq!(change.to(&[]).await, Touched::default());
}

#[tokio::test]
async fn submodules_and_where_they_are_fetched_from_are_named() {
    let change = Change::of(&[]).await;
    let at = change.base.as_str();
    let link = |folder: &Path, path: &str, at: &str| {
        run(folder, &["update-index", "--add", "--cacheinfo", &format!("160000,{at},{path}")]);
    };
    link(&change.path, "lib/one", at);
    let came = change.committed().await;
    assert_eq!(came, Touched { submodules: vec!["lib/one".into()], ..Touched::default() });
    let seen = change.to(&[(".gitmodules", "[submodule \"x\"]\n\tpath = x\n\turl = ../x\n")]).await;
    assert_eq!(seen.submodules, [".gitmodules"]);

    // one that is there: another commit, a file in its place, and gone
    let seed = change.ground.clone.with_file_name("seed");
    link(&seed, "sub", at);
    run(&seed, &["commit", "-q", "-m", "sub"]);
    run(&seed, &["push", "-q", change.ground.url.as_str(), "trunk"]);
    run(&change.path, &["pull", "-q", "--ff-only", "origin", "trunk"]);
    let change = Change { base: head(&change.path), ..change };
    link(&change.path, "sub", change.base.as_str());
    assert_eq!(change.committed().await.submodules, ["sub"]);
    run(&change.path, &["rm", "-q", "--cached", "sub"]);
    fs::remove_dir(change.path.join("sub")).unwrap();
    assert_eq!(change.to(&[("sub", "in its place\n")]).await.submodules, ["sub"]);
    run(&change.path, &["rm", "-q", "--cached", "sub"]);
    assert_eq!(change.committed().await.submodules, ["sub"]);
    assert_eq!(change.to(&[("read.me", "more\n")]).await, Touched::default());
}

#[tokio::test]
async fn a_commit_that_nobody_has_is_no_change() {
    let change = Change::of(&[]).await;
    let nobodys = CommitId::new("1".repeat(40)).unwrap();
    let (git, url) = (&change.ground.git, &change.ground.url);
    let refused = git.touched(url, &change.base, &nobodys).await.unwrap_err();
    assert!(matches!(refused, GitError::NotInVault { .. }), "{refused}");
    let refused = git.touched_on(url, "trunk", &nobodys).await.unwrap_err();
    assert!(matches!(refused, GitError::NotInVault { .. }), "{refused}");
    assert!(git.touched_on(url, "none", &change.base).await.is_err());
}

#[tokio::test]
async fn rules_that_would_take_minutes_to_compare_are_refused() {
    let rules: String = (0..40_000).map(|n| format!("*a*b*{n} filter=lfs\n")).collect();
    let change = Change::of(&[]).await;
    fs::write(change.path.join(".gitattributes"), rules).unwrap();
    fs::create_dir(change.path.join("many")).unwrap();
    for n in 0..300 {
        fs::write(change.path.join(format!("many/{n}")), "x\n").unwrap();
    }
    let head = work(&change.path, "last", "y\n");
    let (git, url) = (&change.ground.git, &change.ground.url);
    git.take(url, &place("one", 1), &head).await.unwrap();
    let refused = git.touched(url, &change.base, &head).await.unwrap_err();
    assert!(matches!(refused, GitError::TooManyRules), "{refused}");
}
