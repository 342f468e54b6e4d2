//! What one law has and another has not.

mod change;
mod command;
mod fact;
mod law;
mod text;

pub use change::{Change, diff};
pub(in crate::cli) use command::{Args, run};
pub use fact::{Fact, Facts, Said};
pub use law::{Clause, Edge, Law, Machine, Unusable, Word, read};
pub use text::text;
