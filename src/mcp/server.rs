//! The MCP server: lists the tools, runs each call in a task of its own, and tells a waiting client that it lives.

use std::sync::Arc;
use std::time::Duration;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation,
    ListResourcesResult, ListToolsResult, PaginatedRequestParams, ProgressNotificationParam,
    ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::{Value, json};
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::call::{Answer, Call};
use super::law;
use super::tools::{Spec, TOOLS};
use crate::flow::{Session, Sprintgate};

/// How often a client that asked for it hears that its call goes on; 10 s is the most it was promised.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

const INSTRUCTIONS: &str = "Sprintgate hands out jobs and decides by evidence when they are done. The way of a job: \
    wait_for_job; update_job_status `running`; change files in `worktree_path` only; git commit there; \
    verify_task_against_plan; update_job_status `done` (or `failed`, or `skipped`). Call job_heartbeat about once a \
    minute in between, and pass `job_id` and `attempt` to every call. Never push: the server does. A refusal is JSON \
    with `code`, `message`, `facts`, `retry` and `legal_next`.";

/// The server of one connection.
#[derive(Clone)]
pub struct McpServer {
    app: Sprintgate,
    session: Arc<Session>,
    gone: CancellationToken,
    calls: TaskTracker,
}

impl McpServer {
    /// A server for one client. When `gone` is cancelled, nobody waits for answers any more.
    #[must_use]
    pub fn new(app: Sprintgate, session: Arc<Session>, gone: CancellationToken) -> Self {
        Self { app, session, gone, calls: TaskTracker::new() }
    }

    /// Every tool as the protocol lists it.
    #[must_use]
    pub fn tools() -> Vec<Tool> {
        TOOLS.iter().map(Spec::listed).collect()
    }

    /// The calls at work: they outlive a request that was cancelled, and end by themselves.
    #[must_use]
    pub fn calls(&self) -> &TaskTracker {
        &self.calls
    }

    async fn run(
        &self,
        tool: &Spec,
        request: CallToolRequestParams,
        ctx: RequestContext<RoleServer>,
    ) -> CallToolResult {
        let gone = self.gone.child_token();
        let given = request.arguments.unwrap_or_default();
        let limit = given.get("wait_seconds").and_then(Value::as_f64).filter(|_| tool.name == "wait_for_job");
        let call = Call { app: self.app.clone(), session: self.session.clone(), given, gone: gone.clone() };
        // A task, so that nothing that happens to the request can drop the verb half way.
        let work = self.calls.spawn((tool.run)(call));
        let cancelled = async {
            ctx.ct.cancelled().await;
            gone.cancel();
            std::future::pending().await
        };
        tokio::select! {
            answer = work => match answer {
                Ok(answer) => result(&answer),
                Err(error) => {
                    tracing::error!(tool = tool.name, %error, "a call died");
                    refusal(&died(tool.name))
                }
            },
            () = signs_of_life(&ctx, tool.name, limit) => refusal(&died(tool.name)),
            () = cancelled => refusal(&died(tool.name)),
        }
    }
}

/// Says for ever, to a client that asked for it, that the call goes on.
async fn signs_of_life(ctx: &RequestContext<RoleServer>, tool: &str, limit: Option<f64>) {
    let Some(token) = ctx.meta.get_progress_token() else { return std::future::pending().await };
    let begun = Instant::now();
    let mut ticks = interval(SIGN_OF_LIFE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.tick().await;
    loop {
        ticks.tick().await;
        let seconds = begun.elapsed().as_secs_f64();
        let mut sign = ProgressNotificationParam::new(token.clone(), seconds)
            .with_message(format!("{tool}: at work for {seconds:.0} s"));
        if let Some(limit) = limit {
            sign = sign.with_total(limit);
        }
        if let Err(error) = ctx.peer.notify_progress(sign).await {
            tracing::debug!(%error, "the client did not hear a sign of life");
        }
    }
}

fn result(answer: &Answer) -> CallToolResult {
    match answer {
        Ok(value) => {
            let mut result = CallToolResult::success(vec![ContentBlock::text(format!("{value:#}"))]);
            result.structured_content = Some(value.clone());
            result
        }
        Err(error) => refusal(&error.to_json()),
    }
}

/// A refusal has text alone: clients hold structured content against the schema of a success.
fn refusal(error: &Value) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(format!("{error:#}"))])
}

fn died(tool: &str) -> Value {
    json!({
        "code": "INTERNAL",
        "message": format!("`{tool}` ended without an answer; whether it took effect is unknown"),
        "facts": {},
        "retry": "no",
        "legal_next": [],
    })
}

impl ServerHandler for McpServer {
    fn get_info(&self) -> ServerConfig {
        let offers = ServerCapabilities::builder().enable_tools().enable_resources().build();
        let name = Implementation::new("sprintgate", env!("CARGO_PKG_VERSION")).with_title("Sprintgate");
        ServerConfig::new(offers).with_server_info(name).with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(Self::tools()))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        Spec::named(name).map(Spec::listed)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = Spec::named(&request.name) else {
            let known: Vec<&str> = TOOLS.iter().map(|tool| tool.name).collect();
            return Err(ErrorData::invalid_params("there is no such tool", Some(json!({ "tools": known }))));
        };
        Ok(self.run(tool, request, context).await.into())
    }

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        Ok(ListResourcesResult::with_all_items(law::resources()))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        match law::read(&request.uri) {
            Some(text) => Ok(text.into()),
            None => Err(ErrorData::resource_not_found("there is no such resource", None)),
        }
    }
}
