//! The command line: one command a file. Each parses, calls one use case, and prints its answer.
//!
//! [`main`] is the program from its start to its exit status. The shell imports `domain`,
//! [`flow`](crate::flow), [`mcp`](crate::mcp) and [`runner`](crate::runner); [`wiring`] alone names the
//! adapters, to put them together. [`config`] finds the settings, and [`tables`] makes the documents of the
//! law.
//!
//! The promise: stdout has the answer and nothing else, as JSON where that is asked for; what users and
//! agents wrote cannot command a terminal; an error has its code and what a person can do, and never tells
//! how to weaken a gate.
//!
//! ```
//! use sprintgate::cli::tables::csv;
//! use sprintgate::domain::law::machines;
//!
//! let text = csv(&machines());
//! let lines: Vec<&str> = text.lines().collect();
//! assert_eq!(lines[0], "machine,from,event,to,who,by_move,when,writes,emits");
//! assert!(lines[1].starts_with("job,QUEUED,claim,CLAIMED,worker,claim,"));
//! ```

mod age;
mod app;
mod audit;
mod board;
mod call;
mod cascade;
mod complain;
pub mod config;
mod db;
mod demo;
mod demo_agent;
mod effects;
mod error;
mod events;
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
mod salvage;
mod selftest;
mod size;
mod span;
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
