//! Repeated calls: the same answer, and never a second effect.

use sprintgate::flow::wire::ReportStatus::{Done, Failed, Running};
use sprintgate::flow::wire::{CreatePbi, Reported, UpdateJobStatus, WaitForJob};
use tokio_util::sync::CancellationToken;

use super::world::{World, code, report};

#[tokio::test]
async fn the_same_outcome_again_is_answered_from_what_is_stored() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let job = world.claim(&world.worker).await;
    let first = world.carry_out(&world.worker, &job, "src/a.rs").await;
    let again = world.report(&world.worker, &job, Done).await.unwrap();
    assert_eq!(again, Reported { replayed: true, ..first });
    assert_eq!(code(world.report(&world.worker, &job, Failed).await), "ALREADY_TERMINAL");
    world.sound().await;
}

#[tokio::test]
async fn a_request_id_replays_and_refuses_other_arguments() {
    let world = World::new().await;
    let product_id = world.app.list_products(&world.person).await.unwrap().result[0].id.clone();
    let ask = CreatePbi {
        product_id,
        title: "once".into(),
        priority: 1,
        request_id: Some("r1".into()),
        ..CreatePbi::default()
    };
    let first = world.app.create_pbi(&world.worker, ask.clone()).await.unwrap();
    assert_eq!(world.app.create_pbi(&world.worker, ask.clone()).await.unwrap(), first);
    let other = CreatePbi { title: "twice".into(), ..ask };
    assert_eq!(code(world.app.create_pbi(&world.worker, other).await), "IDEMPOTENCY_MISMATCH");
}

#[tokio::test]
async fn a_claim_whose_answer_was_lost_is_told_again() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")], &[("two", "- `src/a.rs`", "ALIGNED")]]).await;
    let ask = WaitForJob { wait_seconds: Some(0), request_id: Some("w".into()), ..WaitForJob::default() };
    let gone = CancellationToken::new();
    let first = world.app.wait_for_job(&world.worker, ask.clone(), &gone).await.unwrap();
    world.commit(&first, "src/a.rs", "kept\n");
    let again = world.app.wait_for_job(&world.worker, ask, &gone).await.unwrap();
    assert_eq!(
        (&again.job_id, again.attempt, &again.worktree_path),
        (&first.job_id, Some(1), &first.worktree_path)
    );
    assert_eq!(again.base_sha, first.base_sha);
    assert_eq!(world.jobs().await, ["T-1 CLAIMED", "T-2 QUEUED"]);
    world.carry_out(&world.worker, &again, "src/a.rs").await;
}

#[tokio::test]
async fn a_refused_report_can_be_made_again_under_its_request_id() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let job = world.claim(&world.worker).await;
    let ask = UpdateJobStatus { request_id: Some("d".into()), ..report(&job, Done) };
    assert_eq!(code(world.app.update_job_status(&world.worker, ask.clone()).await), "NOT_VERIFIED");
    world.commit(&job, "src/a.rs", "two\n");
    world.verify(&world.worker, &job).await.unwrap();
    assert!(!world.app.update_job_status(&world.worker, ask.clone()).await.unwrap().replayed);
    assert!(world.app.update_job_status(&world.worker, ask).await.unwrap().replayed);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_report_twice_at_once_has_one_effect_and_one_answer() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let job = world.claim(&world.worker).await;
    let same = |status, id: &str| UpdateJobStatus { request_id: Some(id.into()), ..report(&job, status) };
    for (status, request) in [(Running, "r"), (Done, "d")] {
        if status == Done {
            world.commit(&job, "src/a.rs", "two\n");
            world.verify(&world.worker, &job).await.unwrap();
        }
        let (one, two, three) = tokio::join!(
            world.app.update_job_status(&world.worker, same(status, request)),
            world.app.update_job_status(&world.worker, same(status, request)),
            world.app.update_job_status(&world.worker, same(status, request)),
        );
        let answers = [one.unwrap(), two.unwrap(), three.unwrap()];
        assert_eq!(answers.iter().filter(|answer| !answer.replayed).count(), 1, "{status:?}");
        let plain = |answer: &Reported| Reported { replayed: false, ..answer.clone() };
        assert!(answers.iter().all(|answer| plain(answer) == plain(&answers[0])), "{status:?}");
    }
    world.sound().await;
}

#[tokio::test]
async fn a_repeated_wait_that_nobody_hears_takes_the_job_from_nobody() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let ask = WaitForJob { wait_seconds: Some(0), request_id: Some("w".into()), ..WaitForJob::default() };
    let first = world.app.wait_for_job(&world.worker, ask.clone(), &CancellationToken::new()).await.unwrap();
    std::fs::write(super::world::tree(&first).join("half"), "at work").unwrap();
    // The clone is away for a moment: the first answer was heard, and its agent works.
    let clone = world.clone_dir();
    std::fs::rename(&clone, clone.with_extension("away")).unwrap();
    let again = world.app.wait_for_job(&world.worker, ask.clone(), &CancellationToken::new()).await;
    assert_eq!(code(again), "NO_REPO_ROOT");
    std::fs::rename(clone.with_extension("away"), &clone).unwrap();
    assert_eq!(world.jobs().await, ["T-1 CLAIMED"]);
    assert!(super::world::tree(&first).join("half").exists());
    world.beat(&world.worker, &first).await.unwrap();
    // A new connection repeats the wait, and then speaks for what it was told.
    let anew = world.another_worker("w1");
    let told = world.app.wait_for_job(&anew, ask, &CancellationToken::new()).await.unwrap();
    assert_eq!(anew.claimed(&super::world::id(&told)), Some(1));
}
