//! Every machine, a file each: its matrix a second time, by hand, and every typed move made once. `proof` holds what
//! they have in common.

mod every;
mod job;
mod proof;
mod pull_request;
mod sprint_run;
mod task_execution;
mod worktree;
