//! The rules: every matrix a second time, by hand, and random walks that try to break what must always hold.

mod actors;
mod aggregate;
mod backoff;
mod branches;
mod cascade;
mod checkpoints;
mod eligibility;
mod events;
mod forge;
mod gate;
mod idea_jobs;
mod ideas;
mod job_config;
mod jobs;
mod leases;
mod machines;
mod plan_doc;
mod pushes;
mod replay;
mod rollup;
mod rows;
mod runs;
mod texts;
mod usage;
mod walk;
mod walks;
