//! Worktrees, and the locks that follow them.

use sprintgate::domain::job::LEASE;
use sprintgate::domain::worktree::{self, AnyWorktree, Lock, Locks, Worktree};
use sprintgate::store::{Change, StoreError};

use super::super::ctx::{Ctx, id, stamp};
use super::super::outbox::all_is_told;
use super::moved::{NOW, begin, in_state, moved};

#[tokio::test]
async fn worktrees_and_their_locks() {
    let ctx = Ctx::new().await;
    for name in ["j", "k", "l"] {
        let job = ctx.job(name).await;
        ctx.claim(&job).await;
    }
    let idle = |name: &str| Worktree { job: id(name), attempt: 1, state: worktree::Idle };
    let lock = Lock::Product(id("p"));
    let locks = || Locks::of(vec![lock.clone(), Lock::Product(id("p2"))]).unwrap();
    let mut tx = begin(&ctx).await;
    for name in ["j", "k", "l"] {
        tx.add_worktree(&idle(name), &stamp()).await.unwrap();
        assert_eq!(tx.worktree(&id(name), 1).await.unwrap().unwrap(), idle(name).into());
    }
    macro_rules! moved_to {
        ($tx:ident, $name:literal, $state:ident, $step:expr) => {
            in_state!(
                moved!(
                    $tx,
                    worktree,
                    Change::Worktree,
                    AnyWorktree,
                    $tx.worktree(&id($name), 1).await.unwrap().unwrap(),
                    $step
                ),
                AnyWorktree::$state
            )
        };
    }
    // An attempt that ends before its worktree goes on leaves nothing behind.
    moved_to!(tx, "l", Released, idle("l").give_up(NOW));
    let waiting = moved_to!(tx, "j", AcquiringLock, idle("j").ask(locks(), NOW, LEASE));
    assert_eq!(tx.lock_holder(&lock).await.unwrap(), None);
    let making = moved_to!(tx, "j", CreatingOrReusing, waiting.acquire(&[], NOW).unwrap());
    let holder = tx.lock_holder(&lock).await.unwrap().unwrap();
    assert_eq!((holder.job, holder.attempt, holder.expires_at), (id("j"), 1, NOW + LEASE));
    let syncing = moved_to!(tx, "j", Syncing, making.made());
    let ready = moved_to!(tx, "j", Ready, syncing.synced());
    let waiting = moved_to!(tx, "k", AcquiringLock, idle("k").ask(locks(), NOW, LEASE));
    tx.commit().await.unwrap();

    // Whoever decides on a stale view is refused by the lock itself.
    let mut tx = begin(&ctx).await;
    let blind = waiting.clone().acquire(&[], NOW).unwrap();
    let error = tx.apply(Change::Worktree(blind.into()), &stamp()).await.unwrap_err();
    assert!(matches!(&error, StoreError::Duplicate { key } if key == "worktree_locks.name"), "{error}");
    drop(tx);

    let mut tx = begin(&ctx).await;
    let releasing = moved_to!(tx, "j", Releasing, ready.release());
    assert!(tx.lock_holder(&lock).await.unwrap().is_some(), "until the folder is gone");
    moved_to!(tx, "j", Released, releasing.released(NOW));
    assert_eq!(tx.lock_holder(&lock).await.unwrap(), None);
    let making = moved_to!(tx, "k", CreatingOrReusing, waiting.acquire(&[], NOW).unwrap());
    moved_to!(tx, "k", SyncFailed, making.fail_sync("no space", NOW));
    assert_eq!(tx.lock_holder(&lock).await.unwrap(), None);
    tx.commit().await.unwrap();
    all_is_told(&ctx).await;
}
