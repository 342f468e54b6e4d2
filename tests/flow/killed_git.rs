//! What a killed git leaves in the vault.

use super::world::{World, sh, tree};

/// Its locks; of the attempt that is tidied and of its neighbour.
const LOCKS: [&str; 6] = [
    "packed-refs.lock",
    "refs/remotes/origin/main.lock",
    "refs/remotes/origin/{branch}.lock",
    "refs/jobs/{job}/1.lock",
    "refs/salvage/{job}/1.lock",
    "refs/salvage/{neighbour}/1.lock",
];

#[tokio::test]
async fn a_lock_that_a_killed_git_left_costs_no_work() {
    for lock in LOCKS {
        let world = World::new().await;
        world.begin(&[&[("one", "- `src/a.rs`", "ANY")], &[("two", "- `src/b.rs`", "ANY")]]).await;
        let jobs = [world.claim(&world.worker).await, world.claim(&world.worker).await];
        for (job, text) in jobs.iter().zip(["one", "two"]) {
            world.commit(job, "src/c.rs", &format!("committed {text}\n"));
            std::fs::write(tree(job).join("src/d.rs"), format!("written {text}\n")).unwrap();
        }
        world.pass(301);
        world.app.sweep().await.unwrap();
        world.pass(301);
        sh(&world.vault(), "git pack-refs --all");
        let name = lock
            .replace("{branch}", jobs[0].branch_name.as_deref().unwrap())
            .replace("{job}", jobs[0].job_id.as_deref().unwrap())
            .replace("{neighbour}", jobs[1].job_id.as_deref().unwrap());
        let path = world.vault().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "").unwrap();
        let tidied = world.app.tidy().await.unwrap();
        let kept = |when: &str| {
            let log = sh(&world.vault(), "git log --all -m -p");
            for text in ["+committed one", "+written one", "+committed two", "+written two"] {
                assert!(log.contains(text), "{lock}: {text} is lost {when}: {tidied:?}");
            }
        };
        kept("after the tidy");
        for _ in &jobs {
            assert_eq!(world.claim(&world.worker).await.attempt, Some(2), "{lock}");
            kept("after a claim");
        }
    }
}
