//! The law as resources.

use serde_json::{Value, json};

use super::house::without_database;
use super::raw::Raw;

#[tokio::test]
async fn every_machine_is_a_resource() {
    let (_folder, app) = without_database();
    let mut raw = Raw::ready(app).await;
    let listed = raw.ask("resources/list", json!({})).await;
    let uris: Vec<_> =
        listed["result"]["resources"].as_array().unwrap().iter().map(|one| one["uri"].clone()).collect();
    assert!(uris.contains(&json!("transitions://job")), "{listed}");
    let mut edges = 0;
    for uri in uris {
        let read = raw.ask("resources/read", json!({ "uri": uri })).await;
        let text = &read["result"]["contents"][0];
        assert_eq!(text["mimeType"], "application/json", "{read}");
        let machine: Value = serde_json::from_str(text["text"].as_str().unwrap()).unwrap();
        assert!(!machine["states"].as_array().unwrap().is_empty(), "{uri}");
        edges += machine["transitions"].as_array().unwrap().len();
    }
    assert_eq!(edges, sprintgate::domain::law::law().len());
}

#[tokio::test]
async fn there_is_no_other_resource() {
    let (_folder, app) = without_database();
    let mut raw = Raw::ready(app).await;
    for uri in ["transitions://", "transitions://jobs", "job", "file:///etc/passwd", "TRANSITIONS://job"] {
        let read = raw.ask("resources/read", json!({ "uri": uri })).await;
        assert!(read["error"]["code"].is_i64(), "{uri}: {read}");
    }
}
