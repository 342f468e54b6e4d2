//! Publishing: one compare-and-swap push.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use sprintgate::domain::attempt::Status;
use sprintgate::domain::branch::Sent;
use sprintgate::domain::commit::CommitId;
use sprintgate::domain::push::PushClass;
use sprintgate::domain::push_rule::PushRule;
use sprintgate::git::{GitError, NotPushed, PublishAsk, Published, Worktree};

use super::ground::{Ground, branch, place, run, tip, work};

#[tokio::test]
async fn git_publishes_nothing_without_a_commit() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    assert_eq!(ground.publish(&one, &made).await, Published::Nothing);
    assert_eq!(ground.at_origin("feat/x"), None);
}

#[tokio::test]
async fn git_recognises_a_push_whose_answer_was_lost() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    let head = work(&made.path, "a", "1");
    assert_eq!(ground.publish(&one, &made).await, Published::Pushed { head, was: None });
    assert_eq!(ground.publish(&one, &made).await, Published::AlreadyThere);
}

/// What is known of a commit that an attempt sent which expired.
fn sent_by_dead(commit: &CommitId, made: &Worktree) -> [Sent; 1] {
    [Sent { commit: commit.clone(), status: Status::Expired, own: false, start: made.published.clone() }]
}

#[tokio::test]
async fn git_tolerates_a_late_push_of_a_dead_attempt() {
    let ground = Ground::new(1);
    let (dead, live) = (place("one", 1), place("one", 2));
    let first = ground.make(&dead, "feat/x").await.unwrap();
    let zombie = work(&first.path, "a", "zombie");
    ground.git.take(&ground.url, &dead, &zombie).await.unwrap();
    let second = ground.make(&live, "feat/x").await.unwrap();
    let head = work(&second.path, "a", "live");
    assert!(matches!(ground.push(&dead, &first, &zombie).await, Published::Pushed { .. }));
    ground.git.take(&ground.url, &live, &head).await.unwrap();
    let unknown = ground.push(&live, &second, &head).await;
    assert!(
        matches!(&unknown, Published::Conflict { found, .. } if *found == Some(zombie.clone())),
        "{unknown:?}"
    );
    let was = Some(zombie.clone());
    let pushed = ground.push_knowing(&live, &second, &head, &sent_by_dead(&zombie, &first)).await;
    assert_eq!(pushed, Published::Pushed { head: head.clone(), was });
    // what was replaced is kept where salvaged work is looked for
    let kept = format!("refs/salvage/branch/feat/x/{}", zombie.short());
    assert_eq!(tip(&ground.vault(), &kept), Some(zombie.clone()));
    // and after the live one has published, the dead one cannot take the branch back
    let late = ground.push(&dead, &first, &zombie).await;
    assert!(matches!(&late, Published::Conflict { found, .. } if *found == Some(head.clone())), "{late:?}");
    assert_eq!(ground.at_origin("feat/x"), Some(head));
}

/// The remote moves the branch to `commit` by itself, once, in the middle of the next push.
fn moved_meanwhile(ground: &Ground, commit: &CommitId) {
    let hook = ground.origin.join("hooks/update");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    let script =
        format!("#!/bin/sh\n[ -e moved ] || {{ : > moved; git update-ref refs/heads/feat/x {commit}; }}\n");
    fs::write(&hook, script).unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
}

#[tokio::test]
async fn git_tries_again_after_losing_its_push_to_a_dead_attempt() {
    let ground = Ground::new(1);
    let (dead, live) = (place("one", 1), place("one", 2));
    let first = ground.make(&dead, "feat/x").await.unwrap();
    let zombie = work(&first.path, "a", "zombie");
    ground.git.take(&ground.url, &dead, &zombie).await.unwrap();
    run(&first.path, &["push", "-q", ground.url.as_str(), "HEAD:refs/heads/elsewhere"]);
    let second = ground.make(&live, "feat/x").await.unwrap();
    let head = work(&second.path, "a", "live");
    moved_meanwhile(&ground, &zombie);
    ground.git.take(&ground.url, &live, &head).await.unwrap();
    let known = sent_by_dead(&zombie, &first);
    let lost = ground.push_knowing(&live, &second, &head, &known).await;
    assert_eq!(lost.class(), PushClass::Transient, "{lost:?}");
    let was = Some(zombie);
    assert_eq!(ground.push_knowing(&live, &second, &head, &known).await, Published::Pushed { head, was });
}

#[tokio::test]
async fn git_keeps_what_it_replaces_though_it_was_pushed_on_another_host() {
    let ground = Ground::new(1);
    let live = place("two", 1);
    let second = ground.make(&live, "feat/x").await.unwrap();
    let head = work(&second.path, "a", "live");
    // this host's vault and clone have never seen it
    let seed = ground.clone.with_file_name("seed");
    let theirs = work(&seed, "b", "theirs");
    run(&seed, &["push", "-q", ground.url.as_str(), "trunk:refs/heads/feat/x"]);
    ground.git.take(&ground.url, &live, &head).await.unwrap();
    let known = [Sent { commit: theirs.clone(), status: Status::Cancelled, own: false, start: None }];
    let was = Some(theirs.clone());
    assert_eq!(
        ground.push_knowing(&live, &second, &head, &known).await,
        Published::Pushed { head: head.clone(), was }
    );
    let kept = format!("refs/salvage/branch/feat/x/{}", theirs.short());
    assert_eq!(ground.file_at(&kept, "b"), b"theirs");
    assert_eq!(tip(&ground.vault(), &kept), Some(theirs));
}

#[tokio::test]
async fn git_replaces_nothing_that_began_at_work_which_the_new_commit_lacks() {
    let ground = Ground::new(1);
    let (one, two, three) = (place("one", 1), place("two", 1), place("three", 1));
    let zombie = ground.make(&one, "feat/x").await.unwrap();
    let late = work(&zombie.path, "a", "late");
    ground.git.take(&ground.url, &one, &late).await.unwrap();
    let done = ground.make(&two, "feat/x").await.unwrap();
    let finished = work(&done.path, "b", "finished");
    ground.publish(&two, &done).await;
    let dead = ground.make(&three, "feat/x").await.unwrap();
    let top = work(&dead.path, "c", "dead");
    ground.publish(&three, &dead).await;
    let sent = |commit: &CommitId, status, start: Option<&CommitId>| Sent {
        commit: commit.clone(),
        status,
        own: false,
        start: start.cloned(),
    };
    let known = [sent(&top, Status::Expired, Some(&finished)), sent(&finished, Status::Finished, None)];
    let refused = ground.push_knowing(&one, &zombie, &late, &known).await;
    assert!(
        matches!(&refused, Published::Conflict { found, .. } if *found == Some(top.clone())),
        "{refused:?}"
    );
    assert_eq!(ground.at_origin("feat/x"), Some(top));
}

#[tokio::test]
async fn git_answers_conflict_when_it_loses_its_push_to_somebody_else() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    work(&made.path, "a", "1");
    let seed = ground.clone.with_file_name("seed");
    let theirs = work(&seed, "b", "theirs");
    run(&seed, &["push", "-q", ground.url.as_str(), "trunk:refs/heads/elsewhere"]);
    moved_meanwhile(&ground, &theirs);
    let conflict = ground.publish(&one, &made).await;
    assert!(
        matches!(&conflict, Published::Conflict { found, .. } if *found == Some(theirs.clone())),
        "{conflict:?}"
    );
}

#[tokio::test]
async fn git_answers_conflict_when_somebody_else_moved_the_branch() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    work(&made.path, "a", "1");
    let seed = ground.clone.with_file_name("seed");
    let theirs = work(&seed, "b", "theirs");
    run(&seed, &["push", "-q", ground.url.as_str(), "trunk:feat/x"]);
    let conflict = ground.publish(&one, &made).await;
    assert!(
        matches!(&conflict, Published::Conflict { found, .. } if *found == Some(theirs.clone())),
        "{conflict:?}"
    );
    assert_eq!(ground.at_origin("feat/x"), Some(theirs));
}

#[tokio::test]
async fn git_answers_conflict_when_the_branch_was_deleted() {
    let ground = Ground::new(1);
    let (one, two) = (place("one", 1), place("two", 1));
    let made = ground.make(&one, "feat/x").await.unwrap();
    work(&made.path, "a", "1");
    ground.publish(&one, &made).await;
    let next = ground.make(&two, "feat/x").await.unwrap();
    work(&next.path, "b", "2");
    run(&ground.origin, &["update-ref", "-d", "refs/heads/feat/x"]);
    let gone = ground.publish(&two, &next).await;
    assert!(matches!(gone, Published::Conflict { found: None, .. }), "{gone:?}");
}

#[tokio::test]
async fn git_never_publishes_a_commit_that_drops_published_ones() {
    let ground = Ground::new(1);
    let (one, two) = (place("one", 1), place("two", 1));
    let made = ground.make(&one, "feat/x").await.unwrap();
    let kept = work(&made.path, "a", "1");
    ground.publish(&one, &made).await;
    let next = ground.make(&two, "feat/x").await.unwrap();
    run(&next.path, &["reset", "-q", "--hard", "HEAD~1"]);
    work(&next.path, "b", "2");
    let refused = ground.publish(&two, &next).await;
    assert!(
        matches!(&refused, Published::Conflict { found, .. } if *found == Some(kept.clone())),
        "{refused:?}"
    );
    assert_eq!(ground.at_origin("feat/x"), Some(kept));
}

#[tokio::test]
async fn git_publishes_after_the_vault_was_lost() {
    let ground = Ground::new(1);
    let (one, two) = (place("one", 1), place("two", 1));
    let made = ground.make(&one, "feat/x").await.unwrap();
    let first = work(&made.path, "a", "1");
    ground.publish(&one, &made).await;
    let next = ground.make(&two, "feat/x").await.unwrap();
    let second = work(&next.path, "b", "2");
    for entry in fs::read_dir(&ground.git.settings().vault_root).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "git") {
            fs::remove_dir_all(path).unwrap();
        }
    }
    assert_eq!(ground.publish(&two, &next).await, Published::Pushed { head: second, was: Some(first) });
}

#[tokio::test]
async fn git_tells_a_refusing_hook_from_a_conflict() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    work(&made.path, "a", "1");
    let hook = ground.origin.join("hooks/pre-receive");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, "#!/bin/sh\necho no such work, see https://me:hunter2@h/x >&2\nexit 1\n").unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    let answer = ground.publish(&one, &made).await;
    let Published::Failed(NotPushed { class: PushClass::Rejected, rule, why }) = &answer else {
        panic!("{answer:?}")
    };
    assert_eq!(*rule, Some(PushRule::Hook));
    assert!(why.contains("pre-receive hook declined") && why.contains("no such work"), "{why}");
    assert!(!why.contains("hunter2"), "{why}");
    // as a forge says that a branch is protected
    fs::write(&hook, "#!/bin/sh\necho Forgejo: Not allowed to push to protected branch feat/x >&2\nexit 1\n")
        .unwrap();
    let answer = ground.publish(&one, &made).await;
    let Published::Failed(protected) = &answer else { panic!("{answer:?}") };
    assert_eq!((protected.class, protected.rule), (PushClass::Rejected, Some(PushRule::ProtectedBranch)));
    assert_eq!(ground.at_origin("feat/x"), None);
}

#[tokio::test]
async fn git_says_that_a_remote_finds_a_push_too_large() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    // what cannot be made smaller
    let noise: String = (0..20_000_u32).map(|n| format!("{:08x}", n.wrapping_mul(2_654_435_761))).collect();
    work(&made.path, "a", &noise);
    run(&ground.origin, &["config", "receive.maxInputSize", "10k"]);
    let answer = ground.publish(&one, &made).await;
    assert_eq!(answer.class(), PushClass::TooLarge, "{answer:?}");
    assert_eq!(ground.at_origin("feat/x"), None);
}

#[tokio::test]
async fn git_answers_transient_when_the_remote_has_the_ref_locked() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    let head = work(&made.path, "a", "1");
    let lock = ground.origin.join("refs/heads/feat/x.lock");
    fs::create_dir_all(lock.parent().unwrap()).unwrap();
    fs::write(&lock, "").unwrap();
    let answer = ground.publish(&one, &made).await;
    assert_eq!(answer.class(), PushClass::Transient, "{answer:?}");
    fs::remove_file(&lock).unwrap();
    assert_eq!(ground.publish(&one, &made).await, Published::Pushed { head, was: None });
}

#[tokio::test]
async fn git_tells_a_branch_in_the_way_from_a_lock() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    work(&made.path, "a", "1");
    run(&ground.origin, &["update-ref", "refs/heads/feat", "refs/heads/trunk"]);
    let answer = ground.publish(&one, &made).await;
    assert_eq!(answer.class(), PushClass::Rejected, "{answer:?}");
}

#[tokio::test]
async fn git_publishes_only_what_is_in_the_vault_and_never_the_default_branch() {
    let ground = Ground::new(1);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    let head = work(&made.path, "a", "1");
    let trunk = branch("trunk");
    let ask = |branch| PublishAsk {
        url: &ground.url,
        sent: &[],
        place: &one,
        branch,
        head: &head,
        base: &made.base,
        expected: None,
    };
    let error = ground.git.publish(ask(&made.branch)).await.unwrap_err();
    assert!(matches!(error, GitError::NotInVault { .. }), "{error}");
    ground.git.take(&ground.url, &one, &head).await.unwrap();
    let answer = ground.git.publish(ask(&trunk)).await.unwrap();
    assert_eq!(answer.class(), PushClass::DefaultBranch, "{answer:?}");
    assert_eq!(ground.at_origin("trunk"), Some(made.base.clone()));
    let nowhere = CommitId::new("1".repeat(40)).unwrap();
    ground.git.take(&ground.url, &one, &nowhere).await.unwrap_err();
}

#[tokio::test(flavor = "multi_thread")]
async fn git_lets_one_of_two_pushes_win() {
    let ground = Ground::new(1);
    let (one, two) = (place("one", 1), place("two", 1));
    let first = ground.make(&one, "feat/x").await.unwrap();
    let a = work(&first.path, "a", "1");
    ground.git.take(&ground.url, &one, &a).await.unwrap();
    let second = ground.make(&two, "feat/x").await.unwrap();
    let b = work(&second.path, "b", "2");
    ground.git.take(&ground.url, &two, &b).await.unwrap();
    let (x, y) = tokio::join!(ground.push(&one, &first, &a), ground.push(&two, &second, &b));
    let won = [&x, &y].iter().filter(|p| matches!(p, Published::Pushed { .. })).count();
    let lost =
        [&x, &y].iter().filter(|p| matches!(p.class(), PushClass::Conflict | PushClass::Transient)).count();
    assert_eq!((won, lost), (1, 1), "{x:?} {y:?}");
    let at = tip(&ground.origin, "refs/heads/feat/x");
    assert_eq!(at, Some(if matches!(x, Published::Pushed { .. }) { a } else { b }));
}
