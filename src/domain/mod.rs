//! The rules, without IO, clock, randomness or async: what may happen, to what, and what follows.

pub mod actor;
pub mod branch;
pub mod commit;
pub mod id;
pub mod machine;
pub mod remote;
pub mod time;
pub mod verify;
