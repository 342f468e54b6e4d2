//! Ideas: written down, moved by their jobs through typed moves, and read back after each as it was decided.

use sprintgate::domain::idea::start::{Facts, Ready, check};
use sprintgate::domain::idea::{
    AnyIdea, Change as Decided, Idea, Markdown, Readable, Review, Row, Unreadable, read_plan,
};
use sprintgate::domain::plan_doc::{PlanDoc, PlanPbi, PlanStory, PlanTask};
use sprintgate::store::{Change, NewIdea, Store, StoreError, Tx};

use super::super::ctx::{Ctx, id, stamp};
use super::super::outbox::all_is_told;

fn new(name: &str, code: &str) -> NewIdea {
    NewIdea {
        id: id(name),
        user: id("u"),
        product: Some(id("p")),
        code: code.into(),
        title: "A better basket".into(),
        description: Some("with wheels".into()),
    }
}

fn ready(ctx: &Ctx) -> Ready {
    let facts = Facts {
        idea: id("i"),
        owner: id("u"),
        caller: id("u"),
        product: Some(id("p")),
        has_repository: true,
        open_job: None,
        worker_seen_at: Some(ctx.now()),
        now: ctx.now(),
    };
    check(&facts).unwrap()
}

fn text(text: &str) -> Markdown {
    Markdown::new(text).unwrap()
}

fn document(plan: &str) -> Markdown {
    text(&format!("---\n{plan}\n---\n"))
}

fn doc(stories: Vec<PlanStory>) -> PlanDoc {
    PlanDoc { pbi: PlanPbi { title: "Basket".into(), description: None, priority: 1 }, stories }
}

fn readable(plan: &str) -> Readable {
    let task = PlanTask {
        title: "Do it".into(),
        description: None,
        implementation_plan: None,
        priority: 1,
        verify_required: None,
        verify_only: None,
    };
    let story = PlanStory {
        title: "As a user".into(),
        description: None,
        acceptance_criteria: None,
        priority: 1,
        tasks: vec![task],
    };
    read_plan(document(plan), |_| Ok(doc(vec![story]))).unwrap()
}

fn unreadable(plan: &str) -> Unreadable {
    read_plan(document(plan), |_| Ok(doc(vec![]))).unwrap_err()
}

/// Applies a decided change, and reads the idea back.
async fn apply(tx: &mut dyn Tx, change: Decided) -> AnyIdea {
    let row: Row = change.row().clone();
    tx.apply(Change::Idea(change), &stamp()).await.unwrap();
    assert_eq!(tx.idea(&id("i")).await.unwrap().unwrap().row, row);
    AnyIdea::try_from(row).unwrap()
}

macro_rules! moved {
    ($tx:expr, $state:ident, $step:expr) => {{
        let AnyIdea::$state(idea) = apply($tx.as_mut(), $step.into()).await else {
            panic!("it is not {}", stringify!($state))
        };
        idea
    }};
}

#[tokio::test]
async fn an_idea_comes_back_from_every_state_as_it_was_decided() {
    let ctx = Ctx::new().await;
    for job in ["grill", "plan", "review", "again"] {
        ctx.job(job).await;
    }
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_idea(&new("i", "IDEA-001"), &stamp()).await.unwrap();
    let read = tx.idea(&id("i")).await.unwrap().unwrap();
    assert_eq!((read.user, read.product, read.code.as_str()), (id("u"), Some(id("p")), "IDEA-001"));
    assert_eq!((read.title.as_str(), read.description.as_deref()), ("A better basket", Some("with wheels")));
    assert_eq!((read.archived, read.created_at), (false, ctx.now()));
    let AnyIdea::Draft(draft) = AnyIdea::try_from(read.row).unwrap() else { panic!() };
    let (grill, plan, review, again) = (id("grill"), id("plan"), id("review"), id("again"));

    let grilling = moved!(tx, Grilling, draft.start_grill(ready(&ctx), id("grill")).unwrap());
    let failed = moved!(tx, GrillFailed, grilling.fail_grill(&grill).unwrap());
    let grilling = moved!(tx, Grilling, failed.start_grill(ready(&ctx), id("grill")).unwrap());
    let grilled = moved!(tx, Grilled, grilling.record_grill(&grill, text("answers")).unwrap());
    let planning = moved!(tx, Planning, grilled.start_plan(ready(&ctx), id("plan")).unwrap());
    let failed = moved!(tx, PlanFailed, planning.reject_plan(&plan, unreadable("half a plan")).unwrap());
    let plan_ready = moved!(tx, PlanReady, failed.record_plan(&plan, readable("a plan")).unwrap());
    let plan_ready = moved!(tx, PlanReady, plan_ready.stop(&plan).unwrap());
    let reviewing = moved!(tx, ReviewingPlan, plan_ready.start_review(ready(&ctx), id("review")).unwrap());
    let said = |log: &str| Review { log: log.into(), at: ctx.now() };
    let refused = moved!(tx, PlanReviewFailed, reviewing.disapprove(&review, said("{\"round\":1}")).unwrap());
    let refused = moved!(tx, PlanReviewFailed, refused.fail_review(&review).unwrap());
    let planning = moved!(tx, Planning, refused.start_plan(ready(&ctx), id("again")).unwrap());
    let stopped = apply(tx.as_mut(), planning.stop(&again).unwrap().into()).await;
    let AnyIdea::PlanReviewFailed(refused) = stopped else { panic!("a stop brings it back") };
    let reviewing = moved!(tx, ReviewingPlan, refused.start_review(ready(&ctx), id("review")).unwrap());
    let approved = moved!(tx, PlanReviewed, reviewing.approve(&review, said("{\"round\":2}")).unwrap());
    let planned: Idea<_> = moved!(tx, Planned, approved.materialise(id("b"), None).unwrap());
    assert_eq!(planned.state.pbi, id("b"));
    tx.commit().await.unwrap();
    all_is_told(&ctx).await;
}

#[tokio::test]
async fn a_user_has_one_idea_of_a_code() {
    let ctx = Ctx::new().await;
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_idea(&new("i", "IDEA-001"), &stamp()).await.unwrap();
    let error = tx.add_idea(&new("i2", "IDEA-001"), &stamp()).await.unwrap_err();
    assert!(matches!(&error, StoreError::Duplicate { key } if key == "ideas.user_id, ideas.code"), "{error}");
}
