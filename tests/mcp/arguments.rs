//! Arguments that do not fit are refused by name, in the coded form.

use serde_json::{Value, json};
use sprintgate::mcp::Client;

use super::house::{session, without_database};

#[tokio::test]
async fn what_does_not_fit_is_named() {
    let cases: Vec<(&str, Value, &str, &str)> = vec![
        ("update_job_status", json!({}), "job_id", "is missing"),
        ("update_job_status", json!({ "job_id": "j" }), "status", "is missing"),
        ("update_job_status", json!({ "job_id": 3, "status": "done" }), "job_id", "expected a string"),
        ("update_job_status", json!({ "job_id": "j", "status": "ended" }), "status", "running"),
        ("update_job_status", json!({ "job_id": "j", "status": "DONE" }), "status", "unknown variant"),
        ("update_job_status", json!({ "job_id": "j", "status": "done", "force": true }), "force", "unknown"),
        (
            "update_job_status",
            json!({ "job_id": "j", "status": "done", "attempt": "1" }),
            "attempt",
            "expected i64",
        ),
        ("update_job_status", json!({ "job_id": "j", "status": null }), "status", ""),
        (
            "create_pbi",
            json!({ "product_id": "p", "title": "t", "priority": 1.5 }),
            "priority",
            "expected i64",
        ),
        (
            "create_pbi",
            json!({ "product_id": "p", "title": ["t"], "priority": 1 }),
            "title",
            "expected a string",
        ),
        (
            "create_task",
            json!({ "story_id": "s", "title": "t", "priority": 1, "sort_order": {} }),
            "sort_order",
            "",
        ),
        ("wait_for_job", json!({ "wait_seconds": "300" }), "wait_seconds", "expected i64"),
        ("wait_for_job", json!({ "wait": 300 }), "wait", "product_id, wait_seconds, request_id"),
        ("health", json!({ "verbose": true }), "verbose", "takes no arguments"),
        ("list_products", json!({ "archived": false }), "archived", "takes no arguments"),
    ];
    let (_folder, app) = without_database();
    let client = Client::in_memory(app, session(None)).await.unwrap();
    for (tool, args, field, why) in cases {
        let called = client.call(tool, args.clone()).await.unwrap();
        let at = format!("{tool} {args}: {}", called.json);
        assert!(called.is_error, "{at}");
        assert_eq!(called.json["code"], "VALIDATION_ERROR", "{at}");
        assert_eq!(called.json["facts"]["field"], field, "{at}");
        assert_eq!(called.json["retry"], "after_fix", "{at}");
        assert!(called.json["message"].as_str().unwrap().contains(why), "{at}");
    }
    client.close().await.unwrap();
}

#[tokio::test]
async fn more_than_a_mebibyte_is_refused_before_it_is_read() {
    let (_folder, app) = without_database();
    let client = Client::in_memory(app, session(None)).await.unwrap();
    let with = |length: usize| json!({ "task_id": 1, "implementation_plan": "x".repeat(length) });
    // The frame around the plan is 38 bytes long.
    let frame = with(0).to_string().len();
    let fits = client.call("update_task_plan", with((1 << 20) - frame)).await.unwrap();
    assert_eq!(fits.json["facts"]["field"], "task_id", "{}", fits.json);
    let too_much = client.call("update_task_plan", with((1 << 20) - frame + 1)).await.unwrap();
    assert_eq!(too_much.json["code"], "VALIDATION_ERROR");
    assert_eq!(too_much.json["facts"]["field"], "arguments", "{}", too_much.json);
    client.close().await.unwrap();
}

#[tokio::test]
async fn names_that_were_sent_come_back_short_and_on_one_line() {
    let (_folder, app) = without_database();
    let client = Client::in_memory(app, session(None)).await.unwrap();
    let name = format!("a\nb\u{1b}[31m{}", "x".repeat(5000));
    let called = client.call("health", json!({ name: 1 })).await.unwrap();
    let message = called.json["message"].as_str().unwrap();
    assert!(message.len() < 500 && !message.contains(['\n', '\u{1b}']), "{message}");
    client.close().await.unwrap();
}

#[tokio::test]
async fn null_stands_for_an_argument_left_out() {
    let (_folder, app) = without_database();
    let client = Client::in_memory(app, session(None)).await.unwrap();
    let asked = json!({ "product_id": null });
    let called = client.call("check_queue_empty", asked).await.unwrap();
    assert_eq!(called.json["code"], "DATABASE_FAILED", "{}", called.json);
    client.close().await.unwrap();
}
