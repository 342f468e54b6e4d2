//! Random walks over a whole small world: a backlog, sprints, runs, jobs, attempts, workers and a clock, with weighted
//! events of which a third are hostile, and every invariant checked after each step.
//!
//! `world` is what there is, `store` writes changes as a database would (guarded, with a ledger), `follow` does what
//! follows from a job's move in the order of `src/flow`, `act` is what can be tried, `play` tries it, `oracle` knows by
//! hand how it must end, `invariants` is what must always hold, `corrupt` proves that each of them can fail.

mod act;
mod corrupt;
mod follow;
mod generate;
mod invariants;
mod oracle;
mod people;
mod play;
mod runs;
mod script;
mod snapshots;
mod store;
mod tell;
mod walk;
mod world;
