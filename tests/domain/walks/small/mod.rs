//! Walks of the machines that stand beside the backlog, all by one pattern: three things of a machine, random events
//! with random arguments, and after each what must hold of every machine and of this one.

mod effect;
mod pull_request;
mod question;
mod walker;
mod worker;
mod worktree;
