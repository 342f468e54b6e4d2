//! Pushes that fail, and a cancel that comes while one is under way.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sprintgate::flow::wire::JobAnswer;
use sprintgate::flow::wire::ReportStatus::Done;

use super::world::{World, code, sh, tree};

fn hook(world: &World, script: &str) {
    let path = world.origin().join("hooks/pre-receive");
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// The server's side of every push waits, for at most ten seconds, until `go` is there; `begun` tells that one waits.
fn held_up(world: &World) -> (PathBuf, PathBuf) {
    let (begun, go) = (world.dir.path().join("begun"), world.dir.path().join("go"));
    let (begins, goes) = (begun.display(), go.display());
    hook(
        world,
        &format!(
            "touch {begins}; n=0; while [ ! -e {goes} ] && [ $n -lt 200 ]; do sleep 0.05; n=$((n+1)); done"
        ),
    );
    (begun, go)
}

async fn there(path: &Path) {
    while !path.exists() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_rejected_push_fails_the_job_and_keeps_the_work() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")], &[("two", "- `src/b.rs`", "ALIGNED")]]).await;
    hook(&world, "echo not on my watch >&2; exit 1");
    let job = world.claim(&world.worker).await;
    let ended = world.carry_out(&world.worker, &job, "src/a.rs").await;
    assert_eq!((ended.status.as_str(), ended.end_cause.as_deref()), ("failed", Some("push")));
    assert!(ended.error.unwrap().starts_with("push failed (rejected): hook: "));
    assert_eq!(
        (ended.push_code.as_deref(), ended.push_rule.as_deref()),
        (Some("PUSH_REJECTED"), Some("hook"))
    );
    // The same report again is answered alike, and the ledger says it too.
    let again = world.report(&world.worker, &job, Done).await.unwrap();
    assert_eq!((again.push_code, again.push_rule, again.replayed), (ended.push_code, ended.push_rule, true));
    let shown = world.app.show_job(&world.person, job.job_id.as_deref().unwrap()).await.unwrap();
    let facts = &shown.history.last().unwrap().facts;
    assert!(facts.contains("PUSH_REJECTED") && facts.contains("hook"), "{facts}");
    // A failure of the surroundings: no sibling is touched, and the worktree stays for a look.
    assert_eq!(world.jobs().await, ["T-1 FAILED push", "T-2 QUEUED"]);
    world.pass(10_000);
    let tidied = world.app.tidy().await.unwrap();
    assert!(tidied.removed.is_empty() && tree(&job).is_dir(), "{tidied:?}");
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_during_the_push_is_never_overwritten() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let (begun, go) = held_up(&world);
    let job = world.claim(&world.worker).await;
    world.commit(&job, "src/a.rs", "two\n");
    world.verify(&world.worker, &job).await.unwrap();
    let cancel = async {
        there(&begun).await;
        world.app.cancel_job(&world.person, job.job_id.as_deref().unwrap(), Some("stop")).await.unwrap();
        std::fs::write(&go, "").unwrap();
    };
    let (done, ()) = tokio::join!(world.report(&world.worker, &job, Done), cancel);
    assert_eq!(code(done), "JOB_CANCELLED");
    assert_eq!(world.jobs().await, ["T-1 CANCELLED user"]);
    world.sound().await;
}

#[tokio::test]
async fn a_push_whose_answer_was_lost_is_found_done() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let job = world.claim(&world.worker).await;
    let head = world.commit(&job, "src/a.rs", "two\n");
    world.verify(&world.worker, &job).await.unwrap();
    let branch = job.branch_name.clone().unwrap();
    // As if the process had died between the push and the row.
    sh(&tree(&job), &format!("git push -q origin HEAD:refs/heads/{branch}"));
    let done = world.report(&world.worker, &job, Done).await.unwrap();
    assert_eq!((done.status.as_str(), done.head_sha), ("done", Some(head)));
}

#[tokio::test]
async fn a_push_that_may_succeed_later_leaves_the_job_with_its_worker() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let job = world.claim(&world.worker).await;
    world.commit(&job, "src/a.rs", "two\n");
    world.verify(&world.worker, &job).await.unwrap();
    let lock = world.origin().join(format!("refs/heads/{}.lock", job.branch_name.as_deref().unwrap()));
    std::fs::create_dir_all(lock.parent().unwrap()).unwrap();
    std::fs::write(&lock, "").unwrap();
    let refused = world.report(&world.worker, &job, Done).await.unwrap_err().to_json();
    let told = (&refused["code"], &refused["facts"]["push_code"], &refused["retry"]);
    assert_eq!(told, (&"PUSH_RETRY".into(), &"PUSH_TRANSIENT".into(), &"later".into()), "{refused}");
    std::fs::remove_file(&lock).unwrap();
    let done = world.report(&world.worker, &job, Done).await.unwrap();
    assert_eq!(
        (done.status.as_str(), done.push_code.as_deref(), done.push_rule),
        ("done", Some("PUSHED"), None)
    );
}

#[tokio::test]
async fn a_foreign_commit_on_the_branch_is_a_conflict() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let job = world.claim(&world.worker).await;
    let branch = job.branch_name.clone().unwrap();
    sh(
        &world.clone_dir(),
        &format!(
            "git checkout -q --detach && echo z > z && git add z && git commit -qm z && git push -q origin HEAD:refs/heads/{branch}"
        ),
    );
    let ended = world.carry_out(&world.worker, &job, "src/a.rs").await;
    assert_eq!(ended.status, "failed");
    assert!(ended.error.unwrap().starts_with("push failed (conflict)"));
    assert_eq!((ended.push_code.as_deref(), ended.push_rule), (Some("PUSH_CONFLICT"), None));
    assert_ne!(sh(&world.origin(), &format!("git log -1 --format=%s {branch}")), "work");
}

#[tokio::test]
async fn work_that_was_pushed_by_an_attempt_that_died_is_judged_and_done_by_the_next() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let job = world.claim(&world.worker).await;
    let head = world.commit(&job, "src/a.rs", "two\n");
    world.verify(&world.worker, &job).await.unwrap();
    let branch = job.branch_name.clone().unwrap();
    // The process dies between the push and the row, and nobody comes back for the attempt.
    sh(&tree(&job), &format!("git push -q origin HEAD:refs/heads/{branch}"));
    world.pass(301);
    let again = world.claim(&world.worker).await;
    assert_eq!((again.attempt, &again.base_sha), (Some(2), &job.base_sha));
    assert_eq!(sh(&tree(&again), "git rev-parse HEAD"), head);
    assert_eq!(world.verify(&world.worker, &again).await.unwrap().result, "aligned");
    let done = world.report(&world.worker, &again, Done).await.unwrap();
    assert_eq!((done.status.as_str(), done.head_sha), ("done", Some(head)));
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_that_the_gate_did_not_follow_is_followed_by_the_next_one() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let (begun, go) = held_up(&world);
    let job = world.claim(&world.worker).await;
    world.commit(&job, "src/a.rs", "two\n");
    world.verify(&world.worker, &job).await.unwrap();
    let amend = async {
        there(&begun).await;
        // Under the push the agent thinks better of it, and has the better commit judged.
        sh(&tree(&job), "echo three > src/a.rs && git commit -q -a --amend -m better");
        world.verify(&world.worker, &job).await.unwrap();
        std::fs::write(&go, "").unwrap();
    };
    let (done, ()) = tokio::join!(world.report(&world.worker, &job, Done), amend);
    assert_eq!(code(done), "VERIFY_STALE");
    let head = sh(&tree(&job), "git rev-parse HEAD");
    let done = world.report(&world.worker, &job, Done).await.unwrap();
    assert_eq!((done.status.as_str(), done.head_sha.as_ref(), done.error), ("done", Some(&head), None));
    let branch = job.branch_name.clone().unwrap();
    assert_eq!(sh(&world.origin(), &format!("git rev-parse {branch}")), head);
    world.sound().await;
}

/// How a worker loses its job in the middle of its push.
#[derive(Clone, Copy)]
enum Loss {
    Cancelled,
    Expired,
}

/// A push that gets to the remote after its worker has lost the job, and after the next attempt on the branch has
/// begun: that attempt, and the commit that came late.
async fn pushed_late(world: &World, loss: Loss) -> (JobAnswer, String) {
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED"), ("two", "- `src/a.rs`", "ALIGNED")]]).await;
    let (begun, go) = held_up(world);
    let job = world.claim(&world.worker).await;
    let late = world.commit(&job, "src/a.rs", "late\n");
    world.verify(&world.worker, &job).await.unwrap();
    let branch = job.branch_name.clone().unwrap();
    let heir = world.another_worker("w2");
    let lose = async {
        there(&begun).await;
        match loss {
            Loss::Cancelled => {
                let id = job.job_id.as_deref().unwrap();
                world.app.cancel_job(&world.person, id, Some("stop")).await.unwrap();
            }
            Loss::Expired => world.pass(301),
        }
        let next = world.claim(&heir).await;
        std::fs::write(&go, "").unwrap();
        next
    };
    let (done, next) = tokio::join!(world.report(&world.worker, &job, Done), lose);
    let told = match loss {
        Loss::Cancelled => "JOB_CANCELLED",
        Loss::Expired => "LEASE_LOST",
    };
    assert_eq!(code(done), told);
    assert_eq!(next.branch_name.as_ref(), Some(&branch));
    assert_eq!(sh(&world.origin(), &format!("git rev-parse {branch}")), late);
    (next, late)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_push_of_a_cancelled_job_gives_way_to_the_next_job_and_is_kept() {
    let world = World::new().await;
    let (next, late) = pushed_late(&world, Loss::Cancelled).await;
    assert_eq!(next.task.as_ref().unwrap().code, "T-2");
    let ended = world.carry_out(&world.another_worker("w2"), &next, "src/a.rs").await;
    assert_eq!((ended.status.as_str(), ended.error), ("done", None));
    assert_eq!(world.jobs().await, ["T-1 CANCELLED user", "T-2 DONE finished"]);
    let (branch, head) = (next.branch_name.unwrap(), ended.head_sha.unwrap());
    assert_eq!(sh(&world.origin(), &format!("git rev-parse {branch}")), head);
    // The cancelled work is not in what the next job published, and it is not lost.
    assert_eq!(sh(&world.origin(), &format!("git log --format=%H {branch} | grep -c {late} || true")), "0");
    let kept = format!("git rev-parse refs/salvage/branch/{branch}/{}", &late[..10]);
    assert_eq!(sh(&world.vault(), &kept), late);
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_push_of_an_expired_attempt_gives_way_to_the_next_attempt() {
    let world = World::new().await;
    let (next, late) = pushed_late(&world, Loss::Expired).await;
    assert_eq!((next.task.as_ref().unwrap().code.as_str(), next.attempt), ("T-1", Some(2)));
    let ended = world.carry_out(&world.another_worker("w2"), &next, "src/a.rs").await;
    assert_eq!((ended.status.as_str(), ended.error), ("done", None));
    let branch = next.branch_name.unwrap();
    assert_eq!(sh(&world.origin(), &format!("git rev-parse {branch}")), ended.head_sha.unwrap());
    let kept = format!("git rev-parse refs/salvage/branch/{branch}/{}", &late[..10]);
    assert_eq!(sh(&world.vault(), &kept), late);
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_commit_on_a_late_push_is_a_conflict() {
    let world = World::new().await;
    let (next, _) = pushed_late(&world, Loss::Cancelled).await;
    let branch = next.branch_name.clone().unwrap();
    let person = format!(
        "git clone -q -b {branch} {} person && cd person && echo z > z && git add z && git commit -qm theirs && \
         git push -q origin {branch} && git rev-parse HEAD",
        world.origin().display()
    );
    let theirs = sh(world.dir.path(), &person);
    let ended = world.carry_out(&world.another_worker("w2"), &next, "src/a.rs").await;
    assert_eq!((ended.status.as_str(), ended.end_cause.as_deref()), ("failed", Some("push")));
    assert!(ended.error.unwrap().starts_with("push failed (conflict)"));
    assert_eq!(sh(&world.origin(), &format!("git rev-parse {branch}")), theirs);
    world.sound().await;
}
