//! The MCP shell, through its wire.

mod arguments;
mod eras;
mod house;
mod law;
mod listed;
mod raw;
mod refusals;
mod socket;
