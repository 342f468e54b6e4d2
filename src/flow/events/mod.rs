//! What other programs are told: the outbox read in order, by readers that keep their place or do not; what was handled
//! and is old goes.

mod consumers;
mod prune;
mod reader;
mod relay;

pub(super) use consumers::{consumers, held_back_by};
pub(super) use prune::prunable;
pub use prune::{EVENTS_KEPT, Pruned};
pub use reader::EventReader;
#[cfg(feature = "cli")]
pub(crate) use relay::say_on;
