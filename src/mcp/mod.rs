//! The MCP shell: agents reach the use cases as tools. It parses, calls one verb of [`flow`](crate::flow) and
//! renders; it decides nothing.
//!
//! An [`McpServer`] serves one client, over standard input and output or over the [`Socket`] of a runner. It
//! imports `domain` for words, [`reading`](crate::reading) for arguments and `flow` for everything else. The law is there to be read, too: each machine
//! is a resource, `transitions://<machine>`.
//!
//! The promise: what does not fit is refused by the name of the field, a refusal is an answer in the same
//! coded form as `flow` gives it, and a call that has begun ends by itself, whoever stopped waiting.
//!
//! ```
//! use sprintgate::mcp::McpServer;
//!
//! let tools = McpServer::tools();
//! assert!(tools.iter().any(|tool| tool.name == "wait_for_job"));
//! ```

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

pub use bridge::bridge_stdio;
pub use client::{Called, Client, Era};
pub use error::McpError;
pub use once::{call, call_socket};
pub use serve::{serve_stdio, serve_stream};
pub use server::McpServer;
pub use socket::Socket;
