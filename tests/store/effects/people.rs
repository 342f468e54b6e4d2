//! What people see of effects and decide about them.

use sprintgate::domain::effect::{Kind, Status};
use sprintgate::flow::{FlowError, Outcome, Session};
use sprintgate::store::*;

use super::super::ctx::{Ctx, id};
use super::{App, Log, done, effect, in_lane, opening};

const NOT_NEEDED: &str = "nobody needs it";

fn ann() -> Session {
    Session::person(Some(&Secret::shown("t")), id("desk"))
}

fn code<T: std::fmt::Debug>(answer: Result<T, FlowError>) -> &'static str {
    answer.expect_err("a refusal").code()
}

#[tokio::test]
async fn a_person_has_it_tried_again_or_gives_up_on_it() {
    let ctx = Ctx::new().await;
    let app = App::new(&ctx).await;
    ctx.add_effects(["a", "b"].map(|name| effect(&ctx, name, Kind::OpenPr))).await;
    let person = ann();
    assert_eq!(code(app.app.retry_effect(&person, "a").await), "ILLEGAL_TRANSITION", "it is not given up");
    let log = Log::default();
    app.run(&opening("w", &log, |_| Outcome::GiveUp("gone".into()))).await;
    let agent = Session::worker(Some(&Secret::shown("t")), id("desk"));
    assert_eq!(code(app.app.retry_effect(&agent, "a").await), "PERMISSION_DENIED");
    assert_eq!(code(app.app.retry_effect(&person, "x").await), "NOT_FOUND");
    let again = app.app.retry_effect(&person, "a").await.unwrap();
    assert_eq!(
        (again.status.as_str(), again.tries, again.waits_for),
        ("PENDING", 1, Some("a process that does open_pr; this program does not".into()))
    );
    assert_eq!(ctx.story("a").await, ["create", "start", "refuse", "again"]);
    let history = ctx.store.read().await.unwrap().history("effect", "a", 10).await.unwrap();
    assert_eq!((history[3].actor_kind.as_str(), history[3].actor_id.as_str()), ("human", "u"));

    assert_eq!(code(app.app.dismiss_effect(&person, "a", "short").await), "REASON_MISSING");
    app.app.dismiss_effect(&person, "a", NOT_NEEDED).await.unwrap();
    assert_eq!(code(app.app.dismiss_effect(&person, "a", NOT_NEEDED).await), "ILLEGAL_TRANSITION");
    // One that was given up already is asked for and called off.
    let view = app.app.dismiss_effect(&person, "b", NOT_NEEDED).await.unwrap();
    assert_eq!(
        (view.gave_up_why.as_deref(), view.dismiss_reason.as_deref()),
        (Some("dismissed"), Some(NOT_NEEDED))
    );
    assert_eq!(ctx.story("b").await, ["create", "start", "refuse", "again", "dismiss"]);
    app.app.retry_effect(&person, "b").await.unwrap();
    assert_eq!(app.run(&opening("w", &log, done)).await.done, 1);
    assert_eq!(code(app.app.retry_effect(&person, "b").await), "ILLEGAL_TRANSITION");
    assert_eq!(code(app.app.dismiss_effect(&person, "b", NOT_NEEDED).await), "ILLEGAL_TRANSITION");
    app.sound().await;
}

#[tokio::test]
async fn all_that_are_given_up_are_tried_again_but_those_whose_lane_went_on() {
    let ctx = Ctx::new().await;
    let app = App::new(&ctx).await;
    ctx.add_effects((0..120).map(|number| effect(&ctx, &format!("e{number}"), Kind::OpenPr))).await;
    ctx.add_effects(["first", "second"].map(|name| in_lane(&ctx, name, "pr"))).await;
    let person = ann();
    app.app.dismiss_effect(&person, "first", NOT_NEEDED).await.unwrap();
    let log = Log::default();
    let refused = |effect: &sprintgate::flow::EffectRecord| match effect.row.id.as_str() {
        "second" => done(effect),
        _ => Outcome::GiveUp("gone".into()),
    };
    assert_eq!(app.run(&opening("w", &log, refused)).await.gave_up, 120);
    assert_eq!(code(app.app.retry_effect(&person, "first").await), "LANE_WENT_ON");
    assert_eq!(ctx.status("first").await, Status::GaveUp);
    let retried = app.app.retry_all_effects(&person).await.unwrap();
    assert_eq!((retried.retried, retried.refused_total, retried.refused.len()), (120, 1, 1));
    assert!(retried.refused[0].contains("effect first was dismissed"), "{retried:?}");
    assert_eq!(app.run(&opening("w", &log, done)).await.done, 120);
    assert_eq!(app.app.retry_all_effects(&person).await.unwrap().retried, 0);
    app.sound().await;
}

#[tokio::test]
async fn each_says_what_it_waits_for() {
    let ctx = Ctx::new().await;
    let app = App::new(&ctx).await;
    ctx.job("j").await;
    let here = NewEffect { host: Some("here".into()), ..effect(&ctx, "due", Kind::RemoveWorktree) };
    let there = NewEffect { host: Some("there".into()), ..effect(&ctx, "there", Kind::RemoveWorktree) };
    let mut later = effect(&ctx, "later", Kind::RemoveWorktree);
    later.effect.state.due_at = sprintgate::domain::time::Timestamp(ctx.now().0 + 1000);
    ctx.add_effects([here, there, later, in_lane(&ctx, "front", "l"), in_lane(&ctx, "rear", "l")]).await;
    ctx.pass(500);
    let listed = app.app.list_effects(&ann(), None, 10).await.unwrap();
    let lines: Vec<(String, Option<String>, i64)> =
        listed.result.into_iter().map(|it| (it.effect_id, it.waits_for, it.age_seconds)).collect();
    let line = |name: &str, what: Option<&str>| (name.to_owned(), what.map(str::to_owned), 0);
    assert_eq!(
        lines,
        [
            line("there", Some("a process on there")),
            line("rear", Some("the one before it in its lane")),
            line("later", Some("its time, 2027-01-15T08:00:01.000Z")),
            line("front", Some("a process that does open_pr; this program does not")),
            line("due", None),
        ]
    );
    let counts: Vec<(String, String, i64)> =
        listed.counts.into_iter().map(|it| (it.status, it.kind, it.effects)).collect();
    let tally = |kind: &str, effects| ("PENDING".to_owned(), kind.to_owned(), effects);
    assert_eq!(counts, [tally("open_pr", 2), tally("remove_worktree", 3)]);
    let health = app.app.health().await.effects.unwrap();
    assert_eq!((health.waiting, health.running, health.gave_up), (5, 0, 0));
    assert_eq!(health.oldest_at.as_deref(), Some("2027-01-15T08:00:00.000Z"));
    let shown = app.app.show_effect(&ann(), "rear").await.unwrap();
    assert_eq!((shown.history.len(), shown.legal_next), (1, vec!["start".to_owned(), "dismiss".to_owned()]));

    // Somebody who cannot see the product sees nothing of them.
    ctx.person("u2", "bob", "t2").await;
    let bob = Session::person(Some(&Secret::shown("t2")), id("desk"));
    let seen = app.app.list_effects(&bob, None, 10).await.unwrap();
    assert!(seen.result.is_empty() && seen.counts.is_empty());
    assert_eq!(code(app.app.show_effect(&bob, "due").await), "NOT_FOUND");
    assert_eq!(code(app.app.dismiss_effect(&bob, "due", NOT_NEEDED).await), "NOT_FOUND");
}
