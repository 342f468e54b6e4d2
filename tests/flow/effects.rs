//! Worktrees of attempts that were taken from their workers: removed on their machine, with their work kept, or the
//! reason is there to be read.

use sprintgate::flow::wire::ReportStatus::Failed;
use sprintgate::flow::{Handlers, Performed};
use sprintgate::store::Confirmation;
use tokio_util::sync::CancellationToken;

use super::world::{World, id, sh, tree};

/// The lease of a job, and of an effect, in seconds.
const LEASE: i64 = 300;

impl World {
    pub(super) async fn perform(&self) -> Performed {
        let handlers: Handlers = self.app.effect_handlers(id_of("w1"));
        self.app.run_effects(&handlers, 100, &CancellationToken::new()).await.unwrap()
    }

    /// Every effect as `status attempt`, oldest first.
    async fn effects(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for status in [None, Some(sprintgate::domain::effect::Status::Done)] {
            for effect in self.app.list_effects(&self.person, status, 100).await.unwrap().result {
                let shown = self.app.show_effect(&self.person, &effect.effect_id).await.unwrap();
                lines.push(format!("{} {} {}", effect.kind, effect.status, shown.payload["attempt"]));
            }
        }
        lines
    }
}

fn id_of(name: &str) -> sprintgate::domain::id::WorkerId {
    sprintgate::domain::id::WorkerId::new(name).unwrap()
}

#[tokio::test]
async fn the_worktree_of_a_worker_that_died_goes_and_its_work_is_kept() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let job = world.claim(&world.worker).await;
    std::fs::write(tree(&job).join("note.txt"), "never committed").unwrap();
    world.pass(LEASE + 1);
    world.app.sweep().await.unwrap();
    assert_eq!(world.effects().await, ["remove_worktree PENDING 1"]);
    assert_eq!(world.perform().await, Performed::default(), "the worker may not have noticed yet");
    world.pass(LEASE);
    assert_eq!(world.perform().await, Performed::default());
    assert!(tree(&job).is_dir());
    world.pass(1);
    assert_eq!(world.perform().await, Performed { done: 1, ..Performed::default() });
    assert!(!tree(&job).exists());
    assert_eq!(world.effects().await, ["remove_worktree DONE 1"]);
    let kept = format!("refs/salvage/{}/1", job.job_id.as_deref().unwrap());
    assert_eq!(sh(&world.vault(), &format!("git show {kept}:note.txt")), "never committed");
    let done = &world
        .app
        .list_effects(&world.person, Some(sprintgate::domain::effect::Status::Done), 1)
        .await
        .unwrap();
    let shown = world.app.show_effect(&world.person, &done.result[0].effect_id).await.unwrap();
    assert!(shown.history.last().unwrap().facts.contains(&kept), "{shown:?}");
    world.sound().await;
}

#[tokio::test]
async fn who_was_told_to_stop_has_its_time_and_who_ends_on_its_own_word_leaves_no_effect() {
    let world = World::new().await;
    world
        .begin(&[
            &[("one", "- `src/a.rs`", "ANY")],
            &[("two", "- `src/b.rs`", "ANY")],
            &[("three", "- `src/c.rs`", "ANY")],
        ])
        .await;
    let (told, own, gone) = (
        world.claim(&world.worker).await,
        world.claim(&world.worker).await,
        world.claim(&world.worker).await,
    );
    world.app.cancel_job(&world.person, told.job_id.as_deref().unwrap(), None).await.unwrap();
    world.app.cancel_job(&world.person, gone.job_id.as_deref().unwrap(), None).await.unwrap();
    assert_eq!(world.effects().await.len(), 2);
    world.app.confirm_stop(&world.worker, &id(&told), 1, Confirmation::Confirmed).await.unwrap();
    assert_eq!(world.app.tidy_attempt(&id(&told), 1).await.unwrap().removed.len(), 1);
    world.report(&world.worker, &own, Failed).await.unwrap();
    assert_eq!(world.effects().await.len(), 2, "its worker removes it itself");
    world.pass(LEASE + 1);
    assert_eq!(world.perform().await.done, 2, "one is gone, and one was never confirmed");
    assert!(!tree(&told).exists() && !tree(&gone).exists() && tree(&own).is_dir());
    world.sound().await;
}

#[tokio::test]
async fn what_keeps_a_worktree_is_said_until_it_is_mended() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let job = world.claim(&world.worker).await;
    world.pass(LEASE + 1);
    world.app.sweep().await.unwrap();
    world.pass(LEASE + 1);
    let mark = world.vault().join("remote");
    let address = std::fs::read_to_string(&mark).unwrap();
    std::fs::write(&mark, "/srv/of/somebody/else.git").unwrap();
    assert_eq!(world.perform().await, Performed { again: 1, ..Performed::default() });
    let listed = world.app.list_effects(&world.person, None, 10).await.unwrap();
    let error = listed.result[0].error.as_deref().unwrap();
    assert!(error.ends_with("belongs to another remote"), "{error}");
    assert_eq!(world.app.health().await.effects.unwrap().waiting, 1);
    std::fs::write(&mark, address).unwrap();
    world.pass(13);
    assert_eq!(world.perform().await.done, 1);
    assert!(!tree(&job).exists());
    world.sound().await;
}
