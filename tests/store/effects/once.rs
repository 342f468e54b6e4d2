//! An effect with a key is added once: whoever adds it again, whatever became of it, finds the first.

use sprintgate::domain::effect::{Kind, Status};
use sprintgate::store::*;
use tokio::task::JoinSet;

use super::super::ctx::{Ctx, id, stamp};
use super::super::raw::{attempt, connect};
use super::{App, Log, done, effect, opening};

fn keyed(ctx: &Ctx, name: &str, key: &str) -> NewEffect {
    NewEffect { key: Some(key.to_owned()), ..effect(ctx, name, Kind::OpenPr) }
}

impl Ctx {
    async fn add_once(&self, new: &NewEffect) -> Result<Added, StoreError> {
        let mut tx = self.store.begin().await?;
        let added = tx.add_effect(new, &stamp()).await?;
        tx.commit().await?;
        Ok(added)
    }
}

#[tokio::test]
async fn the_first_with_a_key_stands_for_all_whatever_became_of_it() {
    let ctx = Ctx::new().await;
    let app = App::new(&ctx).await;
    let there = |name: &str| Added::There(id(name));
    assert_eq!(ctx.add_once(&keyed(&ctx, "a", "revert/1")).await.unwrap(), Added::New);
    assert_eq!(ctx.add_once(&keyed(&ctx, "b", "revert/1")).await.unwrap(), there("a"));
    assert_eq!(ctx.add_once(&keyed(&ctx, "c", "revert/2")).await.unwrap(), Added::New);
    // Within one transaction, too, and among many.
    let mut tx = ctx.store.begin().await.unwrap();
    assert_eq!(tx.add_effect(&keyed(&ctx, "d", "close/1"), &stamp()).await.unwrap(), Added::New);
    assert_eq!(tx.add_effect(&keyed(&ctx, "e", "close/1"), &stamp()).await.unwrap(), there("d"));
    let many = ["f", "g"].map(|name| (keyed(&ctx, name, "close/1"), stamp()));
    tx.add_effects(&many).await.unwrap();
    tx.commit().await.unwrap();
    // Those without one are like no other.
    ctx.add_effects(["x", "y"].map(|name| effect(&ctx, name, Kind::OpenPr))).await;

    let log = Log::default();
    assert_eq!(app.run(&opening("w", &log, done)).await.done, 5);
    assert_eq!(log.times().keys().map(String::as_str).collect::<Vec<_>>(), ["a", "c", "d", "x", "y"]);
    assert_eq!(ctx.status("a").await, Status::Done);
    assert_eq!(ctx.add_once(&keyed(&ctx, "h", "revert/1")).await.unwrap(), there("a"));
    // Nothing was noted of those that were not added.
    for name in ["b", "e", "f", "g", "h"] {
        assert_eq!(ctx.story(name).await, Vec::<String>::new(), "{name}");
    }
    app.sound().await;
}

#[tokio::test]
async fn a_key_is_one_to_four_hundred_characters() {
    let ctx = Ctx::new().await;
    for (key, taken) in [("", false), (&*"k".repeat(401), false), (&*"k".repeat(400), true)] {
        let added = ctx.add_once(&keyed(&ctx, "a", key)).await;
        assert_eq!(matches!(&added, Ok(Added::New)), taken, "{}: {added:?}", key.len());
    }
    let mut raw = connect(&ctx).await;
    let said = attempt(&mut raw, "UPDATE effects SET effect_key = 'other'").await;
    assert_eq!(said, Err("effect: what is to be done never changes".into()));
}

const KEYS: usize = 6;
const PROCESSES: usize = 6;

/// Several processes add the same effects at once, each of a product that it does not hold.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn defect_028_of_processes_that_add_it_at_once_one_does() {
    let ctx = std::sync::Arc::new(Ctx::new().await);
    let mut tasks = JoinSet::new();
    for process in 0..PROCESSES {
        let ctx = std::sync::Arc::clone(&ctx);
        tasks.spawn(async move {
            let mut new = 0;
            for number in 0..KEYS {
                let effect = keyed(&ctx, &format!("e{number}-{process}"), &format!("open/{number}"));
                loop {
                    match ctx.add_once(&effect).await {
                        Ok(added) => {
                            new += usize::from(added == Added::New);
                            break;
                        }
                        Err(error) => assert!(error.is_retryable(), "{error}"),
                    }
                }
            }
            new
        });
    }
    assert_eq!(tasks.join_all().await.into_iter().sum::<usize>(), KEYS);
    let pending = ctx.store.read().await.unwrap().effects_in(&id("u"), Status::Pending, 99).await.unwrap();
    assert_eq!(pending.len(), KEYS);
    App::new(&ctx).await.sound().await;
}
