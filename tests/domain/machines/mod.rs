//! Every machine, a file each: its matrix a second time, by hand, and every typed move made once. `proof` holds what
//! they have in common.

mod attempt;
mod every;
mod job;
mod pbi;
mod proof;
mod sprint;
mod sprint_run;
mod story;
mod task;
