//! Every integration test, in one binary.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod architecture;
mod cli;
mod conformance;
mod crash;
mod demo;
mod docs;
mod flow;
mod forge;
mod git;
mod mcp;
mod runner;
mod store;
mod until;
