//! What waits for a machine that is gone is given up in the end, and says so.

use sprintgate::domain::effect::{Kind, Status, Why};
use sprintgate::store::NewEffect;

use super::super::ctx::Ctx;
use super::{App, Log, done, effect, opening};

const WEEK: i64 = 7 * 24 * 3_600_000;

#[tokio::test]
async fn what_only_a_machine_can_do_that_is_gone_is_given_up_after_a_week() {
    let ctx = Ctx::new().await;
    let (here, gone) = (App::new(&ctx).await, App::on(&ctx, "gone").await);
    let at = |name: &str, host: &str, kind| NewEffect { host: Some(host.into()), ..effect(&ctx, name, kind) };
    ctx.add_effects([
        at("theirs", "gone", Kind::OpenPr),
        at("strange", "gone", Kind::ClosePr),
        at("ours", "here", Kind::OpenPr),
    ])
    .await;
    let log = Log::default();
    let handlers = opening("w", &log, done);
    ctx.pass(WEEK);
    let performed = here.run(&handlers).await;
    assert_eq!((performed.done, performed.gave_up), (1, 0), "it is not a week yet, and what is ours is done");
    ctx.pass(1);
    assert_eq!(here.run(&handlers).await.gave_up, 1);
    let row = ctx.effect("theirs").await.row;
    assert_eq!((row.status, row.gave_up_why), (Status::GaveUp, Some(Why::Refused)));
    assert!(row.last_error.unwrap().starts_with("only gone can do it"));
    assert_eq!(ctx.story("theirs").await, ["create", "start", "refuse"]);
    assert_eq!(ctx.status("strange").await, Status::Pending, "nobody here knows what that takes");
    assert_eq!((here.run(&handlers).await.tries(), gone.run(&handlers).await.tries()), (0, 0));
    assert_eq!(log.names(), ["ours"]);
    here.sound().await;
}
