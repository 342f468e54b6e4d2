//! The rules, without IO, clock, randomness or async: what may happen, to what, and what follows.

pub mod actor;
pub mod backoff;
pub mod commit;
pub mod gate;
pub mod id;
pub mod job;
pub mod machine;
pub mod time;
pub mod verify;
