//! GitHub: REST for what it can, GraphQL for drafts and merges that wait.

mod errors;
mod graph;
mod merge;
mod rest;

pub(super) use rest::GitHub;
