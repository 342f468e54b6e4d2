//! The backlog: items, codes, limits and task statuses.

use sprintgate::flow::wire::*;

use super::world::{World, code, plan};

#[tokio::test]
async fn a_backlog_is_made_item_by_item() {
    let world = World::new().await;
    let product_id = world.app.list_products(&world.worker).await.unwrap().result[0].id.clone();
    let pbi = CreatePbi {
        product_id: product_id.clone(),
        title: "item".into(),
        priority: 2,
        ..CreatePbi::default()
    };
    let pbi = world.app.create_pbi(&world.worker, pbi).await.unwrap();
    assert_eq!((pbi.code.as_str(), pbi.sort_order, pbi.status.as_str()), ("PBI-1", 1.0, "ready"));
    let story = |title: &str| CreateStory {
        pbi_id: pbi.id.clone(),
        title: title.into(),
        priority: 1,
        ..CreateStory::default()
    };
    let first = world.app.create_story(&world.worker, story("first")).await.unwrap();
    let second = world.app.create_story(&world.worker, story("second")).await.unwrap();
    assert_eq!((first.code.as_str(), second.code.as_str(), second.sort_order), ("ST-001", "ST-002", 2.0));
    let task = CreateTask {
        story_id: first.id.clone(),
        title: "task".into(),
        priority: 1,
        implementation_plan: Some("- `src/a.rs`".into()),
        ..CreateTask::default()
    };
    let task = world.app.create_task(&world.worker, task).await.unwrap();
    assert_eq!((task.code.as_str(), task.status.as_str()), ("T-1", "to_do"));

    world.start(&["PBI-1"]).await.unwrap();
    let context = world.app.get_claude_context(&world.worker, GetClaudeContext { product_id }).await.unwrap();
    let next = context.next_story.unwrap();
    assert_eq!(
        (next.code.as_str(), next.tasks[0].code.as_str(), next.tasks[0].status.as_str()),
        ("ST-001", "ST-001.1", "todo")
    );
    assert_eq!(context.active_sprint.unwrap().status, "OPEN");
    world.sound().await;
}

#[tokio::test]
async fn items_that_do_not_fit_are_refused() {
    let world = World::new().await;
    let product_id = world.app.list_products(&world.worker).await.unwrap().result[0].id.clone();
    let good = CreatePbi { product_id, title: "item".into(), priority: 1, ..CreatePbi::default() };
    let rows = vec![
        (CreatePbi { title: String::new(), ..good.clone() }, "VALIDATION_ERROR"),
        (CreatePbi { title: "x".repeat(201), ..good.clone() }, "VALIDATION_ERROR"),
        (CreatePbi { title: "x".repeat(5_000_000), ..good.clone() }, "VALIDATION_ERROR"),
        (CreatePbi { description: Some("x".repeat(4001)), ..good.clone() }, "VALIDATION_ERROR"),
        (CreatePbi { priority: 0, ..good.clone() }, "VALIDATION_ERROR"),
        (CreatePbi { priority: 5, ..good.clone() }, "VALIDATION_ERROR"),
        (CreatePbi { sort_order: Some(f64::NAN), ..good.clone() }, "VALIDATION_ERROR"),
        (CreatePbi { product_id: "'; DROP TABLE pbis; --".into(), ..good.clone() }, "VALIDATION_ERROR"),
        (CreatePbi { product_id: "absent".into(), ..good.clone() }, "NOT_FOUND"),
    ];
    for (ask, want) in rows {
        assert_eq!(code(world.app.create_pbi(&world.worker, ask).await), want);
    }
    assert_eq!(world.app.create_pbi(&world.worker, good).await.unwrap().code, "PBI-1");
}

#[tokio::test]
async fn an_import_is_all_or_nothing() {
    let world = World::new().await;
    let bad = plan("item", &[&[("one", "- `a.rs`", "ANY")]])
        .replace("priority: 1, implementation", "priority: 7, implementation");
    let refused = world.app.import(&world.person, "shop", &bad).await.unwrap_err();
    assert_eq!(refused.code(), "VALIDATION_ERROR");
    assert!(refused.to_string().contains("stories[0].tasks[0].priority"), "{refused}");
    let made = world.import(&plan("item", &[&[("one", "- `a.rs`", "ANY")]])).await;
    assert_eq!((made.pbi.code.as_str(), made.tasks[0].code.as_str()), ("PBI-1", "T-1"));
}

#[tokio::test]
async fn a_task_moves_along_its_table_and_its_story_follows() {
    let world = World::new().await;
    let made = world.import(&plan("item", &[&[("one", "- `a.rs`", "ANY")]])).await;
    let set = |status: &str| {
        let ask = UpdateTaskStatus {
            task_id: made.tasks[0].id.clone(),
            status: status.into(),
            sprint_run_id: None,
        };
        world.app.update_task_status(&world.worker, ask)
    };
    assert_eq!(set("in_progress").await.unwrap().status, "in_progress");
    assert_eq!(set("done").await.unwrap().story_status_change.as_deref(), Some("promoted"));
    let refused = set("review").await.unwrap_err();
    assert_eq!(
        (refused.code(), refused.facts()["legal"].clone()),
        ("ILLEGAL_TRANSITION", serde_json::json!(["TO_DO"]))
    );
    assert_eq!(set("todo").await.unwrap().story_status_change.as_deref(), Some("demoted"));
    assert_eq!(code(set("finished").await), "VALIDATION_ERROR");
    world.sound().await;
}
