//! What the server of the tests answers, held against what the real ones are known to answer: no field that they do not
//! have, and none of another type. Each page of the folder says where it was taken from.

use std::fs;

use serde_json::Value;
use sprintgate::domain::forge::ForgeKind;

use super::ground::Ground;

fn fixture(name: &str) -> Value {
    let path = format!("{}/tests/forge/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let fixture: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    for field in ["repository", "path", "commit", "licence"] {
        assert!(fixture["source"][field].is_string(), "{name} does not say its {field}");
    }
    fixture["shape"].clone()
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

/// That the value has only fields of the shape, with their types; a shape is an object of shapes, or types by `|`.
fn fits(value: &Value, shape: &Value, at: &str) {
    match shape {
        Value::String(types) => {
            assert!(
                types.split('|').any(|one| one == kind_of(value)),
                "{at} is {}, not {types}",
                kind_of(value)
            );
        }
        Value::Object(shapes) => {
            for (name, value) in value.as_object().unwrap_or_else(|| panic!("{at} is no object")) {
                let shape = shapes.get(name).unwrap_or_else(|| panic!("{at}.{name} is in no real answer"));
                fits(value, shape, &format!("{at}.{name}"));
            }
        }
        other => panic!("{at}: {other} is no shape"),
    }
}

#[tokio::test]
async fn the_server_answers_in_the_shapes_of_the_real_ones() {
    for (kind, name) in [(ForgeKind::GitHub, "github_pull"), (ForgeKind::Forgejo, "forgejo_pull")] {
        let ground = Ground::new(kind).await;
        ground.open(false).await;
        let shape = fixture(name);
        let state = ground.server.state();
        fits(&state.shown(kind, &state.pulls[0]), &shape, name);
        let mut merged = state.pulls[0].clone();
        (merged.closed, merged.merged) = (true, Some("a".repeat(40)));
        fits(&state.shown(kind, &merged), &shape, name);
    }
}

/// Lists by a branch have entries of their own shape at GitHub, and those of Forgejo are whole.
#[tokio::test]
async fn the_server_lists_in_the_shapes_of_the_real_ones() {
    for (kind, name) in [(ForgeKind::GitHub, "github_pulls"), (ForgeKind::Forgejo, "forgejo_pull")] {
        let ground = Ground::new(kind).await;
        ground.open(false).await;
        let listed = ground.server.state().answer(kind, "pulls");
        fits(&listed[0], &fixture(name), name);
    }
    let ground = Ground::new(ForgeKind::Forgejo).await;
    let shape = fixture("forgejo_status");
    let path = format!("commits/{}/status", ground.head);
    fits(&ground.server.state().answer(ForgeKind::Forgejo, &path), &shape, "no status");
    ground.server.state().check(ground.head.as_str(), "lint", true, "success");
    fits(&ground.server.state().answer(ForgeKind::Forgejo, &path), &shape, "a status");
}

/// The client reads no field that real answers do not have.
#[test]
fn real_answers_have_what_is_read() {
    for name in ["github_pull", "forgejo_pull"] {
        let shape = fixture(name);
        for field in
            ["number", "state", "title", "body", "merged", "merged_at", "merge_commit_sha", "mergeable"]
        {
            assert!(shape[field].is_string(), "{name} has no {field}");
        }
        for side in ["head", "base"] {
            assert_eq!(shape[side]["ref"], "string", "{name}");
            assert_eq!(shape[side]["sha"], "string", "{name}");
            assert!(shape[side]["repo"]["full_name"].is_string(), "{name}");
        }
    }
    let github = fixture("github_pull");
    for field in ["node_id", "draft", "mergeable_state", "commits", "auto_merge"] {
        assert!(!github[field].is_null(), "{field}");
    }
}
