//! Branches that jobs work on: what they may be called, and which one a job gets.

mod choice;
mod name;

pub use choice::{Ask, Choice, Sibling, Start, choose};
pub use name::{BadBranchName, BranchName};
