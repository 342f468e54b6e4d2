//! Worker processes.

use sprintgate::domain::worker::{self, Percent, Quota, Worker};
use sprintgate::store::{Change, NewWorker, StoreError};

use super::super::ctx::{Ctx, id, stamp};
use super::super::outbox::all_is_told;
use super::moved::{NOW, begin};

#[tokio::test]
async fn workers() {
    let ctx = Ctx::new().await;
    let mut tx = begin(&ctx).await;
    let quota = Quota { left: Percent::new(40).unwrap(), checked_at: NOW };
    let state = worker::Present { started_at: NOW, last_seen_at: NOW, quota: Some(quota) };
    let worker = Worker { token: id("t"), instance: id("box-1"), state };
    let new = NewWorker {
        worker: worker.clone(),
        user: id("u"),
        product: Some(id("p")),
        hostname: Some("box".into()),
        pid: Some(7),
    };
    tx.add_worker(&new, &stamp()).await.unwrap();
    let read = tx.worker(&id("t"), &id("box-1")).await.unwrap().unwrap();
    assert_eq!((read.row, read.user, read.product), (worker.clone().into(), id("u"), Some(id("p"))));
    assert_eq!((read.hostname.as_deref(), read.pid), (Some("box"), Some(7)));
    let again = tx.add_worker(&new, &stamp()).await.unwrap_err();
    assert!(matches!(&again, StoreError::Duplicate { key } if key == "worker id"), "{again}");
    drop(tx);

    let mut tx = begin(&ctx).await;
    tx.add_worker(&new, &stamp()).await.unwrap();
    let step = worker.unregister(NOW);
    let absent = step.next().clone();
    let back = absent.register(None, NOW).unwrap();
    for change in [worker::Change::from(step), back.into()] {
        let row = change.row().clone();
        tx.apply(Change::Worker(change), &stamp()).await.unwrap();
        assert_eq!(tx.worker(&id("t"), &id("box-1")).await.unwrap().unwrap().row, row);
    }
    assert_eq!(tx.history("worker", "t/box-1", 9).await.unwrap().len(), 3);
    tx.commit().await.unwrap();
    all_is_told(&ctx).await;
}
