//! Whoever reads while others write misses nothing, and has the events of each entity in their order.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use sprintgate::domain::job::{AnyJob, LEASE, Stop};
use sprintgate::store::sqlite::Clock;
use sprintgate::store::{Change, EventRecord, Place, Store, StoreError};

use super::super::ctx::{Ctx, claim, id, job_of, stamp, task};
use super::super::database::{ThatStore, settled};
use super::all_is_told;

const JOBS: usize = 12;
const WRITERS: usize = 6;

/// One writer less, however it ended.
struct Writing(Arc<AtomicUsize>);

impl Drop for Writing {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Moves whatever it finds, one job after the other, all writers the same ones, until each has ended.
async fn write(store: Arc<ThatStore>, clock: Arc<AtomicI64>, writer: usize) {
    let mut moves = 0;
    loop {
        let mut open = 0;
        for n in 0..JOBS {
            let job = id(&format!("j{}", (n + writer) % JOBS));
            let mut tx = match store.begin().await {
                Ok(tx) => tx,
                // A file has one writer at a time; who waited for too long tries again.
                Err(StoreError::Busy(_)) => continue,
                Err(other) => panic!("{other}"),
            };
            let any = AnyJob::try_from(tx.job(&job).await.unwrap().unwrap().row).unwrap();
            moves += 1;
            let change = match any {
                AnyJob::Queued(it) => {
                    open += 1;
                    if it.state.not_before > tx.now() {
                        // What was given back may be claimed a while later.
                        clock.store(it.state.not_before.0, Ordering::SeqCst);
                        continue;
                    }
                    claim(tx.as_mut(), &job, "w").await.unwrap();
                    None
                }
                AnyJob::Claimed(it) if moves % 2 == 0 => {
                    open += 1;
                    let number = it.attempt;
                    Some(it.release(number, "no repository", tx.now()).unwrap().into())
                }
                AnyJob::Claimed(it) => {
                    open += 1;
                    let number = it.attempt;
                    Some(it.start(number, tx.now(), LEASE).unwrap().into())
                }
                AnyJob::Running(it) => Some(it.cancel(Stop::by_user("enough"), tx.now()).into()),
                _ => None,
            };
            if let Some(change) = change {
                tx.apply(Change::Job(change), &stamp()).await.unwrap();
            }
            // Some of what was decided is undone.
            if moves % 5 != 0 {
                tx.commit().await.unwrap();
            }
        }
        if open == 0 && moves > 4 * JOBS {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_beside_writers_misses_nothing_and_sees_each_entity_in_order() {
    let ctx = Ctx::new().await;
    let mut tx = ctx.store.begin().await.unwrap();
    for n in 0..JOBS {
        tx.add_task(&task(&format!("j{n}")), &stamp()).await.unwrap();
        tx.add_job(&job_of(&format!("j{n}")), &stamp()).await.unwrap();
    }
    tx.commit().await.unwrap();

    // Two stores on one database, as two processes have them.
    let clock = Clock::Manual(Arc::clone(&ctx.clock));
    let stores = [Arc::new(ctx.database.open(clock.clone()).await), Arc::new(ctx.database.open(clock).await)];
    let writing = Arc::new(AtomicUsize::new(WRITERS));
    let mut writers = tokio::task::JoinSet::new();
    for n in 0..WRITERS {
        let (store, clock) = (Arc::clone(&stores[n % 2]), Arc::clone(&ctx.clock));
        let writing = Writing(Arc::clone(&writing));
        writers.spawn(async move {
            write(store, clock, n).await;
            drop(writing);
        });
    }
    let mut seen: Vec<EventRecord> = Vec::new();
    let mut place = Place::START;
    loop {
        let over = writing.load(Ordering::SeqCst) == 0;
        if over {
            settled(&ctx).await;
        }
        let page = ctx.store.read().await.unwrap().events_after(place, 7).await.unwrap();
        assert!(page.len() <= 7);
        if page.is_empty() && over {
            break;
        }
        assert!(page.iter().zip(page.iter().skip(1)).all(|(a, b)| a.place < b.place));
        place = page.last().map_or(place, |last| last.place);
        seen.extend(page);
        tokio::task::yield_now().await;
    }
    while let Some(done) = writers.join_next().await {
        done.unwrap();
    }
    assert_eq!(all_is_told(&ctx).await, seen.len());
    let mut last: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for EventRecord { event, .. } in &seen {
        let before = last.insert((&event.machine, &event.entity), event.entity_seq).unwrap_or(0);
        assert_eq!(event.entity_seq, before + 1, "{event:?}");
    }
    assert!(last.keys().filter(|(machine, _)| *machine == "job").count() == JOBS && seen.len() > 5 * JOBS);
}
