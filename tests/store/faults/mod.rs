//! What a worker sees when the database lets it down for a moment: nothing. And what it asks when it does not.

mod away;
mod commits;
mod house;
mod locks;
mod proxy;
mod trips;
