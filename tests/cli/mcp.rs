//! `mcp` and `call` as a client and an agent find them.

use std::process::Stdio;

use serde_json::json;
use sprintgate::mcp::Client;

use super::home::{Home, answer, write};

#[tokio::test]
async fn a_client_starts_the_server_and_finds_its_tools() {
    let home = Home::with_product();
    let mut command = tokio::process::Command::from(home.command(&["mcp"]));
    command.stderr(Stdio::null());
    let client = Client::child(command).await.unwrap();
    let health = client.call("health", json!({})).await.unwrap();
    assert_eq!((health.is_error, health.json["status"].as_str()), (false, Some("ok")));
    let products = client.call("list_products", json!({})).await.unwrap();
    assert_eq!(products.json["result"][0]["name"], "App");
    client.close().await.unwrap();
}

/// A client of a server that does not start hears nothing; one that is refused call by call reads why.
#[tokio::test]
async fn without_a_token_each_tool_answers_for_itself() {
    let home = Home::ready();
    write(&home.config(), &format!("database = {:?}\n", home.database()), 0o600);
    let client = Client::child(home.command(&["mcp"]).into()).await.unwrap();
    let health = client.call("health", json!({})).await.unwrap();
    assert_eq!((health.is_error, health.json["status"].as_str()), (false, Some("ok")));
    for (tool, args) in [("list_products", json!({})), ("wait_for_job", json!({ "wait_seconds": 0 }))] {
        let refused = client.call(tool, args).await.unwrap();
        assert_eq!(
            (refused.is_error, refused.json["code"].as_str()),
            (true, Some("UNAUTHENTICATED")),
            "{tool}"
        );
    }
    client.close().await.unwrap();

    home.run(&["call", "health"]).ok();
    let refused = home.run(&["call", "list_products"]);
    assert_eq!(refused.status, 1);
    assert!(refused.stdout.contains("UNAUTHENTICATED"), "{refused:?}");
    home.run(&["product", "list"]).refused(3, "NOT_INITIALISED");
}

#[test]
fn what_is_no_protocol_ends_the_server_without_a_word_on_stdout() {
    let home = Home::ready();
    for stdin in ["", "hello\n", "{}\n", "[[[[\n", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\u{1b}\"}\n"] {
        let answer = home.run_with(&["mcp"], stdin);
        assert!(matches!(answer.status, 0 | 1), "{stdin:?}: {answer:?}");
        for line in answer.stdout.lines() {
            assert_eq!(serde_json::from_str::<serde_json::Value>(line).unwrap()["jsonrpc"], "2.0");
        }
    }
}

#[test]
fn an_agent_needs_a_socket_and_a_token_and_nothing_else() {
    let home = Home::new();
    for args in [&["mcp"][..], &["call", "health"]] {
        let mut agent = home.command(args);
        agent.env_remove("HOME").env("SPRINTGATE_SOCKET", home.path().join("none.sock"));
        answer(agent, "").refused(3, "NOT_INITIALISED");

        let mut agent = home.command(args);
        agent.env_remove("HOME").env("SPRINTGATE_SOCKET", home.path().join("none.sock"));
        answer(with_token(agent), "").refused(1, "MCP_FAILED");
    }
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
}

fn with_token(mut agent: std::process::Command) -> std::process::Command {
    agent.env("SPRINTGATE_TOKEN", "sg_of_an_attempt");
    agent
}
