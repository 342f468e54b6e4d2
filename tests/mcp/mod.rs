//! The MCP shell, through its wire.

mod arguments;
mod bridged;
mod eras;
mod gone;
mod house;
mod land;
mod law;
mod listed;
mod raw;
mod refusals;
mod socket;
mod way;
