//! The database, for those who keep it.

mod archive;
mod backup;
mod check;
mod command;
mod copy;
mod migrate;
mod status;

pub(super) use command::{Command, run};
