//! Real processes of the program, killed in the middle of what they do.

mod agents;
mod claims;
mod effects;
mod fleet;
mod kill;
mod life;
mod locks;
mod push;
mod races;
mod random;
mod seeded;
mod server;
mod shop;
mod steps;
mod worktree;
