//! Products, backlog items, stories, tasks and sprints: who sees them, in which order, and how they move.

use sprintgate::domain::backlog::{pbi, sprint, story};
use sprintgate::domain::rollup::{Above, Picture, Rolled, roll_up};
use sprintgate::domain::task;
use sprintgate::store::*;

use super::ctx::{Ctx, id, stamp, task as new_task};

/// Takes a task from TO_DO to another status.
fn set(task: &str, to: task::Status) -> task::Change {
    let row = task::Row { id: id(task), status: task::Status::ToDo };
    task::set(row, to).unwrap().unwrap()
}

#[tokio::test]
async fn every_machine_moves_through_the_same_statement() {
    let ctx = Ctx::new().await;
    let mut tx = ctx.store.begin().await.unwrap();
    let task = tx.add_task(&new_task("k"), &stamp()).await.unwrap();
    assert_eq!((task.status, task.sprint), (task::Status::ToDo, Some(id("s"))));
    let failed = Change::Task(set("k", task::Status::Failed));
    tx.apply(failed.clone(), &stamp()).await.unwrap();
    let error = tx.apply(failed, &stamp()).await.unwrap_err();
    assert!(matches!(error, StoreError::Lost { machine: "task", expected: "TO_DO", .. }));

    let lineage = tx.lineage(&id("u"), &id("st")).await.unwrap().unwrap();
    assert_eq!((&lineage.story, &lineage.pbi, &lineage.sprint), (&id("st"), &id("b"), &Some(id("s"))));
    let picture = Picture {
        story: story::Status::InSprint,
        tasks: vec![task::Status::Failed],
        pbi: Above { now: pbi::Status::Ready, others: Vec::new() },
        sprint: Some(Above { now: sprint::Status::Open, others: Vec::new() }),
        run: None,
    };
    assert_eq!(lineage.picture, picture);
    let (status, beside) = tx.lineage_of_task(&id("u"), &id("k")).await.unwrap().unwrap();
    let alone = Picture { tasks: Vec::new(), ..picture };
    assert_eq!((status, &beside.picture), (task::Status::Failed, &alone));
    assert_eq!(tx.lineage(&id("x"), &id("st")).await.unwrap(), None, "strangers see nothing");
    for rolled in roll_up(&lineage.picture) {
        let change = match rolled {
            Rolled::Story(shift) => Change::Story { id: id("st"), shift },
            Rolled::Pbi(shift) => Change::Pbi { id: id("b"), shift },
            Rolled::Sprint(shift) => Change::Sprint { id: id("s"), shift },
            Rolled::Run(verdict) => panic!("there is no run to be {verdict:?}"),
        };
        tx.apply(change, &stamp()).await.unwrap();
    }
    let shift = pbi::block(pbi::Status::Failed).unwrap();
    tx.apply(Change::Pbi { id: id("b"), shift }, &stamp()).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = ctx.store.read().await.unwrap();
    assert_eq!(tx.task(&id("u"), &id("k")).await.unwrap().unwrap().status, task::Status::Failed);
    assert_eq!(tx.story(&id("u"), &id("st")).await.unwrap().unwrap().status, story::Status::Failed);
    assert_eq!(tx.pbi(&id("u"), &id("b")).await.unwrap().unwrap().status, pbi::Status::Blocked);
    assert_eq!(tx.sprint(&id("u"), &id("s")).await.unwrap().unwrap().status, sprint::Status::Failed);
    let events: Vec<_> = tx.history("pbi", "b", 9).await.unwrap().into_iter().map(|e| e.event).collect();
    assert_eq!(events, ["create", "derive", "block"]);
    assert_eq!(tx.open_sprint(&id("p")).await.unwrap(), None);
}

#[tokio::test]
async fn strangers_see_nothing_and_members_see_it_all() {
    let ctx = Ctx::new().await;
    ctx.job("k").await;
    let mut tx = ctx.store.begin().await.unwrap();
    for (user, name) in [("m", "mia"), ("x", "max")] {
        tx.add_user(&NewUser { id: id(user), username: name.into(), is_demo: false }).await.unwrap();
    }
    tx.commit().await.unwrap();
    ctx.run("r").await;
    let mut raw = super::raw::connect(&ctx).await;
    sqlx::query("INSERT INTO product_members VALUES ('p', 'm', 1)").execute(&mut raw).await.unwrap();
    let mut tx = ctx.store.read().await.unwrap();
    for (user, sees) in [("u", true), ("m", true), ("x", false)] {
        let user = id(user);
        assert_eq!(tx.product(&user, &id("p")).await.unwrap().is_some(), sees);
        assert_eq!(tx.product_named(&user, "Shop").await.unwrap().is_some(), sees);
        assert_eq!(tx.product_named(&user, "SHOP").await.unwrap().is_some(), sees);
        assert_eq!(tx.products(&user, 9).await.unwrap().len(), usize::from(sees));
        assert_eq!(tx.pbi(&user, &id("b")).await.unwrap().is_some(), sees);
        assert_eq!(tx.story(&user, &id("st")).await.unwrap().is_some(), sees);
        assert_eq!(tx.task(&user, &id("k")).await.unwrap().is_some(), sees);
        assert_eq!(tx.sprint(&user, &id("s")).await.unwrap().is_some(), sees);
        assert_eq!(tx.runs(&user, 9).await.unwrap().len(), usize::from(sees));
    }
}

#[tokio::test]
async fn tasks_are_ordered_by_priority_and_place_and_the_scope_is_what_is_to_do() {
    let ctx = Ctx::new().await;
    let mut tx = ctx.store.begin().await.unwrap();
    for (name, priority, place) in
        [("c", 2, None), ("d", 2, None), ("a", 1, Some(9.5)), ("b", 2, Some(0.5)), ("e", 3, None)]
    {
        let mut task = new_task(name);
        task.priority = priority;
        task.sort_order = place;
        let added = tx.add_task(&task, &stamp()).await.unwrap();
        if name == "d" {
            assert_eq!(added.sort_order, 2.0, "after the last of its priority");
        }
    }
    tx.apply(Change::Task(set("d", task::Status::Done)), &stamp()).await.unwrap();
    tx.set_task_plan(&id("a"), "another plan").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = ctx.store.begin().await.unwrap();
    let names = |tasks: &[Task]| tasks.iter().map(|t| t.id.to_string()).collect::<String>();
    let tasks = tx.tasks_of(&id("st")).await.unwrap();
    assert_eq!(names(&tasks), "abcde");
    assert_eq!(tasks[0].implementation_plan.as_deref(), Some("another plan"));
    let scope = tx.scope(&id("s")).await.unwrap();
    assert_eq!(scope.iter().map(|s| s.task.id.to_string()).collect::<String>(), "abce");
    assert_eq!((scope[0].pbi_code.as_str(), scope[0].pbi_status), ("PBI-1", pbi::Status::Ready));
    assert_eq!(tx.next_story(&id("s")).await.unwrap(), Some(scope[0].story.clone()));
    tx.add_sprint(
        &NewSprint { id: id("s2"), product: id("p"), code: "S-2".into(), goal: "more".into() },
        &stamp(),
    )
    .await
    .unwrap();
    tx.plan_story(&id("st"), &id("s2")).await.unwrap();
    assert_eq!(tx.next_story(&id("s")).await.unwrap(), None);
    assert_eq!(tx.task(&id("u"), &id("a")).await.unwrap().unwrap().sprint, Some(id("s2")));
    let sprints = tx.sprints(&id("p"), 9).await.unwrap();
    assert_eq!(sprints.iter().map(|s| s.id.to_string()).collect::<Vec<_>>(), ["s2", "s"]);
    assert_eq!(tx.open_sprint(&id("p")).await.unwrap().as_ref(), sprints.first());
}
