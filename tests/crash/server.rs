//! A server as an agent's client starts it, spoken to line by line; its death is an answer like any other.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use super::kill;
use super::shop::Shop;

/// The server died before it answered.
#[derive(Debug, PartialEq)]
pub(super) struct Dead;

pub(super) struct Server {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    home: PathBuf,
    next: u64,
}

impl Server {
    pub(super) fn start(shop: &Shop) -> Self {
        Self::start_as(shop, None)
    }

    pub(super) fn start_as(shop: &Shop, token: Option<&str>) -> Self {
        let mut command = shop.command(&["mcp"]);
        if let Some(token) = token {
            command.env("SPRINTGATE_TOKEN", token);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, input, output: BufReader::new(output), home: shop.root(), next: 0 }
    }

    pub(super) fn greet(&mut self) -> Result<(), Dead> {
        let hello = json!({ "protocolVersion": "2025-11-25", "capabilities": {},
            "clientInfo": { "name": "crash", "version": "0" } });
        self.ask("initialize", hello)?;
        self.say(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }))
    }

    /// Started and greeted.
    pub(super) fn ready(shop: &Shop) -> Self {
        let mut server = Self::start(shop);
        server.greet().unwrap();
        server
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    fn say(&mut self, message: &Value) -> Result<(), Dead> {
        writeln!(self.input, "{message}").and_then(|()| self.input.flush()).map_err(|_| Dead)
    }

    fn ask(&mut self, method: &str, params: Value) -> Result<Value, Dead> {
        self.next += 1;
        let id = self.next;
        self.say(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))?;
        loop {
            let mut line = String::new();
            match self.output.read_line(&mut line) {
                Ok(n) if n > 0 => {}
                _ => return Err(Dead),
            }
            // the last line of a killed server may be cut
            let message: Value = serde_json::from_str(&line).map_err(|_| Dead)?;
            if message["id"] == id {
                return Ok(message["result"].clone());
            }
        }
    }

    /// Whether the tool refused, and its answer.
    pub(super) fn call(&mut self, tool: &str, args: &Value) -> Result<(bool, Value), Dead> {
        let result = self.ask("tools/call", json!({ "name": tool, "arguments": args }))?;
        let refused = result["isError"] == true;
        // a refusal has text alone
        let text = result["content"][0]["text"].as_str().unwrap_or("null");
        Ok((refused, serde_json::from_str(text).unwrap()))
    }

    /// The server alone dies; what it started goes on.
    pub(super) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// The server and all that it started die, as in a power cut.
    pub(super) fn cut(&mut self) {
        self.kill();
        kill::all_of(&self.home);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
