//! Deleting branches of a remote.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use sprintgate::domain::commit::CommitId;
use sprintgate::domain::push::PushClass;
use sprintgate::git::{DeleteAsk, Deleted};

use super::ground::{Ground, branch, run};
use super::merging::Desk;

async fn delete(ground: &Ground, name: &str, pulls: &[u64]) -> Deleted {
    let ask = DeleteAsk { url: &ground.url, branch: &branch(name), pulls };
    ground.git.delete_branch(ask).await.unwrap()
}

/// It was deleted from there, and is gone.
fn is_deleted(ground: &Ground, name: &str, answer: Deleted, was: CommitId) {
    assert_eq!(answer, Deleted::Deleted { was });
    assert_eq!(ground.at_origin(name), None);
}

#[tokio::test]
async fn git_deletes_a_branch_only_when_another_ref_has_its_commits() {
    let ground = Ground::new(1);
    let desk = Desk::new(&ground);
    let merged = desk.branch("feat/merged", &[("a", "1\n")]);
    desk.merge("feat/merged");
    is_deleted(&ground, "feat/merged", delete(&ground, "feat/merged", &[]).await, merged);
    assert_eq!(delete(&ground, "feat/merged", &[]).await, Deleted::Gone);

    let tip = desk.branch("feat/alone", &[("b", "1\n")]);
    let alone = || delete(&ground, "feat/alone", &[7]);
    assert_eq!(alone().await, Deleted::StillNeeded { tip: tip.clone() });
    // neither what was salvaged here nor a branch that only has its beginning is a reason
    run(&ground.vault(), &["update-ref", "refs/salvage/one/1", tip.as_str()]);
    run(&ground.origin, &["update-ref", "refs/heads/part", &format!("{tip}~1")]);
    assert_eq!(alone().await, Deleted::StillNeeded { tip: tip.clone() });
    run(&ground.origin, &["tag", "-a", "-m", "t", "v1", tip.as_str()]);
    is_deleted(&ground, "feat/alone", alone().await, tip.clone());
    // and a tag that is gone there is none
    run(&ground.origin, &["update-ref", "refs/heads/feat/alone", tip.as_str()]);
    run(&ground.origin, &["tag", "-d", "v1"]);
    assert_eq!(alone().await, Deleted::StillNeeded { tip });
}

#[tokio::test]
async fn git_deletes_a_squashed_branch_that_a_forge_keeps_by_its_number() {
    let ground = Ground::new(1);
    let desk = Desk::new(&ground);
    let tip = desk.branch("feat/one", &[("a", "1\n"), ("b", "2\n")]);
    desk.squash("feat/one");
    assert_eq!(delete(&ground, "feat/one", &[]).await, Deleted::StillNeeded { tip: tip.clone() });
    // another one's, and one that the branch has outgrown
    run(&ground.origin, &["update-ref", "refs/pull/71/head", tip.as_str()]);
    run(&ground.origin, &["update-ref", "refs/pull/7/head", &format!("{tip}~1")]);
    assert_eq!(delete(&ground, "feat/one", &[7]).await, Deleted::StillNeeded { tip: tip.clone() });
    is_deleted(&ground, "feat/one", delete(&ground, "feat/one", &[7, 71]).await, tip);
}

#[tokio::test]
async fn git_deletes_no_branch_that_moves_or_is_protected() {
    let ground = Ground::new(1);
    let desk = Desk::new(&ground);
    let tip = desk.branch("feat/one", &[("a", "1\n")]);
    desk.merge("feat/one");
    run(&ground.origin, &["config", "receive.denyDeletes", "true"]);
    let answer = delete(&ground, "feat/one", &[]).await;
    assert!(matches!(&answer, Deleted::Failed(failed) if failed.class == PushClass::Rejected), "{answer:?}");
    run(&ground.origin, &["config", "receive.denyDeletes", "false"]);
    // somebody pushes after it was judged: the remote moves it by itself, in the middle of our push
    let more = desk.branch("feat/more", &[("more", "m\n")]);
    let hook = ground.origin.join("hooks/pre-receive");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    let script = format!("#!/bin/sh\nunset GIT_QUARANTINE_PATH\ngit update-ref refs/heads/feat/one {more}\n");
    fs::write(&hook, script).unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(delete(&ground, "feat/one", &[]).await, Deleted::Moved { found: more.clone() });
    assert_eq!(ground.at_origin("feat/one"), Some(more));
    fs::remove_file(&hook).unwrap();
    run(&ground.origin, &["symbolic-ref", "HEAD", "refs/heads/feat/one"]);
    assert_eq!(delete(&ground, "feat/one", &[]).await, Deleted::DefaultBranch);
    run(&ground.origin, &["symbolic-ref", "HEAD", "refs/heads/trunk"]);
    run(&ground.origin, &["update-ref", "refs/heads/feat/one", tip.as_str()]);
    is_deleted(&ground, "feat/one", delete(&ground, "feat/one", &[]).await, tip);
}

#[tokio::test]
async fn git_keeps_what_two_branches_have_that_are_deleted_at_one_moment() {
    let ground = Ground::new(1);
    let desk = Desk::new(&ground);
    let tip = desk.branch("feat/one", &[("a", "1\n")]);
    run(&ground.origin, &["update-ref", "refs/heads/feat/two", tip.as_str()]);
    // The other one is deleted after ours was judged, in the middle of our push.
    let hook = ground.origin.join("hooks/pre-receive");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    let script = "#!/bin/sh\nunset GIT_QUARANTINE_PATH\ngit update-ref -d refs/heads/feat/two\n";
    fs::write(&hook, script).unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    is_deleted(&ground, "feat/one", delete(&ground, "feat/one", &[]).await, tip.clone());
    assert_eq!(ground.at_origin("feat/two"), None);
    let kept = format!("refs/salvage/branch/feat/one/{}", &tip.as_str()[..10]);
    assert_eq!(run(&ground.vault(), &["rev-parse", "--verify", &kept]).trim(), tip.as_str());
}
