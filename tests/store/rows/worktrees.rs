//! Worktrees, and the locks that follow them.

use sprintgate::domain::job::LEASE;
use sprintgate::domain::time::Millis;
use sprintgate::domain::worktree::{self, AnyWorktree, Lock, Locks, Worktree};
use sprintgate::store::{Change, Store as _, StoreError};

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

#[tokio::test]
async fn a_lease_is_renewed_while_it_runs_and_found_when_it_is_over() {
    let ctx = Ctx::new().await;
    let locks = |name: &str| Locks::of(vec![Lock::Product(id(name))]).unwrap();
    let mut tx = begin(&ctx).await;
    for (name, product) in [("j", "p"), ("k", "p2")] {
        tx.commit().await.unwrap();
        let job = ctx.job(name).await;
        ctx.claim(&job).await;
        tx = begin(&ctx).await;
        let idle = Worktree { job: id(name), attempt: 1, state: worktree::Idle };
        tx.add_worktree(&idle, &stamp()).await.unwrap();
        assert!(!tx.renew_worktree(&id(name), 1, LEASE).await.unwrap(), "there is no lease yet");
        let step = idle.ask(locks(product), NOW, LEASE);
        let waiting = step.next().clone();
        tx.apply(Change::Worktree(step.into()), &stamp()).await.unwrap();
        let step = waiting.acquire(&[], NOW).unwrap();
        tx.apply(Change::Worktree(step.into()), &stamp()).await.unwrap();
    }
    tx.commit().await.unwrap();

    ctx.pass(1000);
    let mut tx = begin(&ctx).await;
    assert!(tx.renew_worktree(&id("j"), 1, LEASE).await.unwrap());
    assert!(!tx.renew_worktree(&id("j"), 2, LEASE).await.unwrap());
    let until = |row: worktree::Row| row.lease_until.unwrap() - NOW;
    let lease_of = tx.worktree(&id("j"), 1).await.unwrap().unwrap();
    assert_eq!(until(lease_of).0, LEASE.0 + 1000);
    // no lease becomes shorter
    assert!(tx.renew_worktree(&id("j"), 1, Millis(1)).await.unwrap());
    let holder = tx.lock_holder(&Lock::Product(id("p"))).await.unwrap().unwrap();
    assert_eq!((holder.expires_at - NOW).0, LEASE.0 + 1000);
    assert_eq!(tx.stale_worktrees(9).await.unwrap(), []);
    tx.commit().await.unwrap();

    ctx.pass(LEASE.0 - 500);
    let stale = async |limit| {
        let mut tx = begin(&ctx).await;
        let rows = tx.stale_worktrees(limit).await.unwrap();
        // What a dropped transaction has locked is free a moment later.
        tx.commit().await.unwrap();
        rows.into_iter().map(|row| row.job.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(stale(9).await, ["k"]);
    ctx.pass(1000);
    assert_eq!(
        (stale(9).await, stale(1).await),
        (vec!["k".to_owned(), "j".to_owned()], vec!["k".to_owned()])
    );
    // a lease that ran out is renewed until somebody takes it
    let mut tx = begin(&ctx).await;
    assert!(tx.renew_worktree(&id("j"), 1, LEASE).await.unwrap());
    let AnyWorktree::CreatingOrReusing(stale) =
        AnyWorktree::try_from(tx.worktree(&id("k"), 1).await.unwrap().unwrap()).unwrap()
    else {
        panic!("k holds no lock")
    };
    let step = stale.stale_reset(tx.now()).unwrap();
    tx.apply(Change::Worktree(step.into()), &stamp()).await.unwrap();
    assert!(!tx.renew_worktree(&id("k"), 1, LEASE).await.unwrap());
    drop(tx);
    let mut seen = ctx.store.read().await.unwrap();
    assert_eq!(seen.stale_worktrees(9).await.unwrap().len(), 2);
}
