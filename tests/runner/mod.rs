//! The runner, with real shells as agents.

mod cancel;
mod ends;
mod environment;
mod folder;
mod house;
mod leftovers;
mod output;
mod ready;
mod stop;
mod template;
