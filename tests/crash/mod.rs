//! Real processes of the program, killed in the middle of what they do.

mod agents;
mod kill;
mod life;
mod locks;
mod push;
mod random;
mod server;
mod shop;
