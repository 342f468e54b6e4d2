//! Worktrees, vaults and pushes on real repositories.

mod diff;
mod fifo;
pub(crate) mod ground;
mod hostile;
mod http;
mod killed;
mod make;
mod names;
mod notices;
mod publish;
mod salvage;
