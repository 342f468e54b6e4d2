//! What every database of the store has to hold, as checks that run on any of them: written once, against
//! [`Store`](crate::store::Store), and told from what they see rather than from what they expect to have happened.
//!
//! A [`Check`] gets a [`Bench`]: an empty database of its own, on which it may open as many stores as it likes, each
//! with connections of its own as another process would have them, whose clock it sets, and past whose layers it may
//! speak SQL. It answers with counts ([`Seen`]), or says what it expected and what it saw ([`Failed`]). The tests of
//! the crate run each check on each database at [`Scale::BRIEF`]; `sprintgate selftest` runs them at [`Scale::FULL`]
//! on a file that is thrown away, or in a schema of its own on a user's server.
//!
//! What a database differs in stands in the module of its name. The use cases of [`flow`](crate::flow) are driven
//! where a promise is theirs (a cascade, a roll-up, a sweep), over the same interface.

mod bench;
mod boundaries;
mod branches;
mod cascades;
mod check;
mod claims;
mod closing;
mod cut;
mod difference;
mod failed;
mod folder;
mod ground;
mod lengths;
mod limits;
pub mod matrix;
mod pages;
mod postgres;
mod random;
mod replays;
mod repository;
mod roll_ups;
mod run;
mod run_ends;
mod seen;
mod shop;
mod sqlite;
mod sweeps;
mod use_cases;
mod worker;

pub use bench::{Bench, Picture, Raw, Spelling};
pub use check::{CHECKS, Check, Scale};
pub use failed::Failed;
pub use postgres::{SPELLING as POSTGRES, Schema, clean, left_over};
pub use run::{Database, Outcome, run};
pub use seen::Seen;
pub use sqlite::SPELLING as SQLITE;
