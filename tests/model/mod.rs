//! A model of the claim protocol, checked exhaustively: workers, leases, crashes, pushes, a person and the sweeper
//! around the very functions of `sprintgate::domain`. `docs/model.md` tells what is modelled and what is not.

mod actions;
mod calls;
mod database;
mod follow;
pub(crate) mod graph;
mod job;
pub(crate) mod properties;
mod push;
mod reports;
mod run;
mod state;
pub(crate) mod world;

#[cfg(test)]
mod seeded;
#[cfg(test)]
mod worlds;
