//! The ledger, for those who check it.

mod archive;
mod checkpoint;
mod command;
mod export;
mod replay;
mod rows;
mod tail;
mod verify;

pub(super) use command::{Command, run};
