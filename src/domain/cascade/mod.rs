//! What a failed job does to its siblings: a list made here, shown by whoever asks, and carried out by others. Its
//! cancellations are written in the transaction of the failure; the rest is done after it, step by step, each as
//! often as it takes (`original` 7).

mod group;
mod plan;
mod shown;
mod sibling;
mod starts;
mod step;
mod undo;

pub use plan::plan;
pub use sibling::{PrState, PullRequest, Sibling, Tie};
pub use starts::starts;
pub use step::{Because, Condition, Key, Planned, Step};
