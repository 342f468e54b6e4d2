//! Makes everything that the other commands need; safe to repeat.

mod command;
mod enrol;
mod report;

pub(super) use command::{Args, run};
