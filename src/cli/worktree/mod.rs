//! The commands about worktrees.

mod clean;
mod command;
mod list;
mod rows;

pub(crate) use command::{Command, run};
