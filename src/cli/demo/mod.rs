//! The demo: the whole life of jobs on a throw-away set-up, told while it happens, and checked at the end.

mod cast;
mod command;
mod dialogue;
mod expect;
mod finale;
mod git;
mod screen;
mod script;
mod stage;
mod told;
mod voice;
mod watch;

pub(super) use command::{Args, run};
pub(super) use script::{play, play_victim};
