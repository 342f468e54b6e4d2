//! Whoever works is killed before each of its steps, and somebody goes on: the end is the same as without a kill.

mod end;
mod ground;
mod lives;
mod matrix;
mod traced;
