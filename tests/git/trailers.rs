//! What the commits of an attempt say of it, whichever way git makes them.

use std::fs;
use std::path::{Path, PathBuf};

use sprintgate::domain::id::JobId;
use sprintgate::domain::publication::CommitTrailers;
use sprintgate::git::{Worktree, WorktreeAsk};

use super::ground::{Ground, branch, command, place, run, work};

const FIRST: &str = "Sprintgate-Job: one\nSprintgate-Attempt: 1\nSprintgate-Plan: ab12";
const SECOND: &str = "Sprintgate-Job: one\nSprintgate-Attempt: 2\nSprintgate-Plan: cd34";

/// A worktree whose commits are to name their attempt.
async fn make(ground: &Ground, job: &str, attempt: u32, plan: Option<&str>) -> Worktree {
    let (place, branch) = (place(job, attempt), branch("feat/x"));
    let trailers = Some(CommitTrailers::new(&JobId::new(job).unwrap(), attempt, plan));
    ground
        .git
        .make_worktree(WorktreeAsk { url: &ground.url, place, branch: &branch, trailers })
        .await
        .unwrap()
}

/// A ground and the worktree of the first attempt.
async fn begun() -> (Ground, PathBuf) {
    let ground = Ground::new(2);
    let made = make(&ground, "one", 1, Some("ab12")).await;
    (ground, made.path)
}

/// The whole message of a commit.
fn message(folder: &Path, commit: &str) -> String {
    run(folder, &["log", "-1", "--format=%B", commit])
}

/// What git takes for trailers of ours.
fn said(folder: &Path, commit: &str) -> String {
    let lines = run(folder, &["log", "-1", "--format=%(trailers:only,unfold)", commit]);
    lines.lines().filter(|line| line.starts_with("Sprintgate-")).collect::<Vec<_>>().join("\n")
}

/// Commits with an editor that writes that in place of what it finds, or fails.
fn edited(folder: &Path, text: &str, args: &[&str]) -> bool {
    let editor = format!("core.editor=printf '{text}' >");
    let args = [&["-c", editor.as_str(), "commit", "--allow-empty"], args].concat();
    command(folder, &args).output().unwrap().status.success()
}

#[tokio::test]
async fn each_commit_names_its_attempt_once() {
    let (_ground, folder) = begun().await;
    work(&folder, "a", "a\n");
    assert_eq!(message(&folder, "HEAD"), format!("a\n\n{FIRST}"));
    run(&folder, &["commit", "-q", "--amend", "--no-edit"]);
    assert_eq!(message(&folder, "HEAD"), format!("a\n\n{FIRST}"));
    run(&folder, &["commit", "-q", "--amend", "--no-verify", "-m", "better\n\nWhy.\n\nSee-also: b\n"]);
    assert_eq!(message(&folder, "HEAD"), format!("better\n\nWhy.\n\nSee-also: b\n{FIRST}"));
    // what looks like the end of a message is none
    run(&folder, &["commit", "-q", "--allow-empty", "-s", "-m", "text\n---\nmore\n"]);
    let signed = "Signed-off-by: agent <agent@example.org>";
    assert_eq!(message(&folder, "HEAD"), format!("text\n---\nmore\n\n{signed}\n{FIRST}"));
    // a comment for who has an editor only
    run(&folder, &["commit", "-q", "--allow-empty", "-m", "#12 is solved"]);
    assert_eq!(message(&folder, "HEAD"), format!("#12 is solved\n\n{FIRST}"));
    assert!(edited(&folder, "by hand\\n\\n# a remark\\n", &[]));
    assert_eq!(message(&folder, "HEAD"), format!("by hand\n\n{FIRST}"));
    assert!(edited(&folder, "again\\n", &["--amend", "-v"]));
    assert_eq!(message(&folder, "HEAD"), format!("again\n\n{FIRST}"));
}

#[tokio::test]
async fn merges_rebases_and_patches_name_it_once() {
    let (_ground, folder) = begun().await;
    let start = run(&folder, &["rev-parse", "HEAD"]);
    work(&folder, "a", "a\n");
    run(&folder, &["checkout", "-q", "-b", "side", &start]);
    work(&folder, "b", "b\n");
    work(&folder, "c", "c\n");
    let patch = run(&folder, &["format-patch", "--stdout", "-1"]);
    run(&folder, &["merge", "-q", "--no-edit", "feat/x"]);
    assert_eq!(message(&folder, "HEAD"), format!("Merge branch 'feat/x' into side\n\n{FIRST}"));
    run(&folder, &["reset", "-q", "--hard", "HEAD~"]);
    for how in ["--merge", "--apply"] {
        run(&folder, &["rebase", "-q", "-f", how, "feat/x"]);
        for (commit, title) in [("HEAD", "c"), ("HEAD~", "b"), ("HEAD~2", "a")] {
            assert_eq!(message(&folder, commit), format!("{title}\n\n{FIRST}"), "{how}");
        }
    }
    run(&folder, &["revert", "--no-edit", "HEAD"]);
    assert_eq!(said(&folder, "HEAD"), FIRST);
    fs::write(folder.join(".git/patch"), patch.replace(FIRST, "") + "\n").unwrap();
    run(&folder, &["am", "-q", ".git/patch"]);
    assert_eq!(message(&folder, "HEAD"), format!("c\n\n{FIRST}"));
    run(&folder, &["reset", "-q", "--soft", "HEAD~2"]);
    run(&folder, &["commit", "-q", "-m", "squashed", "--allow-empty"]);
    assert_eq!(said(&folder, "HEAD"), FIRST);
}

#[tokio::test]
async fn a_message_that_says_nothing_is_refused_as_ever() {
    let (_ground, folder) = begun().await;
    let before = run(&folder, &["rev-parse", "HEAD"]);
    for args in [&["-m", ""][..], &["-m", " \n"], &["-s", "-m", ""], &["--no-verify", "-m", ""]] {
        let args = [&["commit", "--allow-empty"], args].concat();
        assert!(!command(&folder, &args).output().unwrap().status.success(), "{args:?}");
    }
    fs::write(folder.join("read.me"), "changed\n").unwrap();
    for args in [&["-a"][..], &["-a", "-v"], &["-a", "-s"]] {
        assert!(!edited(&folder, "# only a remark\\n", args), "{args:?}");
    }
    let scissors = "# ------------------------ >8 ------------------------\\ndiff --git a b\\n";
    assert!(!edited(&folder, scissors, &["-a", "-v"]));
    assert_eq!(run(&folder, &["rev-parse", "HEAD"]), before);
    run(&folder, &["commit", "-q", "-a", "--allow-empty-message", "-m", ""]);
    assert_eq!(message(&folder, "HEAD"), "");
}

#[tokio::test]
async fn who_writes_a_commit_anew_is_who_it_names() {
    let ground = Ground::new(2);
    let one = make(&ground, "one", 1, Some("ab12")).await;
    work(&one.path, "a", "a\n");
    ground.publish(&place("one", 1), &one).await;
    let two = make(&ground, "one", 2, Some("cd34")).await;
    assert_eq!(said(&two.path, "HEAD"), FIRST);
    work(&two.path, "b", "b\n");
    assert_eq!((said(&two.path, "HEAD"), said(&two.path, "HEAD~").as_str()), (SECOND.to_owned(), FIRST));
    run(&two.path, &["reset", "-q", "--soft", "HEAD~"]);
    run(&two.path, &["commit", "-q", "--amend", "--no-edit"]);
    assert_eq!(message(&two.path, "HEAD"), format!("a\n\n{SECOND}"));
    // the first one's are its own still, and a job without a plan claims none
    work(&one.path, "c", "c\n");
    assert_eq!(said(&one.path, "HEAD"), FIRST);
    let other = make(&ground, "other", 1, None).await;
    run(&other.path, &["commit", "-q", "--amend", "--no-edit"]);
    assert_eq!(said(&other.path, "HEAD"), "Sprintgate-Job: other\nSprintgate-Attempt: 1");
}

#[tokio::test]
async fn hooks_of_somebodys_own_go_before_and_the_server_runs_none() {
    let (ground, folder) = begun().await;
    let mine = folder.join(".githooks");
    fs::create_dir(&mine).unwrap();
    fs::write(folder.join(".git/info/exclude"), ".githooks\n").unwrap();
    run(&folder, &["config", "core.hooksPath", ".githooks"]);
    work(&folder, "a", "a\n");
    assert_eq!(message(&folder, "HEAD"), "a");
    // what is kept of it is what it was, and no hook of the cell had a part in that
    for hook in fs::read_dir(folder.join(".git/hooks")).unwrap() {
        fs::write(hook.unwrap().path(), "#!/bin/sh\ntouch ../../ran; exit 1\n").unwrap();
    }
    fs::write(folder.join("b"), "b\n").unwrap();
    let kept = ground.git.salvage(&ground.url, &place("one", 1)).await.unwrap().unwrap();
    assert_eq!(ground.file_at(&kept.reference, "b"), b"b\n");
    assert!(!folder.join("../../ran").exists() && !folder.join("../ran").exists());
    // without being asked there are none
    let plain = ground.make(&place("two", 1), "feat/y").await.unwrap();
    work(&plain.path, "a", "a\n");
    assert_eq!((message(&plain.path, "HEAD").as_str(), plain.path.join(".git/hooks").exists()), ("a", false));
}
