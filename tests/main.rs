//! Every integration test, in one binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod architecture;
mod branch;
mod cli;
mod crash;
mod demo;
mod docs;
mod domain;
mod flow;
mod git;
mod mcp;
mod remote;
mod runner;
mod store;
mod verify;
