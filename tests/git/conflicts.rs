//! Files in conflict, beside what the git program finds.

use std::fs;

use sprintgate::domain::commit::CommitId;
use sprintgate::git::{GitError, Merging};

use super::ground::{Ground, command, run};
use super::merging::Desk;

/// What `git merge` of the branch into the default one meets.
fn oracle(desk: &Desk<'_>, name: &str) -> Vec<String> {
    let output = command(&desk.clone, &["merge", "-q", "--no-commit", name]).output().unwrap();
    let mut files: Vec<String> = desk
        .git(&["ls-files", "-u"])
        .lines()
        .map(|line| line.split_once('\t').unwrap().1.to_owned())
        .collect();
    files.sort();
    files.dedup();
    assert_eq!(output.status.success(), files.is_empty());
    desk.git(&["reset", "-q", "--hard", "trunk"]);
    files
}

#[tokio::test]
async fn git_names_the_files_in_conflict() {
    let ground = Ground::new(5);
    let desk = Desk::new(&ground);
    let body: String = (0..30).map(|n| format!("line {n}\n")).collect();
    desk.on_trunk(&[("body", &body), ("gone", "g\n"), ("mode", "m\n")]);
    let both = desk.branch(
        "feat/both",
        &[
            ("read.me", "ours\n"),
            ("d/f0", "ours\n"),
            ("new", "ours\n"),
            ("gone", "changed\n"),
            ("body", &body.replace("line 3\n", "3\n")),
        ],
    );
    let clean = desk.branch("feat/clean", &[("body", &body.replace("line 3\n", "3\n")), ("own", "o\n")]);
    fs::remove_file(desk.clone.join("gone")).unwrap();
    desk.on_trunk(&[
        ("read.me", "theirs\n"),
        ("d/f1", "theirs\n"),
        ("new", "theirs\n"),
        ("body", &body.replace("line 27\n", "27\n")),
    ]);
    let files = oracle(&desk, "feat/both");
    assert_eq!(files, ["gone", "new", "read.me"]);
    let ask = async |head: &CommitId| ground.git.conflicts(&ground.url, "trunk", head).await.unwrap();
    assert_eq!(ask(&both).await, Merging::Conflict { files });
    assert!(oracle(&desk, "feat/clean").is_empty());
    assert_eq!(ask(&clean).await, Merging::Clean);
    let merged = desk.merge("feat/clean");
    assert_eq!(ask(&clean).await, Merging::Contained);
    assert_eq!(ask(&merged).await, Merging::Contained);
    let none = ground.git.conflicts(&ground.url, "none", &clean).await.unwrap();
    assert_eq!(none, Merging::NoBase);
    desk.git(&["checkout", "-q", "--orphan", "alone"]);
    desk.git(&["commit", "-q", "--allow-empty", "-m", "alone"]);
    desk.git(&["push", "-q", "origin", "alone"]);
    assert_eq!(ask(&super::ground::head(&desk.clone)).await, Merging::Unrelated);
    let nowhere = CommitId::new("1".repeat(40)).unwrap();
    let error = ground.git.conflicts(&ground.url, "trunk", &nowhere).await.unwrap_err();
    assert!(matches!(error, GitError::NotInVault { .. }), "{error}");
}

/// The next of numbers that only the first one decides.
fn next(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed
}

/// Files after so many random edits.
fn edited(desk: &Desk<'_>, seed: &mut u64) {
    for _ in 0..1 + next(seed) % 4 {
        let path = desk.clone.join(format!("r{}", next(seed) % 4));
        match next(seed) % 8 {
            0 => drop(fs::remove_file(&path)),
            1 => drop(fs::rename(&path, desk.clone.join(format!("s{}", next(seed) % 3)))),
            _ => {
                let old = fs::read_to_string(&path).unwrap_or_default();
                let mut lines: Vec<String> = old.lines().map(str::to_owned).collect();
                let at = usize::try_from(next(seed)).unwrap() % (lines.len() + 1);
                lines.insert(at, format!("{}", next(seed) % 10));
                fs::write(&path, lines.join("\n") + "\n").unwrap();
            }
        }
    }
    run(&desk.clone, &["add", "-A"]);
    run(&desk.clone, &["commit", "-q", "--allow-empty", "-m", "edit"]);
}

/// Whatever two sides did, it is in conflict where the program says so. What a side renamed may be named by its old
/// name, too.
#[tokio::test]
async fn git_and_the_program_agree_on_random_histories() {
    let ground = Ground::new(1);
    let desk = Desk::new(&ground);
    let mut seed = 0x5eed_1234_5678_9abc;
    for file in 0..4 {
        let text: String = (0..12).map(|n| format!("{file} {n}\n")).collect();
        fs::write(desk.clone.join(format!("r{file}")), text).unwrap();
    }
    edited(&desk, &mut seed);
    let (mut clean, mut torn) = (0, 0);
    for round in 0..16 {
        let name = format!("feat/{round}");
        desk.git(&["checkout", "-q", "-b", &name, "trunk"]);
        edited(&desk, &mut seed);
        desk.git(&["push", "-q", "origin", &name]);
        let head = super::ground::head(&desk.clone);
        desk.git(&["checkout", "-q", "trunk"]);
        edited(&desk, &mut seed);
        desk.git(&["push", "-q", "origin", "trunk"]);
        let files = oracle(&desk, &name);
        let ours = ground.git.conflicts(&ground.url, "trunk", &head).await.unwrap();
        if files.is_empty() {
            assert_eq!(ours, Merging::Clean, "round {round}");
            clean += 1;
            continue;
        }
        let Merging::Conflict { files: ours } = ours else {
            panic!("round {round}: {ours:?}, not {files:?}")
        };
        assert!(files.iter().all(|file| ours.contains(file)), "round {round}: {ours:?}, not {files:?}");
        for more in ours.iter().filter(|file| !files.contains(file)) {
            let has = |side: &str| {
                let name = format!("{side}:{more}");
                command(&desk.clone, &["cat-file", "-e", &name]).output().unwrap().status.success()
            };
            assert!(!(has("trunk") && has(&name)), "round {round}: {more} was not renamed");
        }
        torn += 1;
    }
    assert!(clean > 1 && torn > 1, "{clean} {torn}");
}
