//! Diffs as git itself writes them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use sprintgate::domain::verify::{DiffFacts, VerifyResult, classify};
use tempfile::TempDir;

struct Repo(TempDir);

impl Repo {
    fn new() -> Self {
        let repo = Self(TempDir::new().unwrap());
        repo.git(&["init", "-q"]);
        repo
    }

    fn git(&self, args: &[&str]) -> Vec<u8> {
        let output = Command::new("git")
            .args(["-c", "user.name=t", "-c", "user.email=t@t.invalid", "-c", "commit.gpgsign=false"])
            .args(args)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .current_dir(self.0.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    fn write(&self, name: &str, content: &[u8]) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
        fs::write(path, content).unwrap();
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "x"]);
    }

    fn diff(&self, options: &[&str]) -> DiffFacts {
        DiffFacts::of(&self.git(&[&["diff"], options, &["HEAD~", "HEAD"]].concat()))
    }

    /// The paths as git lists them, without quoting.
    fn names(&self) -> BTreeSet<String> {
        let names = self.git(&["diff", "--no-renames", "--name-only", "-z", "HEAD~", "HEAD"]);
        names
            .split(|b| *b == 0)
            .filter(|n| !n.is_empty())
            .map(|n| String::from_utf8(n.to_vec()).unwrap())
            .collect()
    }
}

/// A commit of everything at once, read under every option that changes a diff's form.
#[test]
fn every_form_of_a_diff_names_the_same_files() {
    let repo = Repo::new();
    let text = (0..40).map(|i| format!("line {i}\n")).collect::<String>();
    for name in
        ["kept.ts", "moved.ts", "gone.ts", "mode.sh", "a/b/x and y.txt", "nä\"me\\ü.txt", "two b/words"]
    {
        repo.write(name, format!("{name}\n{text}").as_bytes());
    }
    repo.write("gone-empty", b"");
    repo.write("image.png", b"\0\x01\x02");
    repo.write("x and b/x", b"\0\x01");
    repo.commit();

    repo.write("kept.ts", text.replace("line 20", "--- a/false.ts\n+++ b/false.ts").as_bytes());
    repo.git(&["mv", "moved.ts", "new name.ts"]);
    repo.git(&["rm", "-q", "gone.ts", "gone-empty"]);
    repo.git(&["update-index", "--chmod=+x", "mode.sh"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(repo.0.path().join("mode.sh"), fs::Permissions::from_mode(0o755)).unwrap();
    }
    repo.write("a/b/x and y.txt", b"no line end");
    repo.write("nä\"me\\ü.txt", b"other\n");
    repo.write("two b/words", b"other\n");
    repo.write("new-empty", b"");
    repo.write("tab\there.ts", b"--- a/false.ts\n+++ b/false.ts\n@@ -1 +1 @@\n");
    repo.write("image.png", b"\0\x03");
    repo.write("x and b/x", b"\0\x03");
    repo.write("made.png", b"\0\x03");
    repo.commit();

    let names = repo.names();
    assert_eq!(names.len(), 14, "{names:?}");
    for options in [
        &[][..],
        &["-M"],
        &["-M", "-C", "--find-copies-harder"],
        &["--no-renames"],
        &["--binary"],
        &["--full-index"],
        &["--no-prefix"],
        &["-c", "-p"],
        &["--src-prefix=i/", "--dst-prefix=w/"],
        &["-U0"],
        &["-U99"],
        &["-R"],
    ] {
        let facts = repo.diff(options);
        assert_eq!(facts.paths, names, "{options:?}");
        assert!(facts.meaningful);
    }
    let plan = names
        .iter()
        .filter(|n| !n.contains(char::is_whitespace))
        .map(|n| format!("`{n}` "))
        .collect::<String>();
    assert_eq!(classify(&repo.diff(&[]), Some(&plan)).result, VerifyResult::Aligned);

    // The same count of lines as git's own.
    let stat = String::from_utf8(repo.git(&["diff", "--no-renames", "--numstat", "HEAD~", "HEAD"])).unwrap();
    let lines =
        stat.lines().flat_map(|l| l.split('\t').take(2)).filter_map(|n| n.parse::<u64>().ok()).sum::<u64>();
    assert_eq!(repo.diff(&["--no-renames"]).changed_lines, lines);
}

#[test]
fn a_change_without_lines_is_a_change() {
    type Change = fn(&Repo);
    let changes: [(&str, Change); 4] = [
        ("rename", |r| drop(r.git(&["mv", "a.ts", "b.ts"]))),
        ("mode", |r| {
            r.git(&["config", "core.fileMode", "false"]);
            r.git(&["update-index", "--chmod=+x", "a.ts"]);
        }),
        ("empty file", |r| r.write("e.ts", b"")),
        ("binary", |r| r.write("i.png", b"\0\x01")),
    ];
    for (name, change) in changes {
        let repo = Repo::new();
        repo.write("a.ts", b"one\ntwo\nthree\n");
        repo.commit();
        change(&repo);
        repo.commit();
        let facts = repo.diff(&[]);
        assert_eq!((facts.changed_lines, facts.meaningful), (0, true), "{name}: {facts:?}");
    }
}

#[test]
fn a_merge_is_read_from_both_parents() {
    let repo = Repo::new();
    repo.write("x.ts", b"one\n");
    repo.commit();
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.write("x.ts", b"side\n");
    repo.commit();
    repo.git(&["checkout", "-q", "-"]);
    repo.write("x.ts", b"main\n");
    repo.commit();
    repo.git(&["merge", "-q", "-s", "ours", "--no-commit", "side"]);
    repo.write("x.ts", b"-- a/y.ts\nboth\n");
    repo.commit();
    for option in ["--cc", "-c"] {
        let facts = DiffFacts::of(&repo.git(&["show", "--format=", option, "HEAD"]));
        assert_eq!(facts.paths.iter().collect::<Vec<_>>(), ["x.ts"], "{option}");
        assert_eq!((facts.changed_lines, facts.meaningful), (4, true), "{option}");
    }
}
