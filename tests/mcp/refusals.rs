//! What a refusal and an answer look like on the wire itself.

use serde_json::{Value, json};

use super::house::without_database;
use super::raw::Raw;

#[tokio::test]
async fn a_refusal_is_one_json_text_and_nothing_structured() {
    let (_folder, app) = without_database();
    let mut raw = Raw::ready(app).await;
    for (tool, args, code) in
        [("job_heartbeat", json!({}), "VALIDATION_ERROR"), ("list_products", json!({}), "DATABASE_FAILED")]
    {
        let message = raw.call(tool, args).await;
        let result = &message["result"];
        assert_eq!(result["isError"], true, "{message}");
        assert!(result.get("structuredContent").is_none(), "{message}");
        assert_eq!(result["content"].as_array().unwrap().len(), 1);
        let text: Value = serde_json::from_str(result["content"][0]["text"].as_str().unwrap()).unwrap();
        assert_eq!(text["code"], code);
        let mut keys: Vec<_> = text.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, ["code", "facts", "legal_next", "message", "retry"]);
    }
}

#[tokio::test]
async fn an_answer_is_structured_and_the_same_as_text() {
    let (_folder, app) = without_database();
    let mut raw = Raw::ready(app).await;
    let message = raw.call("health", json!({})).await;
    let result = &message["result"];
    assert_eq!(result["isError"], false, "{message}");
    assert_eq!(result["structuredContent"]["status"], "ok");
    assert_eq!(result["structuredContent"]["database"], "down");
    let text = result["content"][0]["text"].as_str().unwrap();
    assert!(text.starts_with("{\n  \""), "{text}");
    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), result["structuredContent"]);
}

#[tokio::test]
async fn a_tool_that_is_not_there_is_an_error_of_the_protocol() {
    let (_folder, app) = without_database();
    let mut raw = Raw::ready(app).await;
    let message = raw.call("drop_database", json!({})).await;
    assert_eq!(message["error"]["code"], -32602, "{message}");
    assert!(message["error"]["data"]["tools"].as_array().unwrap().contains(&json!("wait_for_job")));
}

#[tokio::test]
async fn a_call_without_arguments_has_none() {
    let (_folder, app) = without_database();
    let mut raw = Raw::ready(app).await;
    let message = raw.ask("tools/call", json!({ "name": "health" })).await;
    assert_eq!(message["result"]["isError"], false, "{message}");
}

#[tokio::test]
async fn the_server_ends_when_its_client_leaves() {
    let (_folder, app) = without_database();
    let raw = Raw::ready(app.clone()).await;
    drop((raw.writer, raw.lines));
    raw.server.await.unwrap().unwrap();
    let silent = Raw::silent(app);
    drop((silent.writer, silent.lines));
    silent.server.await.unwrap().unwrap();
}
