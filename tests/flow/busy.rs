//! A database file that another program keeps locked for longer than SQLite itself waits.

use std::process::{Command, Stdio};

use super::world::World;

#[tokio::test]
async fn a_worker_waits_for_a_lock_of_another_program_and_hears_nothing_of_it() {
    let world = World::new().await;
    world.begin(&[&[("one", "Change `src/a.rs`", "ALIGNED")]]).await;
    let job = world.claim(&world.worker).await;
    let line = "(echo 'BEGIN IMMEDIATE; SELECT 1;'; sleep 7; echo 'COMMIT;') | sqlite3 db | (head -n 1; touch locked; cat)";
    let mut other = Command::new("sh");
    other.args(["-c", line]).current_dir(world.dir.path()).stdout(Stdio::null());
    let mut other = other.spawn().unwrap();
    while !world.dir.path().join("locked").exists() {
        tokio::task::yield_now().await;
    }
    let said = world.beat(&world.worker, &job).await;
    assert!(said.unwrap().ok);
    assert!(other.wait().unwrap().success());
    world.sound().await;
}
