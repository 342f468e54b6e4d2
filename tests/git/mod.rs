//! Worktrees, vaults and pushes on real repositories.

mod diff;
mod fifo;
mod ground;
mod hostile;
mod http;
mod killed;
mod make;
mod publish;
mod salvage;
