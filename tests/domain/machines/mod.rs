//! Every machine, a file each: its matrix a second time, by hand, and every typed move made once. `proof` holds what
//! they have in common.

mod effect;
mod every;
mod idea;
mod job;
mod proof;
mod pull_request;
mod question;
mod sprint_run;
mod task_execution;
mod worker;
mod worktree;
