//! What differs between runners.

use std::path::PathBuf;
use std::time::Duration;

/// The agent that is started when none is configured: Claude Code without a terminal, with no other MCP server than
/// ours.
pub const DEFAULT_AGENT: &[&str] = &[
    "claude",
    "-p",
    "{prompt}",
    "--model",
    "{model}",
    "--permission-mode",
    "{permission_mode}",
    "--mcp-config",
    "{mcp_config}",
    "--strict-mcp-config",
    "--output-format",
    "stream-json",
    "--verbose",
];

/// What differs between runners.
#[derive(Debug, Clone)]
pub struct RunnerSettings {
    /// The agent's program and arguments, with placeholders.
    pub agent: Vec<String>,
    /// This program; agents start it as their MCP server.
    pub program: PathBuf,
    /// Where job folders, logs and sockets lie; open to this user alone.
    pub state_dir: PathBuf,
    /// How long one wait for a job lasts; at most 600 s.
    pub wait: Duration,
    /// How long an agent may take to end after SIGTERM.
    pub grace: Duration,
    /// How long an agent may work.
    pub limit: Duration,
    /// Bytes of an agent's output that are kept.
    pub output_max: u64,
    /// Variables that agents get beside the usual ones, by name.
    pub pass_env: Vec<String>,
    /// The first pause after a failure; it doubles with each in a row.
    pub pause: Duration,
}

impl RunnerSettings {
    /// The usual settings; an empty command stands for [`DEFAULT_AGENT`].
    #[must_use]
    pub fn new(agent: Vec<String>, program: PathBuf, state_dir: PathBuf) -> Self {
        let agent = if agent.is_empty() {
            DEFAULT_AGENT.iter().map(|word| (*word).to_owned()).collect()
        } else {
            agent
        };
        Self {
            agent,
            program,
            state_dir,
            wait: Duration::from_secs(300),
            grace: Duration::from_secs(5),
            limit: Duration::from_secs(2 * 60 * 60),
            output_max: 32 << 20,
            pass_env: Vec::new(),
            pause: Duration::from_secs(1),
        }
    }
}
