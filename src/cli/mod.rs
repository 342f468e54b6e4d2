//! The command line: one command a file. Each parses, calls one use case, and prints its answer.

mod app;
mod audit;
mod board;
mod call;
mod cascade;
mod complain;
pub mod config;
mod demo;
mod demo_agent;
mod error;
mod explain;
mod globals;
mod hint;
mod import;
mod init;
mod input;
mod job;
mod mcp;
mod plain;
pub(crate) mod print;
mod product;
mod runner;
mod sprint;
mod start;
mod sweep;
pub(crate) mod table;
pub mod tables;
mod usage;
pub mod wiring;
mod worktree;

pub use app::Cli;
pub use error::CliError;
pub use start::main;
