//! Products and their clones.

mod add;
mod choose;
mod clone;
mod command;
mod list;
mod set;
mod shown;
mod strategy;

pub(super) use choose::{choose, id_of};
pub(super) use command::{Command, run};
