//! The commands about events.

mod command;
mod consumers;
mod forget;
mod prune;
mod tail;

pub(crate) use command::{Command, run};
pub(in crate::cli) use consumers::held_back;
