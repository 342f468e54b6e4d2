//! The commands about salvaged work.

mod command;
mod list;
mod prune;
mod restore;
mod rows;
mod show;

pub(crate) use command::{Command, run};
