//! The law as documents: each format a pure function from the edges to text.

mod command;
mod csv;
mod markdown;
mod mermaid;
mod page;
mod sql;

pub(super) use command::{Args, run};
pub use csv::csv;
pub use markdown::markdown;
pub use mermaid::mermaid;
pub use page::page;
pub use sql::sql;
