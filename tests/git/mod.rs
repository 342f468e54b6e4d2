//! Worktrees, vaults and pushes on real repositories.

mod backend;
mod conflicts;
mod deep;
mod delete;
mod diff;
mod fifo;
pub(crate) mod ground;
mod hostile;
mod http;
mod killed;
mod make;
mod merging;
mod names;
mod notices;
mod oracle;
mod product_trees;
mod publish;
mod pushes;
mod restore;
mod revert;
mod salvage;
mod slow;
mod touched;
mod trailers;
