//! Pushes that take longer than a lease.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use sprintgate::domain::time::Millis;
use sprintgate::flow::wire::JobAnswer;
use sprintgate::flow::wire::ReportStatus::Done;
use sprintgate::flow::{FlowError, Settings, Sprintgate};
use sprintgate::git::{Git, GitSettings};

use super::world::{World, code, report, sh};
use crate::until::until;

/// The same server with a short lease, so that a sign of life is given every 30 ms.
async fn lively(world: &World) -> Sprintgate {
    let git = Git::new(GitSettings {
        worktree_root: world.dir.path().join("worktrees"),
        vault_root: world.dir.path().join("vault"),
        timeout: Duration::from_secs(60),
        credential_helper: None,
    });
    let settings = Settings { lease: Millis(90), ..world.app.settings().clone() };
    Sprintgate::new(world.store().await, git.unwrap(), settings)
}

/// A job that is ready to be done, and a remote whose hook waits until somebody writes into `go`.
async fn held_up(world: &World) -> JobAnswer {
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let job = world.claim(&world.worker).await;
    world.commit(&job, "src/a.rs", "two\n");
    world.verify(&world.worker, &job).await.unwrap();
    sh(world.dir.path(), "mkfifo go");
    let hook = world.origin().join("hooks/pre-receive");
    let script = format!("#!/bin/sh\ncd {}\n: > begun\nread line < go\n", world.dir.path().display());
    std::fs::write(&hook, script).unwrap();
    std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).unwrap();
    job
}

async fn lease_until(world: &World, job: &JobAnswer) -> Option<String> {
    world.app.show_job(&world.person, job.job_id.as_deref().unwrap()).await.unwrap().job.lease_until
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_stays_alive_while_its_push_takes_long() {
    let world = World::new().await;
    let job = held_up(&world).await;
    let app = lively(&world).await;
    let mut pushing = {
        let (ask, session) = (report(&job, Done), world.another_worker("w1"));
        tokio::spawn(async move { app.update_job_status(&session, ask).await })
    };
    let begun = world.dir.path().join("begun");
    until("the push waits", async || begun.exists()).await;
    let before = lease_until(&world, &job).await;
    // nearly all of the lease that the claim gave
    world.clock.fetch_add(299_950, std::sync::atomic::Ordering::SeqCst);
    until("its lease is renewed", async || lease_until(&world, &job).await > before).await;
    sh(world.dir.path(), "echo > go");
    let done = (&mut pushing).await.unwrap().unwrap();
    assert_eq!((done.status.as_str(), done.push_code.as_deref()), ("done", Some("PUSHED")));
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_stops_when_its_job_is_lost() {
    let world = World::new().await;
    let job = held_up(&world).await;
    let app = lively(&world).await;
    let pushing = {
        let (ask, session) = (report(&job, Done), world.another_worker("w1"));
        tokio::spawn(async move { app.update_job_status(&session, ask).await })
    };
    let begun = world.dir.path().join("begun");
    until("the push waits", async || begun.exists()).await;
    world.app.cancel_job(&world.person, job.job_id.as_deref().unwrap(), None).await.unwrap();
    // nobody ever writes into the pipe
    let refused: Result<_, FlowError> = pushing.await.unwrap();
    assert_eq!(code(refused), "JOB_CANCELLED");
    assert_eq!(sh(&world.origin(), "git for-each-ref refs/heads --format='%(refname)'"), "refs/heads/main");
    world.sound().await;
}
