//! The law as documents: each format a pure function from the machines to text.

mod clauses;
mod command;
mod csv;
pub mod diff;
mod dot;
mod json;
mod markdown;
mod mermaid;
mod page;
mod picture;
mod sql;

pub(super) use command::{Args, run};
pub use csv::csv;
pub use dot::dot;
pub use json::{FORMAT, json};
pub use markdown::markdown;
pub use mermaid::mermaid;
pub use page::{card, page};
pub use picture::svg;
pub use sql::sql;
