//! What a worker sees when the database lets it down for a moment: nothing.

mod away;
mod commits;
mod house;
mod locks;
mod proxy;
