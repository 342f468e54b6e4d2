//! Eight workers at once, while what they depend on is ended under them again and again. A run takes as many seconds as
//! `SPRINTGATE_FAULT_SECONDS` says, 6 otherwise, and prints what it did.

mod cluster;
mod runner;
mod runs;
mod tally;
mod worker;
