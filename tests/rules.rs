//! The tests of the core. Apart from the others, because they need no feature: they build and run in seconds, which
//! is what mutation testing lives on.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod branch;
mod defects;
mod domain;
mod model;
mod mutants;
mod remote;
mod verify;
