//! What a change does to files of LFS and to submodules, which its lines hardly show.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sprintgate::domain::commit::CommitId;
use sprintgate::git::{ErrorClass, Git, GitError, GitSettings, Touched};
use tokio::runtime::Runtime;
use tokio::time::timeout;

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
        self.agrees(&seen);
        run(&self.path, &["reset", "-q", "--hard", self.base.as_str()]);
        seen
    }

    /// A commit of those files, made without a command that would compare them with rules.
    fn planted(&self, files: &[(&str, &str)]) -> CommitId {
        let said = |args: &[&str]| run(&self.path, args).trim().to_owned();
        for (name, text) in files {
            let file = self.path.join(".git/planted");
            fs::write(&file, text).unwrap();
            let blob = said(&["hash-object", "-w", "--no-filters", ".git/planted"]);
            said(&["update-index", "--add", "--cacheinfo", &format!("100644,{blob},{name}")]);
        }
        let tree = said(&["write-tree"]);
        let commit = said(&["commit-tree", "-p", self.base.as_str(), "-m", "planted", &tree]);
        said(&["update-ref", "HEAD", &commit]);
        CommitId::new(commit).unwrap()
    }

    /// Git itself gives each of the files that are named to LFS, by the rules that are checked out.
    fn agrees(&self, seen: &Touched) {
        for name in seen.contents.iter().chain(&seen.pointers) {
            let said = run(&self.path, &["check-attr", "-z", "filter", "--", name]);
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
    let raw = ("raw.bin", "it was never a pointer\n");
    let change = Change::of(&[(".gitattributes", "*.bin filter=lfs\n"), ("a.bin", POINTER), raw]).await;
    let other = POINTER.replace("0000", "1111");
    assert_eq!(change.to(&[("a.bin", &other), ("b.bin", &other)]).await, pointers(&["a.bin", "b.bin"]));
    run(&change.path, &["mv", "a.bin", "c.bin"]);
    assert_eq!(change.committed().await, Touched::default());
    // nor is content that was there before
    run(&change.path, &["mv", "raw.bin", "raw2.bin"]);
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
async fn rules_without_measure_are_refused() {
    let change = Change::of(&[]).await;
    let (ground, url) = (&change.ground, &change.ground.url);
    let long = format!("*.x filter=lfs\n{}", "# nothing is said here\n".repeat(45_000));
    let deep: Vec<_> = (0..17).map(|n| "d/".repeat(n)).collect();
    let rules: Vec<_> = deep.iter().map(|folder| format!("{folder}.gitattributes")).collect();
    let file = format!("{}a.x", "d/".repeat(16));
    let mut files: Vec<_> = rules.iter().map(|name| (name.as_str(), long.as_str())).collect();
    files.push((&file, "content\n"));
    let head = change.planted(&files);
    ground.git.take(url, &place("one", 1), &head).await.unwrap();
    let refused = ground.git.touched(url, &change.base, &head).await.unwrap_err();
    assert!(matches!(refused, GitError::TooManyRules), "{refused}");
}

#[tokio::test]
async fn a_large_change_is_compared_with_many_rules() {
    let rules: String = (0..10_000).map(|n| format!("*a*b*{n} filter=lfs\n")).collect();
    let change = Change::of(&[]).await;
    fs::create_dir(change.path.join("many")).unwrap();
    for n in 0..1_200 {
        fs::write(change.path.join(format!("many/{n}")), "x\n").unwrap();
    }
    let seen = change.to(&[(".gitattributes", &rules), ("many/a-b-77", "content\n")]).await;
    assert_eq!(seen, contents(&["many/a-b-77"]));
}

#[tokio::test]
async fn no_rules_count_but_those_of_the_commit() {
    let change = Change::of(&[]).await;
    let vault = change.ground.git.vault_of(&change.ground.url);
    fs::create_dir_all(vault.join("info")).unwrap();
    fs::write(vault.join("info/attributes"), "*.txt filter=lfs\n*.bin -filter\n").unwrap();
    let mine = [(".gitattributes", "*.bin filter=lfs\n"), ("a.txt", "text\n"), ("a.bin", "content\n")];
    assert_eq!(change.to(&mine).await, contents(&["a.bin"]));
    // and nothing is left of the question
    assert_eq!(fs::read_dir(vault.join("asked")).unwrap().count(), 0);
}

/// What is done within a minute; a thread that does not end is left behind.
fn within_a_minute<T>(work: impl Future<Output = T>) -> T {
    let runtime = Runtime::new().unwrap();
    let done = runtime.block_on(async { timeout(Duration::from_secs(60), work).await });
    runtime.shutdown_background();
    done.expect("it did not end within a minute")
}

#[test]
fn rules_that_take_for_ever_to_compare_are_refused_and_named() {
    let never = format!("x/{}b filter=lfs\n", "**/".repeat(30));
    let deep = format!("x/{}c", "a/".repeat(60));
    within_a_minute(async {
        let change = Change::of(&[]).await;
        let head = change.planted(&[
            (".gitattributes", &never),
            ("a.bin", "content\n"),
            (&deep, "content\n"),
            ("x/.gitattributes", "*.bin filter=lfs\n"),
        ]);
        let (ground, url) = (&change.ground, &change.ground.url);
        ground.git.take(url, &place("one", 1), &head).await.unwrap();
        let settings = GitSettings { timeout: Duration::from_secs(1), ..ground.git.settings().clone() };
        let git = Git::new(settings).unwrap();
        let refused = git.touched(url, &change.base, &head).await.unwrap_err();
        assert_eq!(refused.class(), ErrorClass::Rejected, "{refused}");
        let said = format!(
            "the rules of .gitattributes, x/.gitattributes were compared with {deep} for 1 s to no end: they need fewer stars"
        );
        assert_eq!(refused.to_string(), said);
        // whoever asks next is answered
        assert_eq!(fs::read_dir(git.vault_of(url).join("asked")).unwrap().count(), 0);
    });
}
