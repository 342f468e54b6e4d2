//! Sprints.

mod command;
mod start;

pub(super) use command::{Command, run};
