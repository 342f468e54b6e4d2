//! What ended long ago leaves for archives outside of the database: written, recorded, removed, and checked again.

mod absent;
mod copies;
mod draft;
mod leave;
mod place;
mod read;
mod remove;
mod together;
mod unit;

pub(in crate::flow) use absent::{absent, absent_job, effect_left};
pub use leave::Archive;
pub use read::read_archive;
