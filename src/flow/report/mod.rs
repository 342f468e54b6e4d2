//! `update_job_status`: what a worker reports of its job, an outcome a file.

mod answer;
mod done;
#[cfg(feature = "cli")]
mod done_apart;
mod failed;
mod intake;
mod push;
mod running;
mod skipped;
mod update;
