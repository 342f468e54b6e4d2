//! The job lifecycle for coding agents.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

#[cfg(feature = "cli")]
pub mod cli;
pub mod domain;
#[cfg(feature = "flow")]
pub mod flow;
#[cfg(feature = "git")]
pub mod git;
#[cfg(feature = "mcp")]
pub mod mcp;
#[cfg(feature = "runner")]
pub mod runner;
#[cfg(feature = "store")]
pub mod store;
