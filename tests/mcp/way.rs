//! The whole way of a job through the tools: backlog, claim, commit, verdict, report. Real git, real database.

use serde_json::{Value, json};
use sprintgate::flow::StartSprint;
use sprintgate::mcp::{Client, Socket};
use std::path::Path;
use tokio_util::sync::CancellationToken;

use super::house::session;
use super::land::{Land, commit, git};

/// What a tool answers that must not refuse.
async fn ok(client: &Client, tool: &str, args: Value) -> Value {
    let called = client.call(tool, args).await.unwrap();
    assert!(!called.is_error, "{tool}: {}", called.json);
    called.json
}

/// The code with which a tool refuses.
async fn refused(client: &Client, tool: &str, args: Value) -> String {
    let called = client.call(tool, args).await.unwrap();
    assert!(called.is_error, "{tool}: {}", called.json);
    called.json["code"].as_str().unwrap().to_owned()
}

async fn backlog(client: &Client, product: &str) -> Value {
    let pbi = json!({ "product_id": product, "title": "Cart", "priority": 1, "request_id": "pbi-1" });
    let pbi = ok(client, "create_pbi", pbi).await;
    let story = json!({ "pbi_id": pbi["id"], "title": "Add to cart", "priority": 1 });
    let story = ok(client, "create_story", story).await;
    let task = json!({ "story_id": story["id"], "title": "Count", "priority": 1,
        "implementation_plan": "- `src/cart.rs`: count the items" });
    ok(client, "create_task", task).await
}

fn start(product: &str) -> StartSprint {
    StartSprint { product: product.to_owned(), goal: Some("sell".to_owned()), ..StartSprint::default() }
}

#[tokio::test]
async fn a_job_from_backlog_to_done() {
    let land = Land::new().await;
    let client = Client::in_memory(land.app.clone(), land.session()).await.unwrap();
    let products = ok(&client, "list_products", json!({})).await;
    assert_eq!(products["result"][0]["id"], land.product.id);
    let task = backlog(&client, &land.product.id).await;

    // The wait begins before there is a job, and ends because there is one.
    let waits = ok(&client, "wait_for_job", json!({ "wait_seconds": 60 }));
    let person = session(Some(&land.token));
    let (job, started) = tokio::join!(waits, land.app.start_sprint(&person, start("Shop")));
    assert_eq!(job["job_id"], started.unwrap().jobs[0].job_id);
    assert_eq!((&job["status"], &job["task"]["id"]), (&json!("claimed"), &task["id"]), "{job}");

    let mine = |more: Value| {
        let mut args = json!({ "job_id": job["job_id"], "attempt": job["attempt"] });
        args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        args
    };
    let running = ok(&client, "update_job_status", mine(json!({ "status": "running" }))).await;
    assert_eq!(running["status"], "running", "{running}");
    assert_eq!(ok(&client, "job_heartbeat", mine(json!({}))).await["ok"], true);
    assert_eq!(
        refused(&client, "update_job_status", mine(json!({ "status": "done" }))).await,
        "NOT_VERIFIED"
    );

    let worktree = Path::new(job["worktree_path"].as_str().unwrap());
    std::fs::create_dir(worktree.join("src")).unwrap();
    std::fs::write(worktree.join("src/cart.rs"), "pub fn count() -> usize { 0 }\n").unwrap();
    commit(worktree, "cart: count");
    let verify = json!({ "task_id": task["id"], "worktree_path": worktree, "attempt": job["attempt"] });
    let verdict = ok(&client, "verify_task_against_plan", verify.clone()).await;
    assert_eq!(
        (&verdict["result"], &verdict["allowed_for_done"]),
        (&json!("aligned"), &json!(true)),
        "{verdict}"
    );

    std::fs::write(worktree.join("notes"), "later").unwrap();
    assert_eq!(
        refused(&client, "update_job_status", mine(json!({ "status": "done" }))).await,
        "WORKTREE_DIRTY"
    );
    std::fs::remove_file(worktree.join("notes")).unwrap();
    let head = git(worktree, &["rev-parse", "HEAD"]);
    let done =
        ok(&client, "update_job_status", mine(json!({ "status": "done", "summary": "counted" }))).await;
    assert_eq!((&done["status"], &done["head_sha"]), (&json!("done"), &json!(head)), "{done}");
    let branch = job["branch_name"].as_str().unwrap();
    assert_eq!(git(&land.origin, &["rev-parse", &format!("refs/heads/{branch}")]), head);

    assert_eq!(ok(&client, "check_queue_empty", json!({})).await["empty"], true);
    let nothing = ok(&client, "wait_for_job", json!({ "wait_seconds": 0 })).await;
    assert_eq!(nothing["status"], "timeout", "{nothing}");
    client.close().await.unwrap();
}

#[tokio::test]
async fn an_agent_on_the_socket_works_for_its_own_attempt_only() {
    let land = Land::new().await;
    let worker = Client::in_memory(land.app.clone(), land.session()).await.unwrap();
    backlog(&worker, &land.product.id).await;
    land.app.start_sprint(&land.session(), start("Shop")).await.unwrap();
    let job = ok(&worker, "wait_for_job", json!({ "wait_seconds": 5 })).await;
    let id = job["job_id"].as_str().unwrap().parse().unwrap();
    let token = land.app.attempt_token(&land.session(), &id, 1).await.unwrap();

    let path = land.origin.with_file_name("run").join("agents.sock");
    let stop = CancellationToken::new();
    let make = |token: Option<sprintgate::store::Secret>| session(token.as_ref());
    let served = tokio::spawn(Socket::bind(&path).unwrap().serve(land.app.clone(), make, stop.clone()));
    let agent = Client::socket(&path, &token).await.unwrap();
    assert_eq!(ok(&agent, "job_heartbeat", json!({ "job_id": job["job_id"] })).await["attempt"], 1);
    assert_eq!(refused(&agent, "wait_for_job", json!({ "wait_seconds": 0 })).await, "PERMISSION_DENIED");
    let more = json!({ "product_id": land.product.id, "title": "More", "priority": 1 });
    assert_eq!(refused(&agent, "create_pbi", more).await, "PERMISSION_DENIED");
    agent.close().await.unwrap();
    stop.cancel();
    served.await.unwrap();
}

#[tokio::test]
async fn a_request_made_twice_is_answered_once() {
    let land = Land::new().await;
    let client = Client::in_memory(land.app.clone(), land.session()).await.unwrap();
    let ask = json!({ "product_id": land.product.id, "title": "Cart", "priority": 1, "request_id": "r-1" });
    let first = ok(&client, "create_pbi", ask.clone()).await;
    assert_eq!(ok(&client, "create_pbi", ask.clone()).await, first);
    let mut other = ask;
    other["title"] = json!("Basket");
    assert_eq!(refused(&client, "create_pbi", other).await, "IDEMPOTENCY_MISMATCH");
    client.close().await.unwrap();
}
