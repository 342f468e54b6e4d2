//! What lies on this machine's disk for attempts: whose it is, and whether it stays or goes. One judgement serves
//! whoever asks: the list shows it, a person's and an agent's clean-up carry it out, and so do the chores and the effect
//! that a cancelled attempt leaves.

mod clean;
mod clear;
mod judge;
mod list;
mod view;

pub(super) use clear::Cleared;
