//! What follows from an effect is written with its outcome, or neither is.

use async_trait::async_trait;
use serde_json::{Value, json};
use sprintgate::domain::effect::{Kind, Status};
use sprintgate::flow::{EffectRecord, FlowError, Handler, Handlers, Outcome};
use sprintgate::store::*;

use super::super::ctx::{Ctx, id, stamp};
use super::{App, effect, in_lane, process};

/// Has a comment follow from the opening, and then fails as it is told.
struct Opens {
    follows: NewEffect,
    fails: fn(u32) -> Option<FlowError>,
}

#[async_trait]
impl Handler for Opens {
    fn kind(&self) -> Kind {
        Kind::OpenPr
    }
    async fn perform(&self, effect: &EffectRecord) -> Outcome {
        Outcome::Done(json!({ "number": effect.row.tries }))
    }
    async fn settle(&self, tx: &mut dyn Tx, effect: &EffectRecord, learned: &Value) -> Result<(), FlowError> {
        assert_eq!(learned, &json!({ "number": effect.row.tries }));
        tx.add_effect(&self.follows, &stamp()).await?;
        (self.fails)(effect.row.tries).map_or(Ok(()), Err)
    }
}

#[tokio::test]
async fn what_follows_is_there_when_the_effect_is_done() {
    let ctx = Ctx::new().await;
    let app = App::new(&ctx).await;
    ctx.add_effects([in_lane(&ctx, "opening", "pr-1")]).await;
    let follows = NewEffect { lane: Some("pr-1".to_owned()), ..effect(&ctx, "comment", Kind::CommentPr) };
    let performed = app.run(&Handlers::new(process("w")).with(Opens { follows, fails: |_| None })).await;
    assert_eq!((performed.done, performed.tries()), (1, 1));
    assert_eq!((ctx.status("opening").await, ctx.status("comment").await), (Status::Done, Status::Pending));
    app.sound().await;
}

#[tokio::test]
async fn what_could_not_be_written_leaves_nothing_and_has_the_effect_tried_again() {
    let ctx = Ctx::new().await;
    let app = App::new(&ctx).await;
    ctx.add_effects([in_lane(&ctx, "opening", "pr-1")]).await;
    let follows = NewEffect { lane: Some("pr-1".to_owned()), ..effect(&ctx, "comment", Kind::CommentPr) };
    let fails = |tries| (tries == 1).then(|| FlowError::invalid("url", "it is no address"));
    let handlers = Handlers::new(process("w")).with(Opens { follows, fails });
    assert_eq!(app.run(&handlers).await.again, 1);
    let row = ctx.effect("opening").await.row;
    assert_eq!((row.status, row.tries), (Status::Retry, 1));
    assert_eq!(row.last_error.unwrap(), "what follows from it was not written: `url`: it is no address");
    assert!(ctx.store.read().await.unwrap().effect(&id("comment")).await.unwrap().is_none());
    ctx.pass(60_000);
    assert_eq!(app.run(&handlers).await.done, 1);
    assert_eq!(ctx.status("comment").await, Status::Pending);
    assert_eq!(ctx.story("opening").await, ["create", "start", "fail", "start", "succeed"]);
    app.sound().await;
}
