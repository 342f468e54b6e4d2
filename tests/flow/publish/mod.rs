//! Pull requests of branches, from the push of a job to the merge, at a forge that behaves like the real ones.

mod archived;
mod asked;
mod conflict;
mod orders;
mod people;
mod places;
mod poll;
mod reopened;
mod sprint;
mod story;
mod unverified;
mod wait;
