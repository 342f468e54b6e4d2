//! Jobs.

mod cancel;
mod command;
mod list;
mod rows;
mod show;
mod which;

pub(super) use command::{Command, run};
pub(super) use rows::jobs_table;
pub(super) use which::{JobArg, which};
