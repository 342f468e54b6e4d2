//! Sprints.

mod command;
mod resume;
mod start;

pub(super) use command::{Command, run};
