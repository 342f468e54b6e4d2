//! Every machine with data of its own: born, moved through typed moves, and read back after each as it was decided.

mod effects;
mod executions;
mod ideas;
mod moved;
mod people;
mod pull_requests;
mod questions;
mod salvages;
mod workers;
mod worktrees;
