//! An agent's voice: it speaks to the server over MCP and nothing else, and what it says is noted for the spectators.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::Command;

use super::dialogue::{self, Exchange};
use crate::cli::error::CliError;
use crate::mcp::{Called, Client};

/// A moment of thought before each word, so that spectators can follow.
const THOUGHT: Duration = Duration::from_millis(150);

/// An agent that has a job.
pub(super) struct Voice {
    pub(super) folder: PathBuf,
    client: Client,
    task: String,
    task_id: String,
    job: String,
    attempt: i64,
}

/// A connection through `sprintgate mcp`, started as any agent starts its MCP server.
pub(super) async fn connect(mcp: Command) -> Result<Client, CliError> {
    Client::child(mcp).await.map_err(|error| CliError::failed("DEMO_MCP", error))
}

/// Calls a tool.
pub(super) async fn call(client: &Client, tool: &str, args: Value) -> Result<Called, CliError> {
    client.call(tool, args).await.map_err(|error| CliError::failed("DEMO_MCP", error))
}

impl Voice {
    /// An agent with the job that `wait_for_job` answered.
    pub(super) fn of(folder: PathBuf, client: Client, job: &Value) -> Self {
        let text =
            |pointer: &str| job.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        Self {
            folder,
            client,
            task: text("/task/code"),
            task_id: text("/task/id"),
            job: text("/job_id"),
            attempt: job.get("attempt").and_then(Value::as_i64).unwrap_or_default(),
        }
    }

    /// Reports a status; `more` is laid over the arguments.
    pub(super) async fn report(&self, status: &str, more: Value) -> Result<Called, CliError> {
        let mut args = json!({ "job_id": self.job, "attempt": self.attempt, "status": status });
        if let (Value::Object(args), Value::Object(more)) = (&mut args, more) {
            args.extend(more);
        }
        let said = match args.get("summary") {
            Some(_) => format!("says {status}, with a summary"),
            None => format!("says {status}"),
        };
        self.speak(&said, "update_job_status", args).await
    }

    /// Asks for a verdict.
    pub(super) async fn verify(&self) -> Result<Called, CliError> {
        let args = json!({ "task_id": self.task_id, "attempt": self.attempt });
        self.speak("asks for a verdict", "verify_task_against_plan", args).await
    }

    /// Says that it lives; only a refusal is worth noting.
    pub(super) async fn beat(&self) -> Result<Called, CliError> {
        let args = json!({ "job_id": self.job, "attempt": self.attempt });
        let called = call(&self.client, "job_heartbeat", args).await?;
        if called.is_error {
            self.note("says it is alive", &called)?;
        }
        Ok(called)
    }

    async fn speak(&self, said: &str, tool: &str, args: Value) -> Result<Called, CliError> {
        tokio::time::sleep(THOUGHT).await;
        let called = call(&self.client, tool, args).await?;
        self.note(said, &called)?;
        Ok(called)
    }

    fn note(&self, said: &str, called: &Called) -> Result<(), CliError> {
        dialogue::note(&self.folder, &exchange(&self.task, self.attempt, said, called))
    }
}

/// What was said and answered.
pub(super) fn exchange(task: &str, attempt: i64, said: &str, called: &Called) -> Exchange {
    let text = |name: &str| called.json.get(name).and_then(Value::as_str);
    let answer = match (text("result"), text("reasoning"), text("head_sha"), text("status")) {
        _ if called.is_error => text("message").unwrap_or_default().to_owned(),
        (Some(result), Some(reasoning), _, _) => format!("{}: {reasoning}", result.to_uppercase()),
        (_, _, Some(head), Some("done")) => {
            format!("accepted; commit {} is on the origin", head.chars().take(7).collect::<String>())
        }
        _ => "accepted".to_owned(),
    };
    Exchange {
        at: dialogue::now(),
        task: task.to_owned(),
        attempt,
        said: said.to_owned(),
        refused: called.is_error.then(|| text("code").unwrap_or("UNKNOWN").to_owned()),
        answer,
    }
}
