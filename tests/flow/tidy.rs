//! Worktrees of ended attempts: nothing is lost, nothing alive is touched.

use sprintgate::flow::wire::ReportStatus::Failed;

use super::world::{World, id, sh, tree};

#[tokio::test]
async fn an_ended_attempts_work_is_kept_before_its_folder_goes() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let job = world.claim(&world.worker).await;
    world.commit(&job, "src/a.rs", "committed and not pushed\n");
    std::fs::write(tree(&job).join("note.txt"), "never committed").unwrap();
    assert!(world.app.tidy_attempt(&id(&job), 1).await.unwrap().kept[0].contains("holds the job"));
    assert!(tree(&job).is_dir());
    world.report(&world.worker, &job, Failed).await.unwrap();
    assert!(world.app.tidy().await.unwrap().removed.is_empty(), "whoever worked there has a grace time");
    world.pass(301);
    let tidied = world.app.tidy().await.unwrap();
    assert_eq!(tidied.removed.len(), 1, "{tidied:?}");
    assert!(!tree(&job).exists());
    let kept = format!("refs/salvage/{}/1", job.job_id.as_deref().unwrap());
    assert_eq!(sh(&world.clone_dir(), &format!("git show {kept}:note.txt")), "never committed");
    assert_eq!(sh(&world.clone_dir(), &format!("git show {kept}:src/a.rs")), "committed and not pushed");
    // Whoever looks at the job is told.
    let shown = world.app.show_job(&world.person, job.job_id.as_deref().unwrap()).await.unwrap();
    let told = shown.attempts[0].kept.as_ref().unwrap();
    assert_eq!((told.reference.as_str(), told.kind.as_str(), told.paths), (kept.as_str(), "BOTH", 1));
    assert_eq!(told.commit, sh(&world.clone_dir(), &format!("git rev-parse {kept}")).trim());
}

/// What the next attempt on the branch finds in its way is kept, too.
#[tokio::test]
async fn work_that_the_next_attempt_clears_away_is_told_of() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let job = world.claim(&world.worker).await;
    let id_of = job.job_id.as_deref().unwrap();
    std::fs::write(tree(&job).join("note.txt"), "never committed").unwrap();
    world.pass(301);
    world.app.sweep().await.unwrap();
    let next = world.claim(&world.another_worker("next")).await;
    assert_eq!((next.job_id.as_deref(), next.attempt), (Some(id_of), Some(2)));
    assert!(!tree(&job).exists());
    let shown = world.app.show_job(&world.person, id_of).await.unwrap();
    let told: Vec<_> =
        shown.attempts.iter().map(|attempt| attempt.kept.as_ref().map(|kept| &*kept.kind)).collect();
    assert_eq!(told, [Some("CHANGES"), None]);
}

/// A making that fails has kept what was in its way, and that is told of all the same.
#[tokio::test]
async fn work_that_a_making_kept_before_it_failed_is_told_of() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let job = world.claim(&world.worker).await;
    let (id_of, branch) = (job.job_id.as_deref().unwrap(), job.branch_name.as_deref().unwrap());
    std::fs::write(tree(&job).join("note.txt"), "never committed").unwrap();
    // No branch can have a name below which there is another one.
    let below =
        format!("git update-ref -d refs/heads/{branch} && git update-ref refs/heads/{branch}/below HEAD");
    sh(&world.clone_dir(), &below);
    world.pass(301);
    world.app.sweep().await.unwrap();
    let failed = world.wait(&world.another_worker("next")).await.unwrap_err();
    assert_eq!(failed.code(), "GIT_FAILED", "{failed}");
    assert!(!tree(&job).exists());
    let kept = format!("refs/salvage/{id_of}/1");
    assert_eq!(sh(&world.clone_dir(), &format!("git show {kept}:note.txt")), "never committed");
    let shown = world.app.show_job(&world.person, id_of).await.unwrap();
    let told = shown.attempts[0].kept.as_ref().map(|kept| (kept.reference.as_str(), kept.kind.as_str()));
    assert_eq!(told, Some((kept.as_str(), "CHANGES")));
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
