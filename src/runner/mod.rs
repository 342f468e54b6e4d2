//! The runner: claims a job, starts an agent for it in a process group of its own, keeps the lease alive, and leaves
//! no job and no process behind. It decides nothing about jobs; every decision is a use case of `flow`.

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
mod report;
mod settings;
mod strays;
mod template;
mod verdict;
mod watch;

pub use environment::{PASSED, Refused, allowed};
pub use error::RunnerError;
pub use life::Runner;
pub use report::RunnerReport;
pub use settings::{DEFAULT_AGENT, RunnerSettings};
pub use template::{Values, fill};
