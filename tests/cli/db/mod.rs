//! The commands about the database, through the real program, on a file and on a server.

mod archive;
mod backup;
mod check;
mod copy;
mod killed;
mod raw;
mod schema;
