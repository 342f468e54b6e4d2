//! What was kept of attempts before their worktrees went: for people who look for it, want it back, or are done with
//! it.

mod list;
mod prune;
mod restore;
mod show;

pub use prune::PruneSalvages;
