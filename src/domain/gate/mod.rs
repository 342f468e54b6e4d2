//! The verify gate: no job is DONE without [`Passed`], and only the gate makes one.

mod aggregate;
mod blocker;
mod evidence;
mod judge;
mod passed;
mod policy;

pub use aggregate::{Line, judge_sprint};
pub use blocker::{Blocker, Label, Reason};
pub use evidence::Evidence;
pub(in crate::domain) use judge::examine;
pub use judge::{Head, Shut, exempt, judge, waive, weigh};
pub use passed::{Grounds, Passed};
pub use policy::{Policy, Required, SUMMARY_MIN};
