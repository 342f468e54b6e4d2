//! Pull requests of branches, from the push of a job to the merge, at a forge that behaves like the real ones.

mod conflict;
mod poll;
mod story;
