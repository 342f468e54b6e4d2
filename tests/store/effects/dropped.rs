//! An executor that ends at any point: what it held is tried again, nothing is lost, and one alone says that it is done.

use std::collections::BTreeSet;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use sprintgate::domain::effect::{Kind, LEASE, Status};
use sprintgate::store::Store;
use tokio_util::sync::CancellationToken;

use super::super::ctx::Ctx;
use super::{App, Log, done, effect, in_lane, opening};

/// Lets the future take so many steps and what it began go on until `meanwhile` is over, and drops both then; whether it
/// came to its end.
async fn dropped(future: impl Future, steps: usize, meanwhile: impl Future<Output = ()>) -> bool {
    let (mut future, mut taken) = (pin!(future), 0);
    let whole = poll_fn(|context| {
        taken += 1;
        if taken > steps {
            return Poll::Ready(false);
        }
        future.as_mut().poll(context).map(|_| true)
    })
    .await;
    meanwhile.await;
    whole
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_dropped_at_any_step_leaves_nothing_lost_and_nothing_done_twice() {
    let ctx = Ctx::new().await;
    let (victim, heir) = (App::new(&ctx).await, App::new(&ctx).await);
    let (mut ends, mut whole, mut steps, mut round) = (BTreeSet::new(), 0, 0, 0);
    // Until a pass gets to its end several times, so that every step of it was the last of some pass.
    // And again from the first step while none was in the midst of a try: threads go on as they are let.
    while whole < 4 || ends.len() < 3 {
        if whole == 4 {
            (whole, steps) = (0, 0);
        }
        let names = ["a", "b", "c"].map(|name| format!("{name}{round}"));
        let lane = format!("lane {round}");
        let [a, b, c] = &names;
        ctx.add_effects([in_lane(&ctx, a, &lane), in_lane(&ctx, b, &lane), effect(&ctx, c, Kind::OpenPr)])
            .await;
        let log = Log::default();
        let (handlers, gone) = (opening("victim", &log, done), CancellationToken::new());
        let pass = victim.app.run_effects(&handlers, 10, &gone);
        let looks = async {
            for _ in 0..steps % 4 {
                ctx.status(a).await;
            }
        };
        whole += usize::from(dropped(pass, steps, looks).await);
        for name in &names {
            ends.insert(ctx.status(name).await);
        }

        // What the victim had locked is passed over until the database has undone it.
        let heirs = opening("heir", &log, done);
        for _ in 0..200 {
            ctx.pass(LEASE.0 + 1);
            heir.run(&heirs).await;
            if ctx.store.read().await.unwrap().count_effects(None).await.unwrap().is_empty() {
                break;
            }
        }
        for name in &names {
            let story = ctx.story(name).await;
            let said = |event: &str| story.iter().filter(|it| *it == event).count();
            assert_eq!((ctx.status(name).await, said("succeed")), (Status::Done, 1), "{name}: {story:?}");
            let tries = log.times()[name];
            assert!((1..=said("start")).contains(&tries), "{name}: {tries} tries of {story:?}");
        }
        let order = log.names();
        let first_of = |name: &String| order.iter().position(|it| it == name).unwrap();
        let last_of = |name: &String| order.iter().rposition(|it| it == name).unwrap();
        assert!(last_of(a) < first_of(b), "{order:?}");
        (steps, round) = (steps + 1, round + 1);
        assert!(round < 500, "no pass got to its end, or none was in the midst of a try: {ends:?}");
    }
    assert_eq!(ends.into_iter().collect::<Vec<_>>(), [Status::Pending, Status::Running, Status::Done]);
    heir.sound().await;
}
