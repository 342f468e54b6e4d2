//! Story, product backlog item and sprint: machines whose status is derived from what lies beneath them, by
//! level and reversibly. Their one event is `derive`, beside the few that people fire.
//!
//! They have no typed states, because nothing but the status is true in them: a module has `level`, what the
//! thing is, and `derive`, the [`Shift`](super::shift::Shift) that makes it so, or nothing when it is that
//! already. [`rollup`](super::rollup) derives everything above a task in one go.

pub mod pbi;
pub mod sprint;
pub mod story;
