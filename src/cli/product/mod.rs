//! Products and their clones.

mod add;
mod choose;
mod clone;
mod command;
mod list;

pub(super) use choose::{choose, id_of};
pub(super) use command::{Command, run};
