//! What an agent reads about the tools: kept word for word, and held against rules and a second list.

use serde_json::Value;
use sprintgate::mcp::McpServer;

/// Tool, and whether it only reads, destroys, may be repeated, and reaches beyond this machine.
const HINTS: &[(&str, bool, bool, bool, bool)] = &[
    ("wait_for_job", false, false, false, false),
    ("job_heartbeat", false, false, true, false),
    ("verify_task_against_plan", false, false, true, false),
    ("update_job_status", false, true, true, true),
    ("check_queue_empty", true, false, true, false),
    ("list_products", true, false, true, false),
    ("get_claude_context", true, false, true, false),
    ("create_pbi", false, false, false, false),
    ("create_story", false, false, false, false),
    ("create_task", false, false, false, false),
    ("update_task_status", false, true, true, false),
    ("update_task_plan", false, true, true, false),
    ("set_pbi_pr", false, true, true, false),
    ("mark_pbi_pr_merged", false, true, true, false),
    ("cleanup_my_worktrees", false, true, true, false),
    ("health", true, false, true, false),
];

fn tools() -> Vec<Value> {
    McpServer::tools().iter().map(|tool| serde_json::to_value(tool).unwrap()).collect()
}

#[test]
fn the_list_is_what_it_was() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("mcp_tools", format!("{:#}", Value::Array(tools()))));
}

#[test]
fn every_tool_says_what_a_client_may_assume() {
    let found: Vec<_> = tools()
        .iter()
        .map(|tool| {
            let hint = |name: &str| tool["annotations"][name].as_bool().unwrap();
            assert_eq!(tool["title"], tool["annotations"]["title"]);
            (
                tool["name"].as_str().unwrap().to_owned(),
                hint("readOnlyHint"),
                hint("destructiveHint"),
                hint("idempotentHint"),
                hint("openWorldHint"),
            )
        })
        .collect();
    let wanted: Vec<_> = HINTS.iter().map(|&(name, r, d, i, o)| (name.to_owned(), r, d, i, o)).collect();
    assert_eq!(found, wanted);
}

#[test]
fn schemas_are_plain() {
    for tool in tools() {
        for side in ["inputSchema", "outputSchema"] {
            let schema = &tool[side];
            let at = format!("{} {side}", tool["name"]);
            assert_eq!(schema["type"], "object", "{at}");
            assert!(schema["properties"].is_object(), "{at}");
            walk(schema, &at);
        }
        assert_eq!(tool["inputSchema"]["additionalProperties"], false, "{}", tool["name"]);
        for (name, field) in tool["inputSchema"]["properties"].as_object().unwrap() {
            let at = format!("{} {name}", tool["name"]);
            assert!(field["type"].is_string(), "{at}: {field}");
            assert!(field["description"].as_str().is_some_and(|text| !text.is_empty()), "{at}");
        }
        let about = tool["description"].as_str().unwrap();
        assert!((40..=1200).contains(&about.len()), "{}: {}", tool["name"], about.len());
        assert!(!about.contains("  "), "{about}");
    }
}

/// No references, no number formats, no defaults, no lists of types.
fn walk(schema: &Value, at: &str) {
    if let Some(object) = schema.as_object() {
        for bad in ["$ref", "$defs", "default", "oneOf"] {
            assert!(!object.contains_key(bad), "{at}: {bad} in {schema}");
        }
        assert!(!object.get("type").is_some_and(Value::is_array), "{at}: {schema}");
        assert!(!object.get("format").is_some_and(Value::is_string), "{at}: {schema}");
    }
    match schema {
        Value::Object(object) => object.iter().for_each(|(key, value)| walk(value, &format!("{at}.{key}"))),
        Value::Array(all) => all.iter().for_each(|value| walk(value, at)),
        _ => {}
    }
}

#[test]
fn no_text_tells_how_to_weaken_a_gate() {
    let all = Value::Array(tools()).to_string().to_lowercase();
    for bad in ["set verify_required", "mark the task", "waive", "scrum4me"] {
        assert!(!all.contains(bad), "{bad}");
    }
}
