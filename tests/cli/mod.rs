//! The command line: settings through the library, everything else through the real program.

mod audit;
mod concurrent;
mod config;
mod config_file;
mod config_props;
mod db;
mod effects;
mod events;
mod forges;
mod help;
pub(crate) mod home;
mod init;
mod life;
mod mcp;
mod output;
mod product;
mod refusals;
mod salvage;
mod server;
mod sweep;
mod tables;
mod tables_diff;
mod tables_svg;
mod worktree;
