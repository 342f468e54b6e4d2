//! Stories of the main job, on a real database file and real repositories, told in the domain's verbs.

mod audit;
mod backlog;
mod busy;
mod cascade;
mod cascade_plan;
mod effects;
mod events;
mod fences;
mod gate;
mod happy;
mod hostile_plans;
mod leases;
mod order;
mod push;
mod refusals;
mod replay;
mod tidy;
mod usage;
pub(crate) mod world;
