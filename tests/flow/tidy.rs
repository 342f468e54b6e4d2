//! Worktrees of ended attempts: nothing is lost, nothing alive is touched.

use sprintgate::flow::wire::ReportStatus::Failed;
use sprintgate::flow::wire::WaitForJob;
use tokio_util::sync::CancellationToken;

use super::world::{World, id, sh, tree};

#[tokio::test]
async fn an_ended_attempts_work_is_kept_before_its_folder_goes() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let job = world.claim(&world.worker).await;
    world.commit(&job, "src/a.rs", "committed and not pushed\n");
    std::fs::write(tree(&job).join("note.txt"), "never committed").unwrap();
    assert_eq!(world.app.tidy_attempt(&id(&job), 1).await.unwrap().details[0].why, "held");
    assert!(tree(&job).is_dir());
    world.report(&world.worker, &job, Failed).await.unwrap();
    assert!(world.app.tidy().await.unwrap().removed.is_empty(), "whoever worked there has a grace time");
    world.pass(301);
    let tidied = world.app.tidy().await.unwrap();
    assert_eq!(tidied.removed.len(), 1, "{tidied:?}");
    assert!(!tree(&job).exists());
    let kept = format!("refs/salvage/{}/1", job.job_id.as_deref().unwrap());
    assert_eq!(sh(&world.vault(), &format!("git show {kept}:note.txt")), "never committed");
    assert_eq!(sh(&world.vault(), &format!("git show {kept}:src/a.rs")), "committed and not pushed");
    // Whoever looks at the job is told.
    let shown = world.app.show_job(&world.person, job.job_id.as_deref().unwrap()).await.unwrap();
    let told = shown.attempts[0].kept.as_ref().unwrap();
    assert_eq!((told.reference.as_str(), told.kind.as_str(), told.paths), (kept.as_str(), "BOTH", 1));
    assert_eq!(told.commit, sh(&world.vault(), &format!("git rev-parse {kept}")).trim());
}

/// The next attempt on the branch neither waits for the dead one's worktree nor clears it away.
#[tokio::test]
async fn work_of_a_dead_attempt_is_kept_beside_its_successor() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let job = world.claim(&world.worker).await;
    let id_of = job.job_id.as_deref().unwrap();
    std::fs::write(tree(&job).join("note.txt"), "never committed").unwrap();
    world.pass(301);
    world.app.sweep().await.unwrap();
    let next = world.claim(&world.another_worker("next")).await;
    assert_eq!((next.job_id.as_deref(), next.attempt), (Some(id_of), Some(2)));
    assert!(tree(&job).is_dir() && !tree(&next).join("note.txt").exists());
    world.pass(301);
    let tidied = world.app.tidy().await.unwrap();
    assert_eq!((tidied.removed.len(), tidied.kept.len()), (1, 1), "{tidied:?}");
    assert!(!tree(&job).exists() && tree(&next).is_dir());
    let shown = world.app.show_job(&world.person, id_of).await.unwrap();
    let told: Vec<_> =
        shown.attempts.iter().map(|attempt| attempt.kept.as_ref().map(|kept| &*kept.kind)).collect();
    assert_eq!(told, [Some("CHANGES"), None]);
}

/// A claim that is told again finds its worktree gone. The commit that the server has taken of it is kept before the
/// worktree is made anew, and that is told of though the making fails.
#[tokio::test]
async fn work_that_a_making_kept_before_it_failed_is_told_of() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let ask = WaitForJob { wait_seconds: Some(0), request_id: Some("w".into()), ..WaitForJob::default() };
    let gone = CancellationToken::new();
    let job = world.app.wait_for_job(&world.worker, ask.clone(), &gone).await.unwrap();
    let id_of = job.job_id.as_deref().unwrap();
    let commit = world.commit(&job, "src/a.rs", "taken by the server\n");
    world.verify(&world.worker, &job).await.unwrap();
    std::fs::remove_dir_all(tree(&job)).unwrap();
    // A name that no file system takes.
    let long = format!(
        "git update-index --add --cacheinfo 100644,$(git rev-parse HEAD:README.md),{} && git commit -qm long \
         && git push -q origin HEAD:main",
        "x".repeat(300)
    );
    sh(&world.clone_dir(), &long);
    let failed = world.app.wait_for_job(&world.worker, ask, &gone).await.unwrap_err();
    assert_eq!(failed.code(), "GIT_FAILED", "{failed}");
    assert!(!tree(&job).exists());
    let kept = format!("refs/salvage/{id_of}/1");
    assert_eq!(sh(&world.vault(), &format!("git rev-parse {kept}")), commit);
    let shown = world.app.show_job(&world.person, id_of).await.unwrap();
    let told = shown.attempts[0].kept.as_ref().map(|kept| (kept.reference.as_str(), kept.kind.as_str()));
    assert_eq!(told, Some((kept.as_str(), "COMMITS")));
}

#[tokio::test]
async fn folders_that_are_not_ours_are_only_reported() {
    let world = World::new().await;
    let foreign = world.dir.path().join("worktrees/holiday-pictures");
    std::fs::create_dir_all(&foreign).unwrap();
    let unknown = world.dir.path().join("worktrees/0123456789abcdef-a1");
    std::fs::create_dir_all(&unknown).unwrap();
    let tidied = world.app.tidy().await.unwrap();
    assert_eq!((tidied.skipped.len(), tidied.removed.len()), (2, 0), "{tidied:?}");
    assert!(foreign.is_dir() && unknown.is_dir());
}
