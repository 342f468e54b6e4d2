//! Pull requests at forges, against a server that behaves like them.

mod answers;
mod close;
mod drafts;
mod find;
mod fixtures;
pub(crate) mod ground;
mod hosts;
mod limits;
mod merge;
mod refusals;
pub(crate) mod server;
mod tls;
