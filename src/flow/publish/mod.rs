//! The publication of branches, and the pull requests that people name.

mod pbi;
mod refusal;

pub use refusal::PrRefusal;
