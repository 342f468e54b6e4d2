//! Leases, fences and late writers.

use sprintgate::flow::wire::ReportStatus::{Done, Failed, Running, Skipped};

use super::world::{World, code, id};

const LEASE: i64 = 300;

#[tokio::test]
async fn a_late_writer_always_gets_lease_lost() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let old = world.claim(&world.worker).await;
    world.commit(&old, "src/a.rs", "old\n");
    world.verify(&world.worker, &old).await.unwrap();
    world.pass(LEASE + 1);
    let second = world.another_worker("w2");
    let new = world.claim(&second).await;
    assert_eq!((&new.job_id, new.attempt), (&old.job_id, Some(2)));
    assert_ne!(new.worktree_path, old.worktree_path);

    // One token for both, so that nothing but the attempt's number tells them apart.
    let before = world.job(old.job_id.as_deref().unwrap()).await;
    for status in [Running, Done, Failed, Skipped] {
        assert_eq!(code(world.report(&world.worker, &old, status).await), "LEASE_LOST", "{status:?}");
    }
    assert_eq!(code(world.beat(&world.worker, &old).await), "LEASE_LOST");
    assert_eq!(code(world.verify(&world.worker, &old).await), "LEASE_LOST");
    assert_eq!(code(world.app.give_back(&world.worker, &id(&old), 1, "late").await), "LEASE_LOST");
    let mut unnumbered = old.clone();
    unnumbered.attempt = None;
    assert_eq!(
        code(world.report(&world.worker, &unnumbered, Done).await),
        "LEASE_LOST",
        "the session's own claim"
    );
    assert_eq!(world.job(old.job_id.as_deref().unwrap()).await, before);

    // The old verdict is not the new attempt's.
    assert_eq!(code(world.report(&second, &new, Done).await), "NOT_VERIFIED");
    world.carry_out(&second, &new, "src/a.rs").await;
    assert_eq!(code(world.report(&world.worker, &old, Done).await), "LEASE_LOST");
    world.sound().await;
}

#[tokio::test]
async fn a_sign_of_life_keeps_the_job() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let job = world.claim(&world.worker).await;
    for _ in 0..5 {
        world.pass(LEASE - 1);
        world.beat(&world.worker, &job).await.unwrap();
        assert_eq!(world.wait(&world.another_worker("w2")).await.unwrap().status, "timeout");
    }
    world.carry_out(&world.worker, &job, "src/a.rs").await;
}

#[tokio::test]
async fn the_third_expiry_fails_the_job_and_not_its_siblings() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")], &[("two", "- `src/b.rs`", "ALIGNED")]]).await;
    for attempt in 1..=3 {
        let job = world.claim(&world.worker).await;
        assert_eq!((job.task.unwrap().title.as_str(), job.attempt), ("one", Some(attempt)));
        world.pass(LEASE + 1);
    }
    let swept = world.app.sweep().await.unwrap();
    assert_eq!((swept.requeued.len(), swept.failed.len()), (0, 1));
    assert_eq!(world.jobs().await, ["T-1 FAILED expired", "T-2 QUEUED"]);
    assert_eq!(world.board().await[0], "run RUNNING sprint FAILED");
    let other = world.claim(&world.worker).await;
    world.carry_out(&world.worker, &other, "src/b.rs").await;
    assert_eq!(world.board().await[0], "run FAILED sprint FAILED");
    // The run names what failed, and not the last job that ended.
    let reason = world.app.board(&world.person).await.unwrap().runs[0].failure_reason.clone().unwrap();
    assert!(reason.contains("gave no sign of life"), "{reason}");
    let failed = "SELECT t.code FROM sprint_runs r JOIN tasks t ON t.id = r.failed_task_id";
    let codes: Vec<String> = sqlx::query_scalar(failed).fetch_all(&mut world.raw().await).await.unwrap();
    assert_eq!(codes, ["T-1"]);
    world.sound().await;
}

#[tokio::test]
async fn a_given_back_job_waits_longer_each_time() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    for (attempt, wait) in [(1, 10), (2, 20)] {
        let job = world.claim(&world.worker).await;
        world.report(&world.worker, &job, Running).await.unwrap();
        let line = world.app.give_back(&world.worker, &id(&job), attempt, "no agent").await.unwrap();
        assert_eq!(line.status, "QUEUED");
        world.pass(wait - 1);
        assert_eq!(world.wait(&world.worker).await.unwrap().status, "timeout");
        world.pass(1);
    }
    let job = world.claim(&world.worker).await;
    let line = world.app.give_back(&world.worker, &id(&job), 3, "no agent").await.unwrap();
    assert_eq!((line.status.as_str(), line.end_cause.as_deref()), ("FAILED", Some("given_back")));
    world.sound().await;
}

#[tokio::test]
async fn workers_in_a_crowd_never_share_a_job() {
    let world = World::new().await;
    let tasks: Vec<[(&str, &str, &str); 1]> = (0..12).map(|_| [("t", "- `src/a.rs`", "ANY")]).collect();
    let stories: Vec<&[(&str, &str, &str)]> = tasks.iter().map(|t| &t[..]).collect();
    world.begin(&stories).await;
    let sessions: Vec<_> = (0..6).map(|n| world.another_worker(&format!("crowd-{n}"))).collect();
    let claims = sessions.iter().map(|session| async {
        let mut mine = Vec::new();
        while let Ok(answer) = world.wait(session).await {
            match answer.job_id {
                Some(job) => mine.push(job),
                None => break,
            }
        }
        mine
    });
    let mut all: Vec<String> = futures(claims).await.into_iter().flatten().collect();
    all.sort();
    let before = all.len();
    all.dedup();
    assert_eq!((before, all.len()), (12, 12));
    world.sound().await;
}

/// Runs all of them at once on this task.
async fn futures<F: Future>(all: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut pending: Vec<_> = all.map(|one| (Box::pin(one), None)).collect();
    std::future::poll_fn(|cx| {
        for (future, output) in &mut pending {
            if output.is_none()
                && let std::task::Poll::Ready(value) = future.as_mut().poll(cx)
            {
                *output = Some(value);
            }
        }
        match pending.iter().all(|(_, output)| output.is_some()) {
            true => std::task::Poll::Ready(()),
            false => std::task::Poll::Pending,
        }
    })
    .await;
    pending.into_iter().map(|(_, output)| output.unwrap()).collect()
}
