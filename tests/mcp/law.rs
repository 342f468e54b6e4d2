//! The law as resources.

use serde_json::{Value, json};

use sprintgate::domain::law::{law, machines};

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
    let whole = sprintgate::cli::tables::json(&machines()).unwrap();
    let whole: Value = serde_json::from_str(&whole).unwrap();
    let mut edges = 0;
    for uri in uris {
        let read = raw.ask("resources/read", json!({ "uri": uri })).await;
        let text = &read["result"]["contents"][0];
        assert_eq!(text["mimeType"], "application/json", "{read}");
        let machine: Value = serde_json::from_str(text["text"].as_str().unwrap()).unwrap();
        assert!(!machine["states"].as_array().unwrap().is_empty(), "{uri}");
        let name = uri.as_str().unwrap().strip_prefix("transitions://").unwrap();
        let same = whole["machines"].as_array().unwrap().iter().find(|one| one["name"] == name);
        assert_eq!(Some(&machine), same, "{uri} is not what `tables` prints");
        edges += machine["transitions"].as_array().unwrap().len();
    }
    assert_eq!(edges, law().len());
    let job = raw.ask("resources/read", json!({ "uri": "transitions://job" })).await;
    assert!(job["result"]["contents"][0]["text"].as_str().unwrap().contains("the gate's proof"), "{job}");
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
