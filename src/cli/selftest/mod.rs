//! Checks that a database holds what the store needs of it: a user's own server too.

mod command;
mod told;

pub(crate) use command::{Args, run};
