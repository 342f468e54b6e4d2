//! The commands about effects.

mod command;
mod dismiss;
mod list;
mod perform;
mod retry;
mod rows;
mod show;

pub(crate) use command::{Command, run};
