//! The MCP shell: agents reach the use cases as tools. It parses, calls one verb of `flow` and renders; it decides
//! nothing.

mod arguments;
mod bridge;
mod call;
mod client;
mod error;
mod greeting;
mod law;
mod once;
mod schema;
mod serve;
mod server;
mod socket;
mod stdio;
mod tools;
mod watched;

pub use arguments::read_arguments;
pub use bridge::bridge_stdio;
pub use client::{Called, Client, Era};
pub use error::McpError;
pub use once::{call, call_socket};
pub use serve::{serve_stdio, serve_stream};
pub use server::McpServer;
pub use socket::Socket;
