//! Every machine, a file each: its matrix a second time, by hand, and every typed move made once. `proof` holds what
//! they have in common.

mod effect;
mod every;
mod job;
mod proof;
mod question;
mod sprint_run;
mod worker;
