//! Every machine, a file each: its matrix a second time, by hand, and every typed move made once; `forge` is what pull
//! requests ask of theirs. `proof` and `written` hold what they have in common.

mod attempt;
mod effect;
mod every;
mod forge;
mod idea;
mod job;
mod pbi;
mod proof;
mod pull_request;
mod question;
mod sprint;
mod sprint_run;
mod story;
mod task;
mod task_execution;
mod worker;
mod worktree;
mod written;
