//! The runner: claims a job, starts an agent for it in a process group of its own, keeps the lease alive, and
//! leaves no job and no process behind.
//!
//! [`Runner::run`] is the loop. The agent's command is a template ([`fill`]) and its environment a list
//! ([`PASSED`], and what the operator [`allowed`]); it speaks MCP over a socket with a token that works for
//! its one attempt. The runner imports `domain`, [`flow`](crate::flow) and [`mcp`](crate::mcp), and decides
//! nothing about jobs: every decision is a use case of `flow`.
//!
//! The promise: an agent that ends, hangs or loses its lease ends with all its processes, and its job is
//! given back unless it has ended or somebody else holds it. What a killed runner leaves, the next one of its folder
//! clears.
//!
//! ```
//! use sprintgate::runner::{Refused, Values, allowed, fill};
//!
//! // A value is not read again, whatever it says, and no shell reads any of it.
//! let values = Values { prompt: "{token}; rm -rf /".into(), ..Values::default() };
//! assert_eq!(fill("--prompt={prompt}", &values), "--prompt={token}; rm -rf /");
//!
//! // No agent gets what opens a forge.
//! assert_eq!(allowed("EDITOR"), Ok(()));
//! assert_eq!(allowed("GITHUB_TOKEN"), Err(Refused::Credential));
//! ```

mod agent;
mod chores;
mod environment;
mod error;
mod folder;
mod job;
mod leftovers;
mod life;
mod output;
mod pause;
mod process;
mod ready;
mod report;
mod settings;
mod strays;
mod template;
mod verdict;
mod watch;

pub use environment::{PASSED, Refused, allowed};
pub use error::RunnerError;
pub use life::Runner;
pub use ready::{Preparation, Preparations};
pub use report::RunnerReport;
pub use settings::{DEFAULT_AGENT, RunnerSettings};
pub use template::{Values, fill};
