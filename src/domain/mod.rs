//! The rules, without IO, clock, randomness or async: what may happen, to what, and what follows.

pub mod actor;
pub mod attempt;
pub mod backlog;
pub mod backoff;
pub mod branch;
pub mod cascade;
pub mod commit;
pub mod eligibility;
pub mod gate;
pub mod id;
pub mod job;
pub mod job_config;
pub mod law;
pub mod machine;
pub mod plan_doc;
pub mod preflight;
pub mod remote;
pub mod rollup;
pub mod run;
pub mod shift;
pub mod task;
pub mod time;
pub mod verify;
