//! The integration tests, one binary; one file a subject.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod branch;
mod git;
mod remote;
