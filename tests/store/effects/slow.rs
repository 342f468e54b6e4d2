//! What takes long: it holds up nothing that comes later, and ends when its process is stopped.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::json;
use sprintgate::domain::effect::{Kind, Status};
use sprintgate::flow::{EffectRecord, Handler, Handlers, Keeper, Outcome};
use sprintgate::store::Store;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::super::ctx::Ctx;
use super::super::keeper::until;
use super::{App, Log, Obedient, done, effect, process};

/// Is at work until it is told to answer.
#[derive(Clone, Default)]
struct Slow {
    begun: Arc<Notify>,
    answer: Arc<Notify>,
}

#[async_trait]
impl Handler for Slow {
    fn kind(&self) -> Kind {
        Kind::OpenPr
    }
    async fn perform(&self, _: &EffectRecord) -> Outcome {
        self.begun.notify_one();
        self.answer.notified().await;
        Outcome::Done(json!({}))
    }
}

fn handlers(slow: &Slow) -> Handlers {
    let quick = Obedient { kind: Kind::ClosePr, log: Log::default(), answer: done };
    Handlers::new(process("w")).with(slow.clone()).with(quick)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_later_is_done_meanwhile_as_long_as_there_is_room() {
    let ctx = Ctx::new().await;
    let (app, slow, gone) = (App::new(&ctx).await, Slow::default(), CancellationToken::new());
    ctx.add_effects([effect(&ctx, "slow", Kind::OpenPr)]).await;
    let (handlers, stop) = (handlers(&slow).at_once(2), gone.clone());
    let runs = tokio::spawn(async move { app.app.keep_running_effects(&handlers, &stop).await });
    slow.begun.notified().await;
    for name in ["a", "b"] {
        ctx.add_effects([effect(&ctx, name, Kind::ClosePr)]).await;
        until("done beside the slow one", async || ctx.status(name).await == Status::Done).await;
    }
    assert_eq!(ctx.status("slow").await, Status::Running);
    slow.answer.notify_one();
    gone.cancel();
    assert_eq!(runs.await.unwrap().done, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_try_that_is_under_way_ends_when_its_process_is_stopped() {
    let ctx = Ctx::new().await;
    let (app, slow) = (App::new(&ctx).await, Slow::default());
    ctx.add_effects([effect(&ctx, "slow", Kind::OpenPr)]).await;
    let keeper = Keeper::with(&app.app, handlers(&slow));
    slow.begun.notified().await;
    until("in office", async || ctx.store.read().await.unwrap().term("keeper").await.unwrap().is_some())
        .await;
    let stops = tokio::spawn(keeper.stop());
    until("it leaves", async || ctx.store.read().await.unwrap().term("keeper").await.unwrap().is_none())
        .await;
    slow.answer.notify_one();
    stops.await.unwrap();
    assert_eq!(ctx.status("slow").await, Status::Done);
}
